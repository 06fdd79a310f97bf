"""Every action from every status: the table of the design page, the Python, the SQL and the database agree."""

from itertools import product
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import Conflict
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.lifecycle import (
    TRANSITIONS,
    Action,
    Actor,
    Transition,
    get_transition,
    render_closing,
)
from app.sensors.registration.queries import list_versions
from app.sensors.registration.versions import SET_BY_WRITING, write_version
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.register import sensor_version
from tests.support.sensors import make_context, make_record

LIVE: Final[set[str | None]] = {"draft", "submitted", "changes_requested", "published"}
NOT_THERE: Final[set[str | None]] = {None, "rejected", "withdrawn"}

POSSIBLE: Final[dict[tuple[str, str], set[str | None]]] = {
    ("save", "draft"): NOT_THERE | {"draft", "changes_requested"},
    ("register", "submitted"): NOT_THERE,
    ("register", "published"): NOT_THERE,
    ("submit", "submitted"): {"draft", "changes_requested"},
    ("submit", "published"): {"draft", "changes_requested"},
    ("amend", "submitted"): LIVE,
    ("amend", "published"): LIVE,
    ("request_changes", "changes_requested"): {"submitted"},
    ("publish", "published"): {"submitted"},
    ("reject", "rejected"): {"submitted"},
    ("remove", "submitted"): LIVE,
    ("remove", "published"): LIVE,
    ("confirm", "published"): {"published"},
    ("withdraw", "withdrawn"): LIVE,
    ("hide", "withdrawn"): {"withdrawn"},
    ("restore", "submitted"): {"withdrawn"},
    ("restore", "published"): {"withdrawn"},
    ("transfer", "published"): {"published"},
}
"""The table of the design, written out: from which statuses an action leads to a status."""

REVIEWER_ACTIONS: Final = {"request_changes", "publish", "reject"}
"""Actions of a reviewer; an editor does all others."""

STATUSES = (None, *RegistrationStatus)
REACHABLE = [
    pytest.param(transition, start, id=f"{transition.action}-{start}-{transition.status}")
    for transition in TRANSITIONS
    for start in transition.starts_from
]


@pytest.mark.parametrize("action", Action)
def test_action_from_every_status_is_possible_or_refused_as_designed(action: Action) -> None:
    for start, status in product(STATUSES, RegistrationStatus):
        if start in POSSIBLE.get((action, status), ()):
            assert get_transition(action, start, status).action is action
        else:
            with pytest.raises(Conflict):
                get_transition(action, start, status)


def test_reviewer_decides_and_editor_does_the_rest() -> None:
    by_reviewer = {transition.action for transition in TRANSITIONS if transition.actor is Actor.REVIEWER}
    by_editor = {transition.action for transition in TRANSITIONS if transition.actor is Actor.EDITOR}
    assert (by_reviewer, by_editor) == (REVIEWER_ACTIONS, set(Action) - REVIEWER_ACTIONS)


@pytest.mark.parametrize("action", Action)
def test_sql_closes_the_versions_that_python_closes(session: Session, action: Action) -> None:
    statement = text(f"""
        SELECT {render_closing([action], "CAST(:new AS text)", "version")}
        FROM (VALUES (CAST(:old AS text), CAST(NULL AS timestamptz))) AS version (registration_status, superseded_at)
    """)
    for transition in TRANSITIONS:
        if transition.action is not action:
            continue
        closed = {
            old
            for old in RegistrationStatus
            if session.scalar(statement, {"new": transition.status, "old": old})
        }
        assert closed == set(transition.closes)


def test_publication_changes_where_a_published_version_is_written_or_closed() -> None:
    for transition in TRANSITIONS:
        # The visibility of a withdrawn registration governs what was published of it.
        touched = transition.action == "hide" or "published" in (transition.status, *transition.closes)
        assert (transition.announces is not None) == touched


def test_render_closing_of_actions_that_close_differently_raises() -> None:
    with pytest.raises(ValueError, match="close different versions"):
        render_closing([Action.AMEND, Action.CONFIRM], "new.status", "version")


@pytest.mark.parametrize(("transition", "start"), REACHABLE)
def test_transition_in_the_database_closes_and_publishes_as_the_table_says(
    session: Session, officer: Principal, transition: Transition, start: RegistrationStatus | None
) -> None:
    sensor_id = put_sensor(session, officer, start)
    first = list_versions(session, sensor_id)[0]
    columns = {
        column.name: getattr(first, column.name)
        for column in sensor_version.columns
        if column.name not in SET_BY_WRITING
    } | {"registration_status": transition.status}
    write_version(session, make_context(officer), sensor_id, columns, action=transition.action, current=start)
    newest, before = list_versions(session, sensor_id)
    assert newest.registration_status == transition.status
    assert (newest.published_at is not None) == (transition.status == "published")
    is_closed = start is None or start in transition.closes
    assert (before.superseded_at is not None) == is_closed
    is_public = session.scalar(text("SELECT count(*) FROM publication.published_sensor"))
    assert is_public == (transition.status == "published" or (start == "published" and not is_closed))
    assert session.scalar(text("SELECT action FROM audit.audit_entry ORDER BY id DESC LIMIT 1")) == (
        f"{transition.action}_sensor"
    )


def put_sensor(session: Session, officer: Principal, status: RegistrationStatus | None) -> UUID:
    """A sensor with one version of this status; None for a sensor whose only version is superseded."""
    version = register_sensor(session, make_context(officer), make_record())
    values = {"registration_status": status} if status else {"superseded_at": sensor_version.c.recorded_at}
    session.execute(update(sensor_version).values(values))
    if status != "published":
        session.execute(text("DELETE FROM publication.published_sensor"))
        session.execute(text("DELETE FROM publication.municipality_sensor"))
    identifier: UUID = version.sensor_id
    return identifier


def test_database_refuses_an_unknown_status(session: Session, officer: Principal) -> None:
    register_sensor(session, make_context(officer), make_record())
    with (
        pytest.raises(IntegrityError, match="ck_sensor_version_registration_status"),
        session.begin_nested(),
    ):
        session.execute(text("UPDATE register.sensor_version SET registration_status = 'lost'"))
