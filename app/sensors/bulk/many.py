"""Many sensors confirmed, or reported removed, at once: the actions of one sensor as set-based statements.

`confirm_sensor` and `remove_sensor` do the same for one; tests hold the pairs together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.permissions import edited_municipalities, edited_organisations
from app.audit.actions import record_action
from app.municipalities.queries import lock_municipalities_shared
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from app.sensors.receipts.actions import write_receipts
from app.sensors.registration.lifecycle import Action, render_closing
from app.sensors.registration.permissions import may_change_sql, publishes_at_once_sql
from app.sensors.registration.rules import years_later
from app.sensors.registration.versions import SET_BY_WRITING
from app.sensors.registration_status import (
    JOIN_CURRENT_SQL,
    RegistrationStatus,
    has_status,
    is_published,
    render_condition,
)
from app.sensors.tables.register import sensor, sensor_version

_S = RegistrationStatus

SENSORS_PER_BATCH: Final = 20_000
"""Sensors published at a time, as in an import."""


class Refusal(StrEnum):
    """Reason why one of many sensors is left as it is."""

    NOT_PUBLISHED = "not_published"
    REMOVED = "removed"
    BEFORE_PLACED = "before_placed"
    IN_FUTURE = "in_future"
    NOT_SUBMITTED = "not_submitted"
    """It is not under review, or someone else has decided already."""
    CHANGED = "changed"
    """Its submitter has changed it since the reviewer saw it."""
    OWN_SUBMISSION = "own_submission"
    """The reviewer sent it, or registers for its owner: another reviewer decides."""
    UNCHANGED = "unchanged"
    """It was confirmed today, or reported removed on this day, already."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The registration numbers of the sensors that were changed, and of those that were not, by reason.

    Sensors that the principal may not change are in neither.
    """

    changed: tuple[str, ...]
    refused: tuple[tuple[str, Refusal], ...]


_LOCK: Final = """
SELECT count(*) FROM (SELECT FROM register.sensor WHERE id = ANY(:ids) ORDER BY id FOR UPDATE) AS locked
"""

_CREATE: Final = """
CREATE TEMPORARY TABLE staged_many ON COMMIT DROP AS
SELECT CAST(NULL AS uuid) AS sensor_id, '' AS public_code, CAST(NULL AS uuid) AS base_id,
    CAST(NULL AS uuid) AS version_id, '' AS status, '' AS reason
