"""The stored part of a sign-in, and the person who comes back from the provider."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.endings import end_principal
from app.access.invitations import find_invitation, invite_person
from app.access.oidc.relying_party import StartedSignIn, start_sign_in
from app.access.oidc.tokens import Identity
from app.access.sign_in import LIFETIME, recognise_person, store_sign_in, take_sign_in
from app.core.errors import NotFound, NotPermitted

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
NOOR = Identity("https://login.example", "noor", "s-1", "Noor de Vries", "noor@leiden.example")


def store(session: Session, started: StartedSignIn, now: datetime = NOW) -> None:
    store_sign_in(session, started, browser_secret="browser", return_to="/mijn", invitation_id=None, now=now)


def invite(session: Session) -> UUID:
    secret = invite_person(
        session,
        invited_by=None,
        name="Noor",
        email="noor@leiden.example",
        role="administrator",
        organisation_id=None,
        now=NOW,
    )
    found = find_invitation(session, secret, NOW)
    assert found is not None
    return found.id


def test_browser_that_began_takes_its_sign_in_once(session: Session) -> None:
    started = start_sign_in()
    store(session, started)
    found = take_sign_in(session, started.state, "browser", NOW)
    assert found is not None
    assert (found.started, found.return_to) == (started, "/mijn")
    assert take_sign_in(session, started.state, "browser", NOW) is None


def test_state_in_another_browser_finds_nothing_and_stays_for_its_own(session: Session) -> None:
    started = start_sign_in()
    store(session, started)
    assert take_sign_in(session, started.state, "another browser", NOW) is None
    assert take_sign_in(session, start_sign_in().state, "browser", NOW) is None
    assert take_sign_in(session, started.state, "browser", NOW) is not None


def test_sign_in_that_took_too_long_is_forgotten(session: Session) -> None:
    started = start_sign_in()
    store(session, started)
    assert take_sign_in(session, started.state, "browser", NOW + LIFETIME) is None
    store(session, start_sign_in(), NOW + LIFETIME)
    assert take_sign_in(session, started.state, "browser", NOW) is None


def test_unknown_person_is_refused(session: Session) -> None:
    with pytest.raises(NotPermitted):
        recognise_person(session, NOOR, None, NOW)


def test_invited_person_is_recognised_afterwards_by_issuer_and_subject(session: Session) -> None:
    person = recognise_person(session, NOOR, invite(session), NOW)
    moved = Identity(NOOR.issuer, NOOR.subject, "s-2", "N. Bakker", "bakker@leiden.example")
    assert recognise_person(session, moved, None, NOW) == person


@pytest.mark.parametrize(
    "other",
    [
        Identity("https://other.example", "noor", None, "Noor de Vries", "noor@leiden.example"),
        Identity("https://login.example", "NOOR", None, "Noor de Vries", "noor@leiden.example"),
    ],
)
def test_same_address_at_another_identity_is_somebody_else(other: Identity, session: Session) -> None:
    recognise_person(session, NOOR, invite(session), NOW)
    with pytest.raises(NotPermitted):
        recognise_person(session, other, None, NOW)


def test_invitation_serves_one_person(session: Session) -> None:
    invitation = invite(session)
    recognise_person(session, NOOR, invitation, NOW)
    with pytest.raises(NotFound):
        recognise_person(session, Identity(NOOR.issuer, "jan", None, None, None), invitation, NOW)


def test_person_that_ended_comes_back_by_a_new_invitation_as_somebody_new(session: Session) -> None:
    first = recognise_person(session, NOOR, invite(session), NOW)
    end_principal(session, ended_by=None, principal_id=first, now=NOW, even_last=True)
    with pytest.raises(NotPermitted):
        recognise_person(session, NOOR, None, NOW)
    second = recognise_person(session, NOOR, invite(session), NOW + timedelta(days=1))
    assert second != first
    assert recognise_person(session, NOOR, None, NOW + timedelta(days=1)) == second
