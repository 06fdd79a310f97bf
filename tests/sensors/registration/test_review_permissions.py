"""The complete table of what happens to a registration: status × action × role, of every organisation concerned."""

from collections.abc import Callable
from itertools import product
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.principal import ROLES, Principal
from app.access.queries import get_principal
from app.core.errors import RegisterError
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.registration.review_thread import answer_remarks, comment_on_submission, resubmit_sensor
from app.sensors.registration.withdrawal import restore_sensor, withdraw_sensor
from app.sensors.registration_status import RegistrationStatus
from tests.support.organisations import add_role, make_municipality, make_organisation, make_principal
from tests.support.sensors import make_context, make_record

Act = Callable[[Session, ActionContext, UUID], object]
TEXTS: Final = [FieldRemark("Waarom?")]
NEW: Final[dict[str, Any]] = {"expected": ANY_VERSION}
SILENT: Final[dict[str, Any]] = NEW | {"mail": None}

ACTIONS: Final[dict[str, Act]] = {
    "publish": lambda one, two, three: publish_submission(one, two, three, **SILENT),
    "request_changes": lambda one, two, three: request_changes(one, two, three, reason="Nee", **SILENT),
    "reject": lambda one, two, three: reject_submission(one, two, three, reason="Nee", **SILENT),
    "comment": lambda one, two, three: comment_on_submission(one, two, three, TEXTS, mail=None),
    "answer": lambda one, two, three: answer_remarks(one, two, three, TEXTS),
    "submit": lambda one, two, three: resubmit_sensor(one, two, three, **NEW),
    "amend": lambda one, two, three: amend_sensor(one, two, three, {"name": "Anders"}, **NEW),
    "remove": lambda one, two, three: remove_sensor(one, two, three, {}, **NEW),
    "confirm": lambda one, two, three: confirm_sensor(one, two, three, **NEW),
    "withdraw": lambda one, two, three: withdraw_sensor(one, two, three, **NEW),
    "restore": lambda one, two, three: restore_sensor(one, two, three, **NEW),
}

STATUSES: Final = ("draft", "submitted", "changes_requested", "published", "change", "rejected", "withdrawn")
"""Every status; `change` is a published registration with a submitted change."""

POSSIBLE: Final = """
                  draft  submitted  changes_requested  published  change  rejected  withdrawn
publish           409    ok         409                409        ok      409       409
request_changes   409    ok         409                409        ok      409       409
reject            409    ok         409                409        ok      409       409
comment           409    ok         ok                 409        ok      409       409
answer            409    ok         ok                 409        ok      409       409
submit            409    409        ok                 409        409     409       409
amend             ok     ok         ok                 ok         ok      409       409
remove            ok     ok         ok                 ok         ok      409       409
confirm           409    409        409                ok         ok      409       409
withdraw          ok     ok         ok                 ok         ok      409       409
restore           409    409        409                409        409     409       ok
"""
"""Outcome of each action in a status, for those who may."""

PERMITTED: Final = """
                      publish request_changes reject comment answer submit amend remove confirm withdraw restore
owner-editor          403     403             403    403     ok     ok     ok    ok     ok      ok       ok
owner-reviewer        403     403             403    403     403    403    403   403    403     403      403
owner-auditor         403     403             403    403     403    403    403   403    403     403      403
owner-administrator   403     403             403    403     403    403    403   403    403     403      403
place-editor          403     403             403    403     403    ok     ok    ok     ok      ok       ok
place-reviewer        ok      ok              ok     ok      403    403    403   403    403     403      403
place-auditor         403     403             403    403     403    403    403   403    403     403      403
place-administrator   403     403             403    403     403    403    403   403    403     403      403
touched-editor        403     403             403    403     403    403    403   403    403     403      403
touched-reviewer      403     403             403    ok      403    403    403   403    403     403      403
touched-auditor       403     403             403    403     403    403    403   403    403     403      403
touched-administrator 403     403             403    403     403    403    403   403    403     403      403
town-editor           404     404             404    404     404    404    404   404    404     404      404
town-reviewer         404     404             404    404     404    404    404   404    404     404      404
town-auditor          404     404             404    404     404    404    404   404    404     404      404
town-administrator    404     404             404    404     404    404    404   404    404     404      404
company-editor        404     404             404    404     404    404    404   404    404     404      404
company-reviewer      404     404             404    404     404    404    404   404    404     404      404
company-auditor       404     404             404    404     404    404    404   404    404     404      404
company-administrator 404     404             404    404     404    404    404   404    404     404      404
both-roles            403     403             403    ok      ok     ok     ok    ok     ok      ok       ok
all-auditor           403     403             403    403     403    403    403   403    403     403      403
all-administrator     403     403             403    403     403    403    403   403    403     403      403
"""
"""Permission of a role at the owner, at the municipality of the place, at a touched one, at others, or over all.

`both-roles` is an editor of the owner who is a reviewer of the place too.
"""