WHERE false
"""


def _write_collection(status: str, reason: str, base: str) -> str:
    """The sensors that the principal may change, each with the version that is copied and the reason to refuse it."""
    return f"""
    INSERT INTO staged_many
    SELECT sensor.id, sensor.public_code, base.id, register.uuid7(), {status}, {reason}
    FROM register.sensor
    JOIN {JOIN_CURRENT_SQL}
    {base}
    LEFT JOIN register.sensor_place AS place ON place.version_id = coalesce(base.id, current.id)
    WHERE sensor.id = ANY(CAST(:ids AS uuid[])) AND {may_change_sql("current.owner_id", "place")}
    """


_CONFIRMED: Final = _write_collection(
    status=f"'{_S.PUBLISHED}'",
    reason=f"""CASE WHEN base.id IS NULL THEN '{Refusal.NOT_PUBLISHED}'
        WHEN base.removed_on IS NOT NULL THEN '{Refusal.REMOVED}'
        WHEN base.last_confirmed_on = CAST(:today AS date) THEN '{Refusal.UNCHANGED}' END""",
    base=f"""LEFT JOIN register.sensor_version AS base
    ON base.sensor_id = sensor.id AND {render_condition(is_published, "base")}""",
)

_AT_ONCE: Final = publishes_at_once_sql(
    owner_id="current.owner_id",
    has_location="place.municipality_code IS NOT NULL",
    code="place.municipality_code",
    codes="place.municipality_codes",
)

_REMOVED: Final = _write_collection(
    status=f"CASE WHEN {_AT_ONCE} THEN '{_S.PUBLISHED}' ELSE '{_S.SUBMITTED}' END",
    reason=f"""CASE WHEN base.removed_on = CAST(:removed_on AS date) THEN '{Refusal.UNCHANGED}'
        WHEN base.placed_from > CAST(:removed_on AS date) THEN '{Refusal.BEFORE_PLACED}'
        WHEN CAST(:removed_on AS date) > CAST(:today AS date) THEN '{Refusal.IN_FUTURE}' END""",
    base="JOIN register.sensor_version AS base ON base.id = current.id",
)

CLOSE: Final = """
UPDATE register.sensor_version AS version SET superseded_at = :moment
FROM staged_many WHERE reason IS NULL AND version.sensor_id = staged_many.sensor_id AND {closing}
"""
_CLOSE_CONFIRMED: Final = CLOSE.format(
    closing=render_closing((Action.CONFIRM,), "staged_many.status", "version")
)
_CLOSE_REMOVED: Final = CLOSE.format(
    closing=render_closing((Action.REMOVE,), "staged_many.status", "version")
)


def write_insert(changed: dict[str, str]) -> str:
    """The statement that writes the staged versions: copies of their bases with these columns changed."""
    carried = [
        column.name
        for column in sensor_version.columns
        if column.name not in (*SET_BY_WRITING, "registration_status", *changed)
    ]
    return f"""
    INSERT INTO register.sensor_version (
        id, sensor_id, number, registration_status, recorded_at, published_at, {", ".join([*changed, *carried])})
    SELECT version_id, staged_many.sensor_id,
        1 + (SELECT max(number) FROM register.sensor_version WHERE sensor_version.sensor_id = staged_many.sensor_id),
        status, :moment, CASE WHEN status = '{_S.PUBLISHED}' THEN CAST(:moment AS timestamptz) END,
        {", ".join([*changed.values(), *(f"base.{name}" for name in carried)])}
    FROM staged_many JOIN register.sensor_version AS base ON base.id = base_id
    WHERE reason IS NULL
    """


_INSERT_CONFIRMED: Final = write_insert(
    {"last_confirmed_on": "CAST(:today AS date)", "confirm_by": "CAST(:confirm_by AS date)"}
)
_INSERT_REMOVED: Final = write_insert({"removed_on": "CAST(:removed_on AS date)"})

PLACE: Final = """
INSERT INTO register.sensor_place (version_id, municipality_code, municipality_codes)
SELECT staged_many.version_id, municipality_code, municipality_codes
FROM staged_many JOIN register.sensor_place AS place ON place.version_id = base_id WHERE reason IS NULL
"""

STAGED: Final = """
SELECT sensor_id, public_code, version_id, status, reason FROM staged_many ORDER BY sensor_id
"""


def confirm_sensors(session: Session, context: ActionContext, sensor_ids: Collection[UUID]) -> Outcome:
    """Confirm that these sensors are still there as published; the next confirmation is due in a year."""
    values = {"confirm_by": years_later(context.today, 1)}
    statements = (_CONFIRMED, _CLOSE_CONFIRMED, _INSERT_CONFIRMED)
    return _change(session, context, sensor_ids, Action.CONFIRM, statements, values)


def remove_sensors(
    session: Session, context: ActionContext, sensor_ids: Collection[UUID], removed_on: date
) -> Outcome:
    """Report that these sensors were removed on a day."""
    values = {"removed_on": removed_on}
    statements = (_REMOVED, _CLOSE_REMOVED, _INSERT_REMOVED)
    return _change(session, context, sensor_ids, Action.REMOVE, statements, values)


_KINDS: Final = {Action.CONFIRM: ChangeKind.CONFIRMED, Action.REMOVE: ChangeKind.REMOVED}


def count_under_review(session: Session, public_codes: Collection[str]) -> int:
    """How many of these sensors wait for the decision of a municipality."""
    statement = (
        select(func.count())
        .select_from(sensor_version)
        .join(sensor, sensor.c.id == sensor_version.c.sensor_id)
        .where(
            sensor.c.public_code.in_(public_codes), has_status(sensor_version, RegistrationStatus.SUBMITTED)
        )
    )
    return session.scalars(statement).one()


def lock_and_create_table(session: Session, sensor_ids: Collection[UUID]) -> None:
    """Lock these sensors until the transaction ends, and create the empty temporary table `staged_many`."""
    session.execute(text(_LOCK), {"ids": list(sensor_ids)})
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_many"))
    session.execute(text(_CREATE))


def _change(  # noqa: PLR0913, PLR0917 - the parts of one action
    session: Session,
    context: ActionContext,
    sensor_ids: Collection[UUID],
    action: Action,
    statements: tuple[str, str, str],
    more: dict[str, Any],
) -> Outcome:
    values = more | {
        "ids": sorted(sensor_ids),
        "today": context.today,
        "organisations": list(edited_organisations(context.principal)),
        "municipalities": list(edited_municipalities(context.principal)),
    }
    lock_municipalities_shared(session)
    lock_and_create_table(session, values["ids"])
    collect, close, insert = statements
    session.execute(text(collect), values)
    session.execute(text("ANALYZE staged_many"))
    values["moment"] = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    for statement in (close, insert, PLACE):
        session.execute(text(statement), values)
    staged = session.execute(text(STAGED)).all()
    changed = [row for row in staged if row.reason is None]
    published = [row.sensor_id for row in changed if row.status == _S.PUBLISHED]
    publication = Publication()
    for start in range(0, len(published), SENSORS_PER_BATCH):
        batch = published[start : start + SENSORS_PER_BATCH]
        project_sensors(session, batch, publication, kind=_KINDS[action], known=batch)
    if changed:
        write_receipts(session, context, action, [row.version_id for row in changed])
        record_action(
            session,
            principal_id=context.principal.id,
            action=f"{action}_sensor",
            subject_kind="sensor",
            subject_ids=[row.sensor_id for row in changed],
            details={"sensors": len(changed)},
            request_id=context.request_id,
        )
    record_changes(session, publication)
    return Outcome(
        tuple(row.public_code for row in changed),
        tuple((row.public_code, Refusal(row.reason)) for row in staged if row.reason is not None),
    )
