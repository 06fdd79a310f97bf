"""The receipt: on screen, as PDF, by mail, and for no one else."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import text

from app.access.invitations import find_invited_address
from app.core.clock import dutch_date
from tests.support.workplace import (
    Editor,
    Workplaces,
    list_steps,
    open_session,
    open_workplaces,
    register_one,
)


def test_receipt_has_number_moment_and_answers(eva: Editor) -> None:
    code = register_one(eva)
    page = eva.get(f"/mijn/ontvangst/{code}").text
    assert code in page
    assert "staat nu openbaar in het register" in page
    assert "later dan gevraagd" in page
    assert re.search(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}", page)
    assert "<dt>Wat meet de sensor?</dt><dd>Geluid in decibel</dd>" in page
    assert f'href="/s/{code}"' in page


def test_receipt_is_a_pdf_too(eva: Editor) -> None:
    code = register_one(eva)
    answer = eva.get(f"/mijn/ontvangst/{code}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert pdf.Root.Lang == "nl"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot.K
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == f"Ontvangstbevestiging {find_number(eva, code)}"


def find_number(editor: Editor, code: str) -> str:
    """The number of the newest receipt of a registration, as it is printed."""
    found = re.search(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}", editor.get(f"/mijn/ontvangst/{code}").text)
    assert found
    return found[0]


def test_receipt_has_an_address_of_its_own_and_the_old_one_leads_to_the_newest(eva: Editor) -> None:
    code = register_one(eva)
    first = find_number(eva, code)
    path = start_draft_of_change(eva, code)
    eva.post(f"{path}/wat", **(list_steps()["wat"] | {"name": "Een nieuwe naam"}), versie="9999")
    assert eva.post(f"{path}/controleren").status_code == 303
    second = find_number(eva, code)
    assert first != second
    for number, name in ((first, "Geluid op de Dam"), (second, "Een nieuwe naam")):
        for typed in (number, number.replace("-", "").lower()):
            assert f"<dd>{name}</dd>" in eva.get(f"/mijn/ontvangst/{typed}").text


def start_draft_of_change(editor: Editor, code: str) -> str:
    answer = editor.post("/mijn/registreren/wijzigen", sensor=code)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[0]


def test_list_of_receipts_is_of_the_own_organisation(workplaces: Workplaces, eva: Editor) -> None:
    assert "geen bevestiging" in eva.get("/mijn/ontvangst").text
    code = register_one(eva)
    number = find_number(eva, code)
    page = eva.get("/mijn/ontvangst").text
    assert f'href="/mijn/ontvangst/{number.replace("-", "")}">{number}</a>' in page
    assert number in eva.get("/mijn/ontvangst/download").text
    for address in ("/mijn/ontvangst?bladzijde=2", "/mijn/ontvangst?bladzijde=x", "/en/mijn/ontvangst"):
        assert eva.get(address).status_code == 200
    carla = workplaces.sign_in("carla", workplaces.company)
    for address in ("/mijn/ontvangst", "/mijn/ontvangst/download"):
        assert number not in carla.get(address).text
    assert carla.get(f"/mijn/ontvangst/{number}").status_code == 404


def test_list_of_receipts_says_what_was_on_time(workplaces: Workplaces) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    today = dutch_date()
    days = {True: today + timedelta(days=90), False: today - timedelta(days=3)}
    for is_on_time, day in days.items():
        period = {"placedFrom": day.isoformat(), "activeUntil": (today + timedelta(days=400)).isoformat()}
        register_one(carla, wat={"reference": f"op tijd {is_on_time}"}, hoe_lang=period)
        newest = carla.get("/mijn/ontvangst").text.partition("<tbody>")[2].partition("</tr>")[0]
        assert ("<td>ja</td>" in newest) is is_on_time
        assert ("te laat</td>" in newest) is not is_on_time


def test_auditor_of_the_owner_sees_its_receipts(workplaces: Workplaces, eva: Editor) -> None:
    number = find_number(eva, register_one(eva))
    anna = workplaces.sign_in("anna", role="auditor")
    assert number in anna.get("/mijn/ontvangst").text
    for reader, offers in ((eva, True), (anna, False)):
        answer = reader.get(f"/mijn/ontvangst/{number}")
        assert answer.status_code == 200
        for words in ("Wijzig deze registratie", "trek de registratie in", "Draag deze sensor over"):
            assert (words in answer.text) is offers, words
    assert anna.get(f"/mijn/ontvangst/{number}.pdf").status_code == 200


def test_registration_from_before_there_were_receipts_has_its_page(
    workplaces: Workplaces, eva: Editor
) -> None:
    code = register_one(eva)
    with open_session(workplaces.url) as session:
        session.execute(text("DELETE FROM register.receipt"))
    page = eva.get(f"/mijn/ontvangst/{code}").text
    assert "<h1>Registratie</h1>" in page
    assert "<dd>Geluid in decibel</dd>" in page
    assert eva.get(f"/mijn/ontvangst/{code}.pdf").status_code == 200


def test_receipt_of_what_is_not_public_is_for_its_owner_alone(workplaces: Workplaces, eva: Editor) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(carla, waar={"location": "51,9225, 4,4792"})
    assert "beoordeelt de registratie" in carla.get(f"/mijn/ontvangst/{code}").text
    number = find_number(carla, code)
    for named in (code, number):
        assert eva.get(f"/mijn/ontvangst/{named}").status_code == 404
        assert eva.get(f"/mijn/ontvangst/{named}.pdf").status_code == 404
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
        found_number = re.search(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}", mail.body)
        assert found_number
        number = found_number[0].replace("-", "")
        assert re.search(rf"^http://127.0.0.1:8000/mijn/ontvangst/{number}$", mail.body, re.MULTILINE)


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
