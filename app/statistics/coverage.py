"""Coverage of a municipality: how many sensors, of whom, since when, how complete, and whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app.core.app_state import AppState
from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.duties.duty import Duty
from app.duties.queries import read_duty
from app.duties.wording import DutyKinds, name_kinds
from app.municipalities.queries import AREA_SQL
from app.organisations.public_contact import Contact, find_municipality_contact
from app.sensors.fields import FIELD_LABELS
from app.sensors.presentation import READER_LABELS
from app.sensors.search.completeness import FIELDS_THAT_MATTER, FILLED, MISSING
from app.sensors.search.dimensions import CONFIRMED, Dimension
from app.sensors.search.grouped_counts import CountRow
from app.sensors.search.sensor_search import MunicipalityScope, SensorSearch
from app.statistics.queries import count_sensors_by_each, read_owner_names
from app.vocabularies.queries import read_vocabularies

MOMENTS_SQL: Final = """
SELECT (SELECT id FROM publication.municipality_sensor WHERE municipality_code = %(code)s ORDER BY id LIMIT 1),
    (SELECT id FROM publication.municipality_sensor WHERE municipality_code = %(code)s ORDER BY id DESC LIMIT 1)
"""
"""The first and the last id of the sensors of a municipality: an id begins with the moment of registration."""

_SQUARE_METRES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class FieldCompleteness:
    """The number of sensors to which a field applies, and how many of these filled it in."""

    name: str
    label: LocalizedText
    applies: int
    filled: int

    @property
    def share(self) -> float | None:
        """The part that filled it in, 0 to 1; None when it applies to no sensor."""
        return self.filled / self.applies if self.applies else None


@dataclass(frozen=True, slots=True)
class OwnerCount:
    """An owner with its number of sensors; `name` is None for one without a public name."""

    id: str
    name: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a municipality today: what the register knows of it.

    Owners come with the most sensors first. The moments are of the first and last registration of a sensor that is
    public, in any status; None without one. `duty` is the rule of the municipality today. `area_km2` is that of its
    boundary in RD, None without one in force.
    """

    municipality_code: str
    sensors: int
    owners: tuple[OwnerCount, ...]
    first_registered_at: datetime | None
    last_registered_at: datetime | None
    confirmed: int
    completeness: tuple[FieldCompleteness, ...]
    area_km2: float | None
    contact: Contact | None
    duty: Duty
    duty_kinds: DutyKinds

    @property
    def confirmed_share(self) -> float | None:
        """The part of the sensors that their owners confirmed in time, 0 to 1; None without sensors."""
        return self.confirmed / self.sensors if self.sensors else None

    @property
    def sensors_per_km2(self) -> float | None:
        return self.sensors / self.area_km2 if self.area_km2 else None


async def read_completeness(state: AppState, search: SensorSearch) -> tuple[FieldCompleteness, ...]:
    """The completeness of each field that matters, of the sensors that a search finds.

    Raises: psycopg errors, for the exception handlers.
    """
    counts = await count_sensors_by_each(state, search, (Dimension.FIELD_STATE,))
    return describe_completeness(counts[Dimension.FIELD_STATE])


async def read_coverage(state: AppState, municipality_code: str) -> Coverage:
    """Read what the register knows today of a municipality in force.

    Raises: psycopg errors, for the exception handlers.
    """
    search = SensorSearch(dutch_date(), municipality=MunicipalityScope(municipality_code))
    wanted = (Dimension.OWNER, Dimension.CONFIRMED, Dimension.FIELD_STATE)
    counts = await count_sensors_by_each(state, search, wanted)
    owners = sorted(counts[Dimension.OWNER], key=lambda row: (-row.count, row.values))
    names = await read_owner_names(state, [str(row.values[0]) for row in owners])
    default_days = state.settings.notification_term_days
    duty = await read_duty(state.read_pool, municipality_code, default_days=default_days)
    vocabularies = await read_vocabularies(state.read_pool)
    async with state.read_pool.connection() as connection:
        values = {"code": municipality_code}
        first, last = await _fetch_row(connection, MOMENTS_SQL, values) or (None, None)
    return Coverage(
        municipality_code,
        sum(row.count for row in owners),
        tuple(OwnerCount(str(row.values[0]), names.get(str(row.values[0])), row.count) for row in owners),
        _find_moment(first),
        _find_moment(last),
        sum(row.count for row in counts[Dimension.CONFIRMED] if row.values == (CONFIRMED,)),
        describe_completeness(counts[Dimension.FIELD_STATE]),
        await read_area_km2(state, municipality_code),
        await find_municipality_contact(state.read_pool, municipality_code),
        duty,
        name_kinds(duty, vocabularies),
    )


async def read_area_km2(state: AppState, municipality_code: str) -> float | None:
    """The area of a municipality in force by its boundary in RD; None for another code."""
    async with state.read_pool.connection() as connection:
        (area,) = await _fetch_row(connection, AREA_SQL, {"code": municipality_code}) or (None,)
    return area / _SQUARE_METRES if area else None


def describe_completeness(rows: Sequence[CountRow]) -> tuple[FieldCompleteness, ...]:
    """The completeness of each field that matters, from counts by `Dimension.FIELD_STATE`."""
    counts = {row.values[0]: row.count for row in rows}
    described = []
    for field in FIELDS_THAT_MATTER:
        filled = counts.get(f"{field.name}={FILLED}", 0)
        missing = counts.get(f"{field.name}={MISSING}", 0)
        label = READER_LABELS.get(field.name, FIELD_LABELS[field.name])
        described.append(FieldCompleteness(field.name, label, filled + missing, filled))
    return tuple(described)


async def _fetch_row(connection: Any, statement: str, values: dict[str, Any]) -> Any:
    return await (await connection.execute(statement, values, prepare=True, binary=True)).fetchone()


def _find_moment(identifier: UUID | None) -> datetime | None:
    """The moment of a UUID of version 7: its first 48 bits are milliseconds. Source: RFC 9562, 5.7."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC) if identifier else None
