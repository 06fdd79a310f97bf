"""The receipt: on screen, as PDF, by mail, and for no one else."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.access.invitations import find_invited_address
from tests.support.workplace import Editor, Workplaces, open_session, open_workplaces, register_one


def test_receipt_has_number_moment_and_answers(eva: Editor) -> None:
    code = register_one(eva)
    page = eva.get(f"/mijn/ontvangst/{code}").text
    assert code in page
    assert "staat nu openbaar in het register" in page
    assert "later dan gevraagd" in page
    assert "<dt>Wat meet de sensor?</dt><dd>Geluid in decibel</dd>" in page
    assert f'href="/s/{code}"' in page


def test_receipt_is_a_pdf_too(eva: Editor) -> None:
    code = register_one(eva)
    answer = eva.get(f"/mijn/ontvangst/{code}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.content.startswith(b"%PDF")


def test_receipt_of_what_is_not_public_is_for_its_owner_alone(workplaces: Workplaces, eva: Editor) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(carla, waar={"location": "51,9225, 4,4792"})
    assert "beoordeelt de registratie" in carla.get(f"/mijn/ontvangst/{code}").text
    assert eva.get(f"/mijn/ontvangst/{code}").status_code == 404
    assert eva.get(f"/mijn/ontvangst/{code}.pdf").status_code == 404
    assert eva.get("/mijn/ontvangst/2222222").status_code == 404


@pytest.mark.parametrize("has_address", [True, False])
def test_receipt_is_sent_to_an_address_that_is_known(fresh_database: str, *, has_address: bool) -> None:
    with open_workplaces(fresh_database, mail_host="mail.invalid", mail_from="a@register.example") as found:
        eva = found.sign_in("eva")
        if has_address:
            invite(found, "eva@amsterdam.example")
        code = register_one(eva)
        with open_session(fresh_database) as session:
            mails = session.execute(text("SELECT receiver, subject, body FROM register.outgoing_mail")).all()
    assert len(mails) == has_address
    for mail in mails:
        assert (mail.receiver, mail.subject) == (
            "eva@amsterdam.example",
            f"Ontvangstbevestiging sensor {code}",
        )
        assert re.search(rf"^http://127.0.0.1:8000/mijn/ontvangst/{code}$", mail.body, re.MULTILINE)


def invite(workplaces: Workplaces, email: str) -> None:
    """Let the person who is signed in have accepted an invitation by mail."""
    with open_session(workplaces.url) as session:
        person = session.execute(text("SELECT id FROM register.principal WHERE name = 'Eva'")).scalar_one()
        session.execute(
            text(
                "INSERT INTO register.invitation (token_hash, name, email, role, expires_at, accepted_by, ended_at)"
                " VALUES (sha256('a'), 'Eva', :email, 'editor', :now, :person, :now)"
            ),
            {"email": email, "person": person, "now": datetime.now(UTC)},
        )
        assert find_invited_address(session, person) == email
