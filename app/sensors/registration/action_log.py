"""The audit trail as an organisation's auditors read it: who of theirs did what, when and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.registration.lifecycle import Action
from app.sensors.registration.review_permissions import review_place_sql
from app.sensors.registration_status import list_sql

PAGE_ENTRIES: Final = 50
NAMED_SENSORS: Final = 3


@dataclass(frozen=True, slots=True)
class LogSearch:
    """The entries that are asked for: of an organisation, or without one of the whole register.

    `principal_id`, `action` and the days, in Dutch time and both included, narrow them; `before` is the entry at
    which a page begins.
    """

    organisation_id: UUID | None
    principal_id: UUID | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None
    before: UUID | None = None
    limit: int = PAGE_ENTRIES


@dataclass(frozen=True, slots=True)
class LoggedAction:
    """One entry. `actor` is None for the command line; `codes` are the registration numbers of the first sensors."""

    id: UUID
    recorded_at: datetime
    principal_id: UUID | None
    actor: str | None
    action: str
    subject_kind: str
    subject: str | None
    subjects: int
    codes: list[str]
    details: dict[str, Any]
    reason: str | None
    request_id: str | None


_DECIDED: Final = list_sql(f"{one}_sensor" for one in (Action.PUBLISH, Action.REQUEST_CHANGES, Action.REJECT))

# Entries of a person who also works elsewhere are those about this organisation; so are those of the links in mail. A
# decision is about the municipality that reviews, and an import about its owners and who sent it, as its receipts say.
_OF_ORGANISATION: Final = f"""
entry.principal_id = ANY(CAST(:people AS uuid[])) AND (
    NOT entry.principal_id = ANY(CAST(:shared AS uuid[]))
    OR entry.on_behalf_of = :organisation_id
    OR entry.subject_ids @> ARRAY[CAST(:organisation_id AS text)]
    OR CASE WHEN entry.subject_kind = 'sensor' THEN EXISTS (
        SELECT FROM register.sensor WHERE id = CAST(entry.subject_ids[1] AS uuid) AND owner_id = :organisation_id)
        OR entry.action IN {_DECIDED} AND EXISTS (
            SELECT FROM register.sensor_version AS version
            JOIN register.sensor_place AS place ON place.version_id = version.id
            JOIN publication.organisation AS municipality ON municipality.id = :organisation_id
            WHERE version.sensor_id = CAST(entry.subject_ids[1] AS uuid)
                AND municipality.municipality_code = {review_place_sql("place")})
       WHEN entry.subject_kind = 'import' THEN EXISTS (
        SELECT FROM register.receipt WHERE import_id = CAST(entry.subject_ids[1] AS uuid)
            AND :organisation_id IN (organisation_id, submitted_by_id))
       ELSE false END)
"""  # noqa: S608 - no text of a request

_PEOPLE: Final = """
SELECT person.id, bool_or(other.id IS NOT NULL) OR person.id = any(CAST(:systems AS uuid[])) AS is_shared
FROM register.principal AS person
LEFT JOIN register.access_grant AS access
    ON access.principal_id = person.id AND access.organisation_id = :organisation_id
LEFT JOIN register.access_grant AS other
    ON other.principal_id = person.id AND other.organisation_id IS DISTINCT FROM :organisation_id
WHERE access.id IS NOT NULL OR person.id = any(CAST(:systems AS uuid[]))
GROUP BY person.id
"""

_SYSTEMS: Final = "SELECT id FROM register.principal WHERE handle LIKE 'system:%'"

_SELECT: Final = """
SELECT entry.id, entry.recorded_at, entry.principal_id, principal.name AS actor, entry.action, entry.subject_kind,
    entry.subject_ids[1] AS subject, cardinality(entry.subject_ids) AS subjects,
    CASE WHEN entry.subject_kind = 'sensor' THEN ARRAY(
        SELECT public_code FROM register.sensor
        WHERE id = ANY(CAST(entry.subject_ids[1:{named}] AS uuid[])) ORDER BY public_code)
    ELSE '{{}}' END AS codes,
    entry.details, entry.reason, entry.request_id
FROM (
    SELECT * FROM audit.audit_entry AS entry WHERE {conditions} ORDER BY id DESC LIMIT :limit
) AS entry
LEFT JOIN register.principal ON principal.id = entry.principal_id
ORDER BY entry.id DESC
"""

_DUTCH_DAY: Final = "CAST(CAST(:{day} AS date) AS timestamp) AT TIME ZONE 'Europe/Amsterdam'"


def list_actions(session: Session, search: LogSearch) -> Sequence[LoggedAction]:
    """The entries of a page, newest first; one more than the limit when more follow."""
    values: dict[str, Any] = {"limit": search.limit + 1}
    conditions = ["true"]
    if search.organisation_id is not None:
        values |= _find_people(session, search.organisation_id)
        conditions.append(_OF_ORGANISATION)
    if search.principal_id is not None:
        conditions.append("entry.principal_id = :principal_id")
        values["principal_id"] = search.principal_id
    if search.action is not None:
        conditions.append("entry.action = :action")
        values["action"] = search.action
    if search.since is not None:
        conditions.append(f"entry.recorded_at >= {_DUTCH_DAY.format(day='since')}")
        values["since"] = search.since
    if search.until is not None:
        conditions.append(f"entry.recorded_at < {_DUTCH_DAY.format(day='until')} + interval '1 day'")
        values["until"] = search.until
    if search.before is not None:
        conditions.append("entry.id < :before")
        values["before"] = search.before
    statement = _SELECT.format(named=NAMED_SENSORS, conditions=" AND ".join(f"({one})" for one in conditions))
    return [LoggedAction(**row) for row in session.execute(text(statement), values).mappings()]


def _find_people(session: Session, organisation_id: UUID) -> dict[str, Any]:
    systems = list(session.scalars(text(_SYSTEMS)))
    values = {"organisation_id": organisation_id, "systems": systems}
    people = session.execute(text(_PEOPLE), values).all()
    return {
        "organisation_id": organisation_id,
        "people": [row.id for row in people],
        "shared": [row.id for row in people if row.is_shared],
    }
