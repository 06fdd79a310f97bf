"""Requests of organisations to join: confirmed by mail, and decided once by who may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.invitations import accept_invitation, find_invitation
from app.access.principal import Grant, Principal, Role
from app.access.queries import get_principal
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.organisations.actions import register_organisation
from app.organisations.joining import (
    LIFETIME,
    ask_to_join,
    confirm_request,
    delete_old_requests,
    find_unconfirmed,
    list_requests,
    refuse_request,
    verify_request,
)
from app.organisations.queries import find_mailbox
from tests.support.organisations import make_municipality, make_principal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMPANY = {
    "name": "Camerabedrijf BV",
    "organisationType": "company",
    "kvkNumber": "12345678",
    "publicEmail": "info@camerabedrijf.example",
}


def ask(session: Session, organisation: dict[str, Any] | None = None, **changed: Any) -> str:
    given = {
        "municipality_code": "GM0363",
        "person_name": "Noor de Vries",
        "person_email": "Noor@camerabedrijf.example",
        "language": "en",
    }
    return ask_to_join(session, organisation or COMPANY, now=NOW, **given | changed)


@pytest.fixture
def fatima(session: Session) -> Principal:
    return make_principal(session, None, "administrator")


def test_verified_organisation_has_its_first_person(session: Session, fatima: Principal) -> None:
    secret = ask(session)
    assert list_requests(session, fatima) == []
    assert find_unconfirmed(session, secret, NOW) == "Camerabedrijf BV"
    request = confirm_request(session, secret, NOW)
    assert find_unconfirmed(session, secret, NOW) is None
    assert [one.id for one in list_requests(session, fatima)] == [request.id]
    invitation = find_invitation(session, verify_request(session, fatima, request.id, NOW), NOW)
    assert invitation is not None
    assert (invitation.email, invitation.language) == ("noor@camerabedrijf.example", "en")
    person = get_principal(session, accept_invitation(session, invitation.id, None, NOW))
    assert invitation.organisation_id is not None
    mailbox = find_mailbox(session, invitation.organisation_id)
    assert mailbox is not None
    assert mailbox.language == "en"
    assert person.grants == {
        Grant("editor", invitation.organisation_id),
        Grant("administrator", invitation.organisation_id),
    }
    assert list_requests(session, fatima) == []
    with pytest.raises(Conflict):
        refuse_request(session, fatima, request.id, reason="Toch niet", now=NOW)


def test_link_confirms_once_and_in_time(session: Session) -> None:
    secret = ask(session)
    for wrong, now in (("x" * 43, NOW), (secret, NOW + LIFETIME)):
        with pytest.raises(NotFound):
            confirm_request(session, wrong, now)
    confirm_request(session, secret, NOW)
    with pytest.raises(NotFound):
        confirm_request(session, secret, NOW)


@pytest.mark.parametrize(
    ("role", "code", "organisation", "decides"),
    [
        ("editor", "GM0363", COMPANY, True),
        ("administrator", "GM0363", COMPANY, True),
        ("reviewer", "GM0363", COMPANY, False),
        ("auditor", "GM0363", COMPANY, False),
        ("editor", "GM0344", COMPANY, False),
        # It could publish at once inside the boundary of a municipality.
        (
            "administrator",
            "GM0363",
            {
                "name": "Gemeente Utrecht",
                "organisationType": "municipality",
                "tooiCode": "gm0344",
                "publicEmail": "info@utrecht.example",
            },
            False,
        ),
    ],
)
def test_municipality_decides_on_companies_that_will_notify_it(
    session: Session, role: Role, code: str, organisation: dict[str, Any], decides: bool
) -> None:
    principal = make_principal(session, make_municipality(session, code, f"Gemeente {code}"), role)
    request = confirm_request(session, ask(session, organisation), NOW)
    assert [one.id for one in list_requests(session, principal)] == ([request.id] if decides else [])
    if decides:
        assert verify_request(session, principal, request.id, NOW)
    else:
        with pytest.raises(NotFound):
            verify_request(session, principal, request.id, NOW)
        with pytest.raises(NotFound):
            refuse_request(session, principal, request.id, reason="Nee", now=NOW)


def test_organisation_that_is_there_does_not_join_again(session: Session, fatima: Principal) -> None:
    request = confirm_request(session, ask(session), NOW)
    register_organisation(session, COMPANY | {"name": "Een andere naam BV"}, principal_id=None)
    with pytest.raises(Conflict):
        verify_request(session, fatima, request.id, NOW)
    assert refuse_request(session, fatima, request.id, reason="Is er al", now=NOW).id == request.id


@pytest.mark.parametrize(
    ("organisation", "changed", "locations"),
    [
        ({}, {}, ["/organisationType", "/name", "/publicEmail", "/identifier"]),
        (COMPANY | {"kvkNumber": "123"}, {}, ["/kvkNumber"]),
        (COMPANY | {"organisationType": "private_person"}, {}, ["/organisationType"]),
        (COMPANY, {"person_name": " ", "person_email": "noor"}, ["/personName", "/personEmail"]),
    ],
)
def test_request_with_problems_names_all(
    session: Session, organisation: dict[str, Any], changed: dict[str, Any], locations: list[str]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        ask_to_join(
            session,
            organisation,
            municipality_code=None,
            language="nl",
            now=NOW,
            **{"person_name": "Noor", "person_email": "noor@example.org"} | changed,
        )
    found = [one.location for one in refused.value.problems]
    assert sorted(found)[: len(locations)] == sorted(locations)[: len(found)]


def test_requests_are_forgotten(session: Session, fatima: Principal) -> None:
    ask(session)
    waiting = confirm_request(session, ask(session), NOW)
    decided = confirm_request(session, ask(session), NOW)
    refuse_request(session, fatima, decided.id, reason="Nee", now=NOW)

    def count() -> int:
        return int(session.scalar(text("SELECT count(*) FROM register.join_request")) or 0)

    assert count() == 3
    delete_old_requests(session, NOW + LIFETIME)
    assert count() == 2
    delete_old_requests(session, NOW + timedelta(days=30))
    assert count() == 1
    assert [one.id for one in list_requests(session, fatima)] == [waiting.id]