Table = dict[tuple[str, str], str]


def read_table(table: str) -> Table:
    heading, *rows = (line.split() for line in table.strip().splitlines())
    return {(row[0], name): cell for row in rows for name, cell in zip(heading, row[1:], strict=True)}


def test_no_row_is_missing() -> None:
    # Nothing saves; registering needs no sensor; hiding amends a withdrawn one; a transfer needs an offer.
    elsewhere = {Action.SAVE, Action.REGISTER, Action.HIDE, Action.TRANSFER}
    assert set(ACTIONS) == {*set(Action) - elsewhere, "comment", "answer"}
    assert set(STATUSES) == {*RegistrationStatus, "change"}
    assert set(read_table(POSSIBLE)) == set(product(ACTIONS, STATUSES))
    places = [
        f"{place}-{role}" for place in ("owner", "place", "touched", "town", "company") for role in ROLES
    ]
    people = [*places, "both-roles", "all-auditor", "all-administrator"]
    assert set(read_table(PERMITTED)) == set(product(people, ACTIONS))


@pytest.mark.parametrize("status", STATUSES)
def test_each_role_gets_what_the_table_says(session: Session, amsterdam: UUID, status: str) -> None:
    people = admit_people(session, amsterdam)
    possible, permitted = read_table(POSSIBLE), read_table(PERMITTED)
    sensor_id = put_sensor(session, people, status)
    outcomes = {}
    for who, action in permitted:
        with session.begin_nested() as savepoint:
            outcomes[who, action] = attempt(session, people[who], ACTIONS[action], sensor_id)
            savepoint.rollback()
    expected = {
        (who, action): possible[action, status] if may == "ok" else may
        for (who, action), may in permitted.items()
    }
    assert outcomes == expected


def attempt(session: Session, principal: Principal, act: Act, sensor_id: UUID) -> str:
    try:
        act(session, make_context(principal), sensor_id)
    except RegisterError as error:
        return str(error.status)
    return "ok"


def admit_people(session: Session, amsterdam: UUID) -> dict[str, Principal]:
    organisations = {
        "owner": make_organisation(session),
        "place": amsterdam,
        "touched": make_municipality(session, "GM0599", "Gemeente Rotterdam"),
        "town": make_municipality(session, "GM0344", "Gemeente Utrecht"),
        "company": make_organisation(session, name="Ander Bedrijf BV"),
    }
    people = {
        f"{place}-{role}": make_principal(session, organisation, role)
        for (place, organisation), role in product(organisations.items(), ROLES)
    }
    for role in ("auditor", "administrator"):
        people[f"all-{role}"] = make_principal(session, None, role)
    both = make_principal(session, organisations["owner"])
    add_role(session, both, amsterdam, "reviewer")
    people["both-roles"] = get_principal(session, both.id)
    return people


def put_sensor(session: Session, people: dict[str, Principal], status: str) -> UUID:
    """A sensor of the owner in Amsterdam that touches Rotterdam too, with this status."""
    owner = make_context(people["owner-editor"])
    sensor_id: UUID = register_sensor(session, owner, make_record(placedFrom="2025-01-01")).sensor_id
    steps = {
        "changes_requested": ["request_changes"],
        "published": ["publish"],
        "change": ["publish", "amend"],
        "rejected": ["reject"],
        "withdrawn": ["withdraw"],
    }
    for step in steps.get(status, []):
        who = "owner-editor" if step in ("amend", "withdraw") else "place-reviewer"
        assert attempt(session, people[who], ACTIONS[step], sensor_id) == "ok"
    if status == "draft":
        session.execute(text("UPDATE register.sensor_version SET registration_status = 'draft'"))
    session.execute(text("UPDATE register.sensor_place SET municipality_codes = '{GM0363,GM0599}'"))
    session.expire_all()
    return sensor_id
