"""Sessions of persons: how they are found, what they allow, and what ends them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role
from app.access.endings import end_grant, end_principal
from app.access.principal import Role
from app.access.sessions import (
    IDLE,
    LIFETIME,
    SignedIn,
    choose_organisation,
    end_provider_sessions,
    end_session,
    end_sessions_of,
    find_session,
    list_sessions,
    open_session,
)
from app.audit.queries import list_entries
from app.core.errors import NotFound, NotPermitted
from app.organisations.actions import end_organisation
from tests.support.organisations import make_organisation

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ISSUER = "https://login.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(session: Session) -> UUID:
    return admit_principal(session, admitted_by=None, name="Noor de Vries")


def grant(session: Session, person: UUID, organisation_id: UUID | None, role: Role = "editor") -> UUID:
    return grant_role(
        session, granted_by=None, principal_id=person, role=role, organisation_id=organisation_id
    )


def open_one(session: Session, person: UUID, provider_session: str = "s-1", subject: str = "noor") -> str:
    signed_in = SignedIn("provider", "Firefox on Windows", ISSUER, subject, provider_session)
    return open_session(session, principal_id=person, signed_in=signed_in, now=NOW)


def test_person_of_one_organisation_acts_for_it(session: Session, person: UUID) -> None:
    organisation = make_organisation(session)
    grant(session, person, organisation)
    found = find_session(session, open_one(session, person), NOW)
    assert found is not None
    assert found.organisation_id == organisation
    assert [(one.role, one.organisation_id) for one in found.principal.grants] == [("editor", organisation)]
    assert found.principal.name == "Noor de Vries"


def test_person_without_a_role_gets_no_session(session: Session, person: UUID) -> None:
    with pytest.raises(NotPermitted):
        open_one(session, person)


def test_person_of_two_organisations_may_do_nothing_before_choosing_one(
    session: Session, person: UUID
) -> None:
    first, second = make_organisation(session), make_organisation(session, name="Ander Bedrijf BV")
    grant(session, person, first)
    grant(session, person, second)
    token = open_one(session, person)
    before = find_session(session, token, NOW)
    assert before is not None
    assert (before.organisation_id, before.principal.grants) == (None, frozenset())
    chosen = choose_organisation(session, before, second, NOW)
    after = find_session(session, chosen, NOW)
    assert after is not None
    assert [one.organisation_id for one in after.principal.grants] == [second]
    assert find_session(session, token, NOW) is None


def test_choice_of_an_organisation_without_a_role_is_refused(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    found = find_session(session, open_one(session, person), NOW)
    assert found is not None
    with pytest.raises(NotPermitted):
        choose_organisation(session, found, make_organisation(session, name="Ander Bedrijf BV"), NOW)
    with pytest.raises(NotPermitted):
        choose_organisation(session, found, None, NOW)


def test_role_for_everything_goes_with_each_chosen_organisation(session: Session, person: UUID) -> None:
    organisation = make_organisation(session)
    grant(session, person, organisation)
    grant(session, person, None, "auditor")
    found = find_session(session, open_one(session, person), NOW)
    assert found is not None
    assert [one.role for one in found.principal.grants] == ["auditor"]
    chosen = find_session(session, choose_organisation(session, found, organisation, NOW), NOW)
    assert chosen is not None
    assert {one.role for one in chosen.principal.grants} == {"auditor", "editor"}


def test_session_ends_when_it_is_not_used(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    token = open_one(session, person)
    used = NOW + IDLE - MINUTE
    assert find_session(session, token, used) is not None
    assert find_session(session, token, used + IDLE - MINUTE) is not None
    assert find_session(session, token, used + 2 * IDLE) is None


def test_session_ends_after_a_working_day_however_busy(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    token = open_one(session, person)
    moment = NOW
    while moment + timedelta(hours=1) < NOW + LIFETIME:
        moment += timedelta(hours=1)
        assert find_session(session, token, moment) is not None
    assert find_session(session, token, NOW + LIFETIME) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\udcff", "' OR 1=1 --"])
def test_unknown_token_finds_no_session(token: str, session: Session) -> None:
    assert find_session(session, token, NOW) is None


def test_live_session_ends_with_its_person(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    token = open_one(session, person)
    end_principal(session, ended_by=None, principal_id=person, now=NOW, even_last=True)
    assert find_session(session, token, NOW) is None


def test_live_session_ends_with_the_grant_for_its_organisation(session: Session, person: UUID) -> None:
    first, second = make_organisation(session), make_organisation(session, name="Ander Bedrijf BV")
    grant_id = grant(session, person, first)
    grant(session, person, second)
    before = find_session(session, open_one(session, person), NOW)
    assert before is not None
    token = choose_organisation(session, before, first, NOW)
    end_grant(session, ended_by=None, grant_id=grant_id, now=NOW, even_last=True)
    assert find_session(session, token, NOW) is None


def test_live_session_ends_with_its_organisation(session: Session, person: UUID) -> None:
    organisation = make_organisation(session)
    grant(session, person, organisation)
    token = open_one(session, person)
    end_organisation(session, organisation_id=organisation, principal_id=None, reason="Opgeheven", now=NOW)
    assert find_session(session, token, NOW) is None


def test_person_sees_and_ends_own_sessions(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    first, second = open_one(session, person), open_one(session, person, "s-2")
    listed = list_sessions(session, person, NOW)
    assert [one.browser for one in listed] == ["Firefox on Windows"] * 2
    found = find_session(session, first, NOW)
    assert found is not None
    end_session(session, principal_id=person, session_id=found.id, now=NOW)
    assert find_session(session, first, NOW) is None
    assert find_session(session, second, NOW) is not None
    assert end_sessions_of(session, person, NOW) == 1
    assert list_sessions(session, person, NOW) == []


def test_session_of_somebody_else_cannot_be_ended(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    token = open_one(session, person)
    found = find_session(session, token, NOW)
    assert found is not None
    stranger = admit_principal(session, admitted_by=None, name="Iemand anders")
    with pytest.raises(NotFound):
        end_session(session, principal_id=stranger, session_id=found.id, now=NOW)
    assert find_session(session, token, NOW) is not None


@pytest.mark.parametrize(
    ("subject", "provider_session", "left"),
    [("noor", None, 0), (None, "s-1", 1), ("noor", "s-1", 1), ("jan", "s-1", 2), ("noor", "s-9", 2)],
)
def test_provider_ends_the_sessions_that_it_names(
    subject: str | None, provider_session: str | None, left: int, session: Session, person: UUID
) -> None:
    grant(session, person, make_organisation(session))
    tokens = [open_one(session, person, name) for name in ("s-1", "s-2")]
    end_provider_sessions(session, issuer=ISSUER, subject=subject, provider_session=provider_session, now=NOW)
    assert sum(find_session(session, token, NOW) is not None for token in tokens) == left


def test_another_provider_ends_no_session(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    token = open_one(session, person)
    ended = end_provider_sessions(
        session, issuer="https://other.example", subject="noor", provider_session=None, now=NOW
    )
    assert ended == 0
    assert find_session(session, token, NOW) is not None


def test_sign_in_and_sign_out_are_in_the_audit_trail(session: Session, person: UUID) -> None:
    grant(session, person, make_organisation(session))
    open_one(session, person)
    end_sessions_of(session, person, NOW)
    assert {"sign_in", "sign_out"} <= {entry.action for entry in list_entries(session, subject_id=person)}
