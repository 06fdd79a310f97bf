"""Gaps and doubts in an owner's registrations, each at one field: how many there are, and at which sensors.

Empty fields are those that matter to a reader (`completeness.py`); doubts are the warnings stored with a record, and
links that do not answer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, column, exists, false, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.core.i18n import LocalizedText
from app.sensors.fields import FIELD_BY_NAME, FIELDS, FieldKind
from app.sensors.registration.reference_order import rank_references
from app.sensors.registration_status import is_current, render_condition
from app.sensors.search.completeness import FIELDS_THAT_MATTER
from app.sensors.tables.links import LinkCheck
from app.sensors.tables.register import sensor, sensor_version

_LINKS: Final = tuple(field.name for field in FIELDS if field.kind is FieldKind.URL)

_DEAD: Final = select(LinkCheck.url).where(
    LinkCheck.failures >= 2,
    # Where no other link has answered since, it is the register that reaches nothing.
    LinkCheck.failing_since < select(func.max(LinkCheck.answered_at)).scalar_subquery(),
)
"""The links that do not answer."""

_APPLIES: Final = {field.name: field.applies for field in FIELDS_THAT_MATTER}


class FaultKind(StrEnum):
    """Kind of a gap or doubt."""

    EMPTY = "empty"
    WARNING = "warning"
    LINK = "link"
    """The link did not answer on two days."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Gap or doubt at a field; `code` is that of a warning, else empty."""

    kind: FaultKind
    field: str
    code: str = ""

    def write(self) -> str:
        """The fault as a value of an address."""
        return ".".join((self.kind, self.field, *([self.code] if self.code else [])))

    @classmethod
    def parse(cls, given: str) -> Self | None:
        """The fault of such a value; None for anything else."""
        kind, _, rest = given.partition(".")
        field, _, code = rest.partition(".")
        if kind == FaultKind.EMPTY and field in _APPLIES and not code:
            return cls(FaultKind.EMPTY, field)
        if kind == FaultKind.LINK and field in _LINKS and not code:
            return cls(FaultKind.LINK, field)
        if kind == FaultKind.WARNING and field in FIELD_BY_NAME and code:
            return cls(FaultKind.WARNING, field, code)
        return None


_EMPTY: Final = tuple(Fault(FaultKind.EMPTY, name) for name in _APPLIES)
_DEAD_LINKS: Final = tuple(Fault(FaultKind.LINK, name) for name in _LINKS)


@dataclass(frozen=True, slots=True)
class CountedFault:
    """A fault and the number of sensors that have it; `example` is the sentence of one of the warnings."""

    fault: Fault
    sensors: int
    example: LocalizedText | None


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault of one sensor."""

    reference: str
    public_code: str
    name: str | None
    fault: Fault
    detail: LocalizedText | None


def has_fault(version: FromClause, fault: Fault) -> ColumnElement[bool]:
    """Whether a version that is not of a removed sensor has this fault."""
    return and_(version.c.removed_on.is_(None), _has(version, fault))


def _has(version: FromClause, fault: Fault) -> ColumnElement[bool]:
    if fault.kind is FaultKind.EMPTY:
        applies = _APPLIES.get(fault.field)
        return and_(applies(version), _is_empty(version, fault.field)) if applies else false()
    if fault.kind is FaultKind.LINK:
        dead: ColumnElement[bool] = version.c[FIELD_BY_NAME[fault.field].column].in_(_DEAD)
        return dead
    warning = (
        func.jsonb_array_elements(version.c.warnings).table_valued(column("value", JSONB)).alias("warning")
    )
    return exists(
        select(1)
        .select_from(warning)
        .where(
            warning.c.value["code"].astext == fault.code,
            func.split_part(warning.c.value["location"].astext, "/", 2) == fault.field,
        )
    )


def _is_empty(version: FromClause, name: str) -> ColumnElement[bool]:
    empty: ColumnElement[bool] = version.c[FIELD_BY_NAME[name].column].is_(None)
    return empty


_WARNINGS: Final = f"""
FROM register.sensor_version AS version
CROSS JOIN LATERAL jsonb_array_elements(version.warnings) AS warning (value)
JOIN register.sensor ON sensor.id = version.sensor_id
WHERE version.owner_id = CAST(:owner AS uuid) AND {render_condition(is_current, "version")}
    AND version.removed_on IS NULL AND version.warnings <> '[]'
"""

_COUNT_WARNINGS: Final = f"""
SELECT split_part(warning.value ->> 'location', '/', 2) AS field, warning.value ->> 'code' AS code,
    count(DISTINCT version.id) AS sensors, min(CAST(warning.value -> 'detail' AS text)) AS detail
{_WARNINGS} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""

_LIST_WARNINGS: Final = f"""
SELECT version.reference, sensor.public_code, version.name,
    split_part(warning.value ->> 'location', '/', 2) AS field, warning.value ->> 'code' AS code,
    warning.value -> 'detail' AS detail
{_WARNINGS} ORDER BY version.reference, 4, 5
"""


def count_faults(session: Session, owner_id: UUID) -> list[CountedFault]:
    """Every fault that an owner's sensors have: warnings, dead links, empty fields, each by number of sensors."""
    found = []
    for row in session.execute(text(_COUNT_WARNINGS), {"owner": owner_id}):
        fault = Fault.parse(f"{FaultKind.WARNING}.{row.field}.{row.code}")
        if fault is not None:
            found.append(CountedFault(fault, row.sensors, _read_detail(row.detail)))
    faults = _list_possible(session)
    counts = [func.count().filter(_has(sensor_version, fault)) for fault in faults]
    row = session.execute(_select(owner_id, counts)).one()
    others = [CountedFault(fault, count, None) for fault, count in zip(faults, row, strict=True) if count]
    return found + sorted(others, key=lambda one: (one.fault.kind is FaultKind.EMPTY, -one.sensors))


def list_faults(session: Session, owner_id: UUID) -> list[FaultRow]:
    """Every fault of every sensor of an owner, by reference; may be empty."""
    rows = [
        FaultRow(row.reference, row.public_code, row.name, fault, LocalizedText(**row.detail))
        for row in session.execute(text(_LIST_WARNINGS), {"owner": owner_id})
        if (fault := Fault.parse(f"{FaultKind.WARNING}.{row.field}.{row.code}")) is not None
    ]
    faults = _list_possible(session)
    columns = [sensor_version.c.reference, sensor.c.public_code, sensor_version.c.name]
    states = [_has(sensor_version, fault) for fault in faults]
    statement = _select(owner_id, [*columns, *states]).join(sensor, sensor.c.id == sensor_version.c.sensor_id)
    for reference, public_code, name, *found in session.execute(statement):
        rows += [
            FaultRow(reference, public_code, name, fault, None)
            for fault, is_found in zip(faults, found, strict=True)
            if is_found
        ]
    rank = rank_references(session, [row.reference for row in rows])
    return sorted(rows, key=lambda row: rank[row.reference])


def _list_possible(session: Session) -> tuple[Fault, ...]:
    """The faults that one column of a version decides; without dead links, none of them is looked for."""
    has_dead_links = session.scalar(select(exists(_DEAD)))
    return (*_EMPTY, *_DEAD_LINKS) if has_dead_links else _EMPTY


def _select(owner_id: UUID, columns: Sequence[Any]) -> Select[Any]:
    return select(*columns).where(
        sensor_version.c.owner_id == owner_id,
        is_current(sensor_version),
        sensor_version.c.removed_on.is_(None),
    )


def _read_detail(stored: str) -> LocalizedText:
    return LocalizedText(**json.loads(stored))
