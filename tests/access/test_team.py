"""The people of an organisation: their roles, the end of their access, and that someone is left to manage it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.authentication import authenticate
from app.access.invitations import invite_person, list_team_invitations
from app.access.organisation_keys import issue_organisation_key
from app.access.principal import Role
from app.access.queries import get_principal
from app.access.sessions import SignedIn, find_session, open_session
from app.access.team import change_roles, end_membership, find_member, list_team
from app.core.errors import Conflict, InvalidRequest, NotAuthenticated, NotFound
from tests.support.organisations import make_key, make_organisation
from tests.support.people import make_person

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def ours(session: Session) -> UUID:
    return make_organisation(session)


def change(session: Session, by: UUID, ours: UUID, whom: UUID, roles: Iterable[Role]) -> None:
    change_roles(session, changed_by=by, organisation_id=ours, principal_id=whom, roles=tuple(roles), now=NOW)


def end(session: Session, by: UUID, ours: UUID | None, whom: UUID, *, with_keys: bool = False) -> None:
    end_membership(
        session,
        ended_by=by,
        organisation_id=ours,
        principal_id=whom,
        reason="Andere baan",
        with_keys=with_keys,
        now=NOW,
    )


def sign_in(session: Session, person: UUID) -> str:
    return open_session(session, principal_id=person, signed_in=SignedIn("demo", "Firefox"), now=NOW)


def invite(session: Session, by: UUID, ours: UUID, role: Role = "editor") -> None:
    invite_person(
        session,
        invited_by=by,
        name="Een ander",
        email="ander@example.org",
        role=role,
        organisation_id=ours,
        now=NOW,
    )


def test_team_has_persons_with_their_roles_and_no_applications(session: Session, ours: UUID) -> None:
    theirs = make_organisation(session, name="Ander Bedrijf BV")
    noor = make_person(session, "Noor", ("editor", ours), ("administrator", ours), ("editor", theirs))
    make_person(session, "bram", ("editor", ours))
    make_person(session, "Carla", ("editor", theirs))
    make_key(session, ours)
    sign_in(session, noor)
    assert [(one.name, one.roles, str(one.signed_in_on)) for one in list_team(session, ours)] == [
        ("bram", ("editor",), "None"),
        ("Noor", ("editor", "administrator"), "2026-11-21"),
    ]


def test_roles_are_exactly_those_that_were_chosen(session: Session, ours: UUID) -> None:
    boss = make_person(session, "Fatima", ("administrator", ours))
    noor = make_person(session, "Noor", ("editor", ours))
    change(session, boss, ours, noor, ("auditor", "administrator"))
    assert find_member(session, ours, noor).roles == ("auditor", "administrator")
    with pytest.raises(InvalidRequest):
        change(session, boss, ours, noor, ())
    with pytest.raises(NotFound):
        change(session, boss, make_organisation(session, name="Ander Bedrijf BV"), noor, ("editor",))


def test_last_manager_stays(session: Session, ours: UUID) -> None:
    boss = make_person(session, "Fatima", ("administrator", ours), ("editor", ours))
    noor = make_person(session, "Noor", ("editor", ours))
    # An application is no one to turn to.
    make_key(session, ours, "administrator")
    with pytest.raises(Conflict, match="last administrator"):
        end(session, boss, ours, boss)
    with pytest.raises(Conflict, match="last administrator"):
        change(session, boss, ours, boss, ["editor"])
    assert find_member(session, ours, boss).roles == ("editor", "administrator")
    change(session, boss, ours, noor, ("administrator",))
    end(session, noor, ours, boss)
    assert [one.name for one in list_team(session, ours)] == ["Noor"]


def test_last_editor_stays_where_there_is_no_administrator(session: Session, ours: UUID) -> None:
    noor = make_person(session, "Noor", ("editor", ours))
    with pytest.raises(Conflict, match="last editor"):
        end(session, noor, ours, noor)
    change(session, noor, ours, noor, ("editor", "auditor"))
    with pytest.raises(Conflict, match="last editor"):
        change(session, noor, ours, noor, ("auditor",))


def test_last_administrator_of_the_register_stays(session: Session) -> None:
    fatima = make_person(session, "Fatima", ("administrator", None))
    if [one.id for one in list_team(session, None)] == [fatima]:
        with pytest.raises(Conflict):
            end(session, fatima, None, fatima)


def test_end_of_access_ends_roles_sessions_and_invitations_here_alone(session: Session, ours: UUID) -> None:
    theirs = make_organisation(session, name="Ander Bedrijf BV")
    boss = make_person(session, "Fatima", ("administrator", ours))
    noor = make_person(session, "Noor", ("editor", ours), ("editor", theirs))
    token = sign_in(session, noor)
    invite(session, noor, ours)
    invite(session, noor, theirs)
    invite(session, boss, ours, "auditor")
    assert find_session(session, token, NOW) is not None
    end(session, boss, ours, noor)
    assert find_session(session, token, NOW) is None
    assert {grant.organisation_id for grant in get_principal(session, noor).grants} == {theirs}
    assert [one.role for one in list_team_invitations(session, ours)] == ["auditor"]
    assert [one.role for one in list_team_invitations(session, theirs)] == ["editor"]


def test_lost_role_ends_the_invitations_that_it_allowed(session: Session, ours: UUID) -> None:
    boss = make_person(session, "Fatima", ("administrator", ours))
    noor = make_person(session, "Noor", ("editor", ours), ("administrator", ours))
    invite(session, noor, ours)
    invite(session, noor, ours, "administrator")
    change(session, boss, ours, noor, ("editor",))
    assert [one.role for one in list_team_invitations(session, ours)] == ["editor"]


@pytest.mark.parametrize("with_keys", [False, True])
def test_keys_that_someone_made_go_only_when_that_is_chosen(
    session: Session, ours: UUID, with_keys: bool
) -> None:
    boss = make_person(session, "Fatima", ("administrator", ours))
    noor = make_person(session, "Noor", ("administrator", ours))
    key = issue_organisation_key(
        session,
        issued_by=noor,
        organisation_id=ours,
        name="Meetnet",
        scopes=["read"],
        last_day=None,
        now=NOW,
    )
    end(session, boss, ours, noor, with_keys=with_keys)
    if with_keys:
        with pytest.raises(NotAuthenticated):
            authenticate(session, key.token, NOW)
    else:
        assert authenticate(session, key.token, NOW).scopes == {"read"}
