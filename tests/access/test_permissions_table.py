"""The whole policy as tables that a reader can check: who may do what, to whose, where, and in which status.

A sensor of the organisation `owner` stands in the municipality GM0363, which is an organisation too.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest

from app.access.permissions import (
    invitable_roles,
    is_administrator,
    is_municipal_editor,
    may_edit,
    may_see_people,
    may_see_private,
    may_verify,
)
from app.access.principal import ROLES, Grant, Principal, Role
from app.core.errors import Conflict
from app.sensors.registration.lifecycle import TRANSITIONS, Action, get_transition
from app.sensors.registration.permissions import may_change, may_see_unpublished
from app.sensors.registration_status import RegistrationStatus

OWNER, OTHER, CITY, OTHER_CITY = (uuid4() for _ in range(4))
PLACE, ELSEWHERE = "GM0363", "GM0344"
LETTERS = {status.value[0]: status for status in RegistrationStatus}

SENSORS = """
who                | see      | save     | register | submit   | amend    | remove   | confirm  | withdraw | restore
editor owner       | dscrpw   | dcrw     | rw       | dc       | dscp     | dscp     | p        | dscp     | w
reviewer owner     | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
auditor owner      | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
admin owner        | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
editor city        | dscrpw   | dcrw     | rw       | dc       | dscp     | dscp     | p        | dscp     | w
reviewer city      | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
auditor city       | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
admin city         | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
editor other       | p        | -        | -        | -        | -        | -        | -        | -        | -
admin other        | p        | -        | -        | -        | -        | -        | -        | -        | -
editor elsewhere   | p        | -        | -        | -        | -        | -        | -        | -        | -
reviewer elsewhere | p        | -        | -        | -        | -        | -        | -        | -        | -
admin elsewhere    | p        | -        | -        | -        | -        | -        | -        | -        | -
auditor all        | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
admin all          | dscrpw   | -        | -        | -        | -        | -        | -        | -        | -
nobody             | p        | -        | -        | -        | -        | -        | -        | -        | -
"""
"""The statuses in which an action is possible, by their first letters; seeing includes what is public to everybody."""

ORGANISATIONS = """
who                | edit | private | people | manage | invite | invite all | company | government | at once
editor owner       | yes  | yes     | yes    | -      | e      | -          | -       | -          | -
reviewer owner     | -    | yes     | yes    | -      | -      | -          | -       | -          | -
auditor owner      | -    | yes     | yes    | -      | -      | -          | -       | -          | -
admin owner        | -    | yes     | yes    | yes    | eraa   | -          | -       | -          | -
editor city        | -    | -       | -      | -      | -      | -          | yes     | -          | yes
reviewer city      | -    | -       | -      | -      | -      | -          | -       | -          | -
auditor city       | -    | -       | -      | -      | -      | -          | -       | -          | -
admin city         | -    | -       | -      | -      | -      | -          | yes     | -          | -
editor other       | -    | -       | -      | -      | -      | -          | -       | -          | -
admin other        | -    | -       | -      | -      | -      | -          | -       | -          | -
editor elsewhere   | -    | -       | -      | -      | -      | -          | -       | -          | -
reviewer elsewhere | -    | -       | -      | -      | -      | -          | -       | -          | -
admin elsewhere    | -    | -       | -      | -      | -      | -          | -       | -          | -
auditor all        | -    | yes     | yes    | -      | -      | -          | -       | -          | -
admin all          | -    | yes     | yes    | yes    | eraa   | aa         | yes     | yes        | -
nobody             | -    | -       | -      | -      | -      | -          | -       | -          | -
"""
"""Whether a rule says yes, for the owner; roles to which someone may invite by their first letters. `company` and
`government` are requests to join of those that will notify GM0363; `at once` is publishing inside that municipality.
"""


def make(who: str) -> Principal:
    """The principal of a row."""
    if who == "nobody":
        return Principal(uuid4(), who, frozenset())
    short, where = who.split()
    role: Role = next(one for one in ROLES if one.startswith(short))
    organisation = {
        "owner": (OWNER, None),
        "city": (CITY, PLACE),
        "other": (OTHER, None),
        "elsewhere": (OTHER_CITY, ELSEWHERE),
        "all": (None, None),
    }[where]
    return Principal(uuid4(), who, frozenset({Grant(role, *organisation)}))


def read_table(table: str) -> list[tuple[str, str, str]]:
    """Row, column and cell of each cell."""
    heading, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return [
        (row[0], column, "" if cell == "-" else cell)
        for row in rows
        for column, cell in zip(heading[1:], row[1:], strict=True)
    ]


def is_possible(action: Action, status: RegistrationStatus) -> bool:
    """Whether the lifecycle has this action from this status, whatever it leads to."""
    for led_to in {one.status for one in TRANSITIONS if one.action is action}:
        try:
            get_transition(action, status, led_to)
        except Conflict:
            continue
        return True
    return False


@pytest.mark.parametrize(("who", "action", "statuses"), read_table(SENSORS))
def test_sensors(who: str, action: str, statuses: str) -> None:
    principal = make(who)
    found = set()
    for letter, status in LETTERS.items():
        if action == "see":
            is_allowed = status is RegistrationStatus.PUBLISHED or may_see_unpublished(
                principal, OWNER, [PLACE]
            )
        else:
            is_allowed = may_change(principal, OWNER, PLACE, [PLACE]) and is_possible(Action(action), status)
        found |= {letter} if is_allowed else set()
    assert found == set(statuses)


_RULES: dict[str, Callable[[Principal], bool]] = {
    "edit": lambda one: may_edit(one, OWNER),
    "private": lambda one: may_see_private(one, OWNER),
    "people": lambda one: may_see_people(one, OWNER),
    "manage": lambda one: is_administrator(one, OWNER),
    "company": lambda one: may_verify(one, PLACE, is_government=False),
    "government": lambda one: may_verify(one, PLACE, is_government=True),
    "at once": lambda one: is_municipal_editor(one, PLACE),
}


@pytest.mark.parametrize(("who", "action", "answer"), read_table(ORGANISATIONS))
def test_organisations(who: str, action: str, answer: str) -> None:
    principal = make(who)
    if action.startswith("invite"):
        organisation = OWNER if action == "invite" else None
        assert "".join(role[0] for role in invitable_roles(principal, organisation)) == answer
    else:
        assert _RULES[action](principal) is (answer == "yes")


def test_tables_have_every_kind_of_caller_and_every_status() -> None:
    assert len(LETTERS) == len(RegistrationStatus)
    assert {who for who, _, _ in read_table(SENSORS)} == {who for who, _, _ in read_table(ORGANISATIONS)}
    assert {action for _, action, _ in read_table(SENSORS)} - {"see"} <= {one.value for one in Action}
