"""Ends of persons, grants and organisations, which end the keys that depend on them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, ensure_system_principal, grant_role, issue_key
from app.access.authentication import authenticate
from app.access.endings import end_access_for, end_grant, end_principal
from app.access.principal import Role
from app.access.queries import get_principal, list_grants, list_keys
from app.audit.queries import list_entries
from app.core.errors import Conflict, NotAuthenticated, NotFound
from app.organisations.actions import end_organisation
from tests.support.organisations import make_organisation

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def give_key(
    session: Session, principal_id: UUID, organisation_id: UUID | None, role: Role = "editor"
) -> tuple[UUID, str]:
    """A grant, and a key for it alone."""
    grant = grant_role(
        session, granted_by=None, principal_id=principal_id, role=role, organisation_id=organisation_id
    )
    key = issue_key(session, issued_by=None, principal_id=principal_id, now=NOW, grant_id=grant)
    return grant, key.token


def opens(session: Session, token: str) -> bool:
    try:
        return bool(authenticate(session, token, NOW).grants)
    except NotAuthenticated:
        return False


@pytest.fixture
def person(session: Session) -> UUID:
    return admit_principal(session, admitted_by=None, name="J. de Vries", handle="jan@example.org")


def test_end_of_grant_ends_its_key_alone(session: Session, person: UUID) -> None:
    grant, token = give_key(session, person, make_organisation(session))
    _, other = give_key(session, person, make_organisation(session, name="Ander Bedrijf BV"))
    assert end_grant(
        session, ended_by=None, grant_id=grant, now=NOW, even_last=True, reason="Andere baan"
    ) == [token[4:16]]
    assert (opens(session, token), opens(session, other)) == (False, True)
    assert len(get_principal(session, person).grants) == 1
    with pytest.raises(NotFound):
        end_grant(session, ended_by=None, grant_id=grant, now=NOW, even_last=True)
    entries = list_entries(session, subject_id=person)
    assert (entries[0].action, entries[0].reason) == ("end_grant", "Andere baan")


def test_key_of_every_grant_ends_with_the_last_of_them(session: Session, person: UUID) -> None:
    first, _ = give_key(session, person, make_organisation(session))
    last, _ = give_key(session, person, None, "auditor")
    whole = issue_key(session, issued_by=None, principal_id=person, now=NOW).token
    end_grant(session, ended_by=None, grant_id=first, now=NOW, even_last=True)
    assert opens(session, whole)
    end_grant(session, ended_by=None, grant_id=last, now=NOW, even_last=True)
    assert not opens(session, whole)
    assert all(key.revoked_at == NOW for key in list_keys(session, [person]))


def test_grant_that_ended_can_be_given_again_without_its_old_key(session: Session, person: UUID) -> None:
    organisation_id = make_organisation(session)
    grant, token = give_key(session, person, organisation_id)
    end_grant(session, ended_by=None, grant_id=grant, now=NOW, even_last=True)
    again, new = give_key(session, person, organisation_id)
    assert again != grant
    assert (opens(session, token), opens(session, new)) == (False, True)


def test_end_of_person_ends_every_key_and_grant(session: Session, person: UUID) -> None:
    tokens = [
        give_key(session, person, make_organisation(session))[1],
        give_key(session, person, None, "auditor")[1],
    ]
    assert set(end_principal(session, ended_by=None, principal_id=person, now=NOW, even_last=True)) == {
        token[4:16] for token in tokens
    }
    assert not any(opens(session, token) for token in tokens)
    assert list_grants(session, [person]) == []
    for act in (
        lambda: issue_key(session, issued_by=None, principal_id=person, now=NOW),
        lambda: give_key(session, person, None, "auditor"),
        lambda: end_principal(session, ended_by=None, principal_id=person, now=NOW, even_last=True),
    ):
        with pytest.raises(Conflict):
            act()


def test_handle_of_a_person_that_ended_is_free_for_another_identity(session: Session, person: UUID) -> None:
    end_principal(session, ended_by=None, principal_id=person, now=NOW, even_last=True)
    assert admit_principal(session, admitted_by=None, name="Jan", handle="jan@example.org") != person


def test_principal_of_the_register_itself_cannot_be_ended(session: Session) -> None:
    own = ensure_system_principal(session, "Command line")
    with pytest.raises(Conflict):
        end_principal(session, ended_by=None, principal_id=own, now=NOW, even_last=True)


@pytest.mark.parametrize("by_organisation", [True, False])
def test_end_of_organisation_ends_the_keys_for_it_of_every_person(
    session: Session, person: UUID, by_organisation: bool
) -> None:
    ours, theirs = make_organisation(session), make_organisation(session, name="Ander Bedrijf BV")
    colleague = admit_principal(session, admitted_by=None, name="J. de Vries")
    ended = [give_key(session, one, ours)[1] for one in (person, colleague)]
    _, kept = give_key(session, person, theirs)
    if by_organisation:
        end_organisation(session, ours, principal_id=None, now=NOW, reason="Failliet")
    else:
        end_access_for(session, ended_by=None, organisation_id=ours, now=NOW)
    assert [opens(session, token) for token in (*ended, kept)] == [False, False, True]
    if by_organisation:
        with pytest.raises(Conflict):
            give_key(session, person, ours)


def test_import_by_a_key_that_ended_has_no_grants(session: Session, person: UUID) -> None:
    grant, token = give_key(session, person, make_organisation(session))
    _, _ = give_key(session, person, None, "administrator")
    key_id = authenticate(session, token, NOW).key_id
    end_grant(session, ended_by=None, grant_id=grant, now=NOW, even_last=True)
    assert get_principal(session, person, key_id).grants == frozenset()
