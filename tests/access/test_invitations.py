"""Invitations to a role: offered, found by their link, accepted once, withdrawn."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.actions import admit_principal
from app.access.invitations import (
    LIFETIME,
    accept_invitation,
    find_invitation,
    invite_person,
    list_invitations,
    withdraw_invitation,
)
from app.access.queries import get_principal
from app.core.errors import InvalidRequest, NotFound
from tests.support.organisations import make_organisation

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def invite(session: Session, **changed: object) -> str:
    given: dict[str, object] = {
        "invited_by": None,
        "name": "Noor de Vries",
        "email": "noor@leiden.example",
        "role": "administrator",
        "organisation_id": None,
        "now": NOW,
    }
    return invite_person(session, **(given | changed))  # type: ignore[arg-type]


def test_invitation_is_found_by_its_secret(session: Session) -> None:
    secret = invite(session)
    found = find_invitation(session, secret, NOW)
    assert found is not None
    assert (found.name, found.role, found.email) == ("Noor de Vries", "administrator", "noor@leiden.example")
    assert find_invitation(session, secret[:-1], NOW) is None


def test_invitation_expires(session: Session) -> None:
    secret = invite(session)
    assert find_invitation(session, secret, NOW + LIFETIME - timedelta(seconds=1)) is not None
    assert find_invitation(session, secret, NOW + LIFETIME) is None


def test_accepted_invitation_admits_a_new_person_with_the_role_once(session: Session) -> None:
    organisation = make_organisation(session)
    secret = invite(session, role="editor", organisation_id=organisation)
    found = find_invitation(session, secret, NOW)
    assert found is not None
    person = accept_invitation(session, found.id, None, NOW)
    assert [(one.role, one.organisation_id) for one in get_principal(session, person).grants] == [
        ("editor", organisation)
    ]
    assert get_principal(session, person).name == "Noor de Vries"
    assert find_invitation(session, secret, NOW) is None
    with pytest.raises(NotFound):
        accept_invitation(session, found.id, None, NOW)


def test_known_person_gets_a_second_role(session: Session) -> None:
    person = admit_principal(session, admitted_by=None, name="Noor de Vries")
    for name in ("Eerste BV", "Tweede BV"):
        organisation = make_organisation(session, name=name)
        found = find_invitation(session, invite(session, role="editor", organisation_id=organisation), NOW)
        assert found is not None
        assert accept_invitation(session, found.id, person, NOW) == person
    assert len(get_principal(session, person).grants) == 2


def test_all_problems_of_an_invitation_are_named_at_once(session: Session) -> None:
    with pytest.raises(InvalidRequest) as refused:
        invite(session, name=" ", email="noor", role="editor")
    assert {problem.location for problem in refused.value.problems} == {"/name", "/email", "/organisation"}


def test_withdrawn_invitation_is_void(session: Session) -> None:
    secret = invite(session)
    found = find_invitation(session, secret, NOW)
    assert found is not None
    withdraw_invitation(session, withdrawn_by=None, invitation_id=found.id, now=NOW)
    assert find_invitation(session, secret, NOW) is None
    with pytest.raises(NotFound):
        withdraw_invitation(session, withdrawn_by=None, invitation_id=found.id, now=NOW)


def test_administrator_of_an_organisation_sees_its_invitations_alone(session: Session) -> None:
    own, other = make_organisation(session), make_organisation(session, name="Ander Bedrijf BV")
    invite(session, role="editor", organisation_id=own)
    invite(session, role="editor", organisation_id=other)
    assert [one.organisation_id for one in list_invitations(session, frozenset({own}), NOW)] == [own]
    assert len(list_invitations(session, None, NOW)) == 2
