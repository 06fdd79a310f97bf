from uuid import UUID, uuid4

import pytest

from app.access.permissions import (
    edited_municipalities,
    edited_organisations,
    is_administrator,
    is_municipal_editor,
    may_edit,
    may_see_private,
    require_administrator,
    require_editor,
)
from app.access.principal import ROLES, Grant, Principal, Role
from app.core.errors import NotPermitted

OURS, THEIRS = uuid4(), uuid4()


def somebody(*grants: Grant) -> Principal:
    return Principal(uuid4(), "Iemand", frozenset(grants))


@pytest.mark.parametrize("role", ROLES)
def test_only_an_editor_edits_and_only_for_its_organisation(role: Role) -> None:
    principal = somebody(Grant(role, OURS))
    assert may_edit(principal, OURS) is (role == "editor")
    assert not may_edit(principal, THEIRS)


def test_administrator_of_everything_cannot_edit() -> None:
    assert not may_edit(somebody(Grant("administrator", None)), OURS)


def test_municipal_editor_is_recognised_by_the_code() -> None:
    principal = somebody(Grant("editor", OURS, "GM0363"), Grant("reviewer", THEIRS, "GM0344"))
    assert is_municipal_editor(principal, "GM0363")
    assert not is_municipal_editor(principal, "GM0344")
    assert not is_municipal_editor(principal, None)
    assert edited_municipalities(principal) == {"GM0363"}
    assert edited_organisations(principal) == {OURS}


def test_editor_of_a_company_is_no_municipal_editor() -> None:
    principal = somebody(Grant("editor", OURS, None))
    assert not is_municipal_editor(principal, None)
    assert not is_municipal_editor(principal, "GM0363")


@pytest.mark.parametrize(
    ("grant", "ours", "theirs", "everything"),
    [
        (Grant("administrator", OURS), True, False, False),
        (Grant("administrator", None), True, True, True),
        (Grant("editor", OURS), False, False, False),
        (Grant("auditor", None), False, False, False),
    ],
)
def test_administrator_manages_its_organisation_or_all(
    grant: Grant, ours: bool, theirs: bool, everything: bool
) -> None:
    principal = somebody(grant)
    assert is_administrator(principal, OURS) is ours
    assert is_administrator(principal, THEIRS) is theirs
    assert is_administrator(principal) is everything


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        ((), False),
        ((Grant("editor", THEIRS),), False),
        ((Grant("reviewer", OURS),), True),
        ((Grant("auditor", None),), True),
    ],
)
def test_private_data_are_visible_with_a_role_for_the_organisation(
    grants: tuple[Grant, ...], seen: bool
) -> None:
    assert may_see_private(somebody(*grants), OURS) is seen


def test_missing_permission_is_refused() -> None:
    principal = somebody(Grant("editor", OURS))
    require_editor(principal, OURS)
    with pytest.raises(NotPermitted):
        require_editor(principal, THEIRS)
    with pytest.raises(NotPermitted):
        require_administrator(principal, OURS)
    require_administrator(somebody(Grant("administrator", OURS)), OURS)


def test_principal_without_grants_is_allowed_nothing() -> None:
    principal = somebody()
    organisation_id: UUID = OURS
    assert not may_edit(principal, organisation_id)
    assert not is_administrator(principal)
    assert not may_see_private(principal, organisation_id)
