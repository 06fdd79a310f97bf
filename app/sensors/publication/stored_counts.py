"""Counts by dimension from the stored ones: of the whole register, or of a municipality, a province or kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Boolean,
    ColumnClause,
    ColumnElement,
    ScalarSelect,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
)

from app.sensors.publication.statistics import SCOPES, STORED_AS, select_stored
from app.sensors.search.bound_values import bind, today
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.grouped_counts import SensorCounts, count_by, read_counts_row
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.pages import ReadPool
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import change, published_sensor

_TODAY: Final = "CAST(:today AS date)"


@dataclass(frozen=True, slots=True)
class _Within:
    """The stored counts that answer a search: those within a scope, of all its values or of these."""

    scope: Dimension
    values: tuple[str, ...] | None = None

    @property
    def is_overlapping(self) -> bool:
        return self.scope is Dimension.MUNICIPALITY and self.values is not None and len(self.values) > 1


_WHOLE: Final = _Within(Dimension.SENSOR_TYPE)
"""Each sensor has one kind, so that all kinds together are the whole register."""


def _find_stored(search: SensorSearch) -> _Within | None:
    if search.statuses and set(search.statuses) != set(OPERATIONAL_STATUSES):
        return None
    plain = replace(search, statuses=())
    if plain.is_whole_collection:
        return _WHOLE
    if plain.is_one_municipality and search.municipality:
        return _Within(Dimension.MUNICIPALITY, (search.municipality.code,))
    if search.province and replace(plain, province=None).is_whole_collection:
        return _Within(Dimension.MUNICIPALITY, search.province.municipality_codes)
    if search.values.keys() == {Dimension.SENSOR_TYPE} and replace(plain, values={}).is_whole_collection:
        return _Within(Dimension.SENSOR_TYPE, tuple(dict.fromkeys(search.values[Dimension.SENSOR_TYPE])))
    return None


def has_stored_counts(search: SensorSearch, by: Sequence[Dimension] = ()) -> bool:
    """Whether stored counts answer a search: every status or none, and a municipality in force, a province, or kinds.

    By two dimensions they answer for the whole register, when one of the two is the municipality or the kind.
    """
    within = _find_stored(search)
    if within is None or len(by) < 2:
        return within is not None
    return within.values is None and not set(SCOPES).isdisjoint(by)


Planned = tuple[str, Mapping[str, Any]]
"""A statement of one row, as that of `grouped_counts`, and its values."""


async def read_stored_counts(
    pool: ReadPool, search: SensorSearch, dimensions: Sequence[Dimension]
) -> SensorCounts:
    """The counts of a search that has stored counts, by each of these dimensions.

    Raises: psycopg errors, for the exception handlers.
    """
    return await _read(pool, plan_stored_counts(search, dimensions))


async def read_stored_pair(pool: ReadPool, search: SensorSearch, by: Sequence[Dimension]) -> SensorCounts:
    """The counts of the whole register by a pair of dimensions, of which one is a scope of the stored counts.

    Raises: psycopg errors, for the exception handlers.
    """
    return await _read(pool, plan_stored_pair(search, by))


def plan_stored_counts(search: SensorSearch, dimensions: Sequence[Dimension]) -> Planned:
    """The statement of `read_stored_counts`."""
    within = _find_stored(search) or _WHOLE
    chosen, overlapping = within.values is not None, within.is_overlapping
    statement = _compile_counts(within.scope, tuple(dimensions), chosen=chosen, overlapping=overlapping)
    return statement, _bind(search, within)


def plan_stored_pair(search: SensorSearch, by: Sequence[Dimension]) -> Planned:
    """The statement of `read_stored_pair`."""
    return _compile_pair(tuple(by)), _bind(search, _WHOLE)


def _bind(search: SensorSearch, within: _Within) -> Mapping[str, Any]:
    return {
        "today": search.today,
        "scope_values": list(within.values or ()),
        "shows_all": bool(search.statuses),
    }


async def _read(pool: ReadPool, planned: Planned) -> SensorCounts:
    async with pool.connection() as connection:
        cursor = await connection.execute(*planned, prepare=True, binary=True)
        return read_counts_row(await cursor.fetchone())


@lru_cache(maxsize=64)
def _compile_counts(
    scope: Dimension, dimensions: tuple[Dimension, ...], *, chosen: bool, overlapping: bool
) -> str:
    """A statement of one row, as that of `grouped_counts`."""
    written = select_stored(
        _TODAY, scope, (Dimension.SENSOR_TYPE, *dimensions), chosen=chosen, overlapping=overlapping
    )
    stored = _as_table(written)
    mine = stored.c.scope == literal_column(f"'{scope}'")
    if chosen:
        mine &= stored.c.scope_value == func.any(bind("scope_values", ARRAY(Text)))
    alike = [_group(stored, dimension, mine, []) for dimension in dimensions]
    counted = [count_by(one, (dimension,)) for one, dimension in zip(alike, dimensions, strict=True)]
    return _compile_row(_total(stored, mine), counted)


@lru_cache(maxsize=64)
def _compile_pair(by: tuple[Dimension, ...]) -> str:
    """A statement of one row, as that of `grouped_counts`."""
    scope = next(one for one in SCOPES if one in by)
    [other] = set(by) - {scope}
    stored = _as_table(select_stored(_TODAY, scope, (other,), chosen=False))
    within = stored.c.scope == literal_column(f"'{scope}'")
    value = func.nullif(stored.c.scope_value, literal_column("''")).label(scope.lower())
    alike = _group(stored, other, within, [value])
    kinds = _as_table(
        select_stored(_TODAY, Dimension.SENSOR_TYPE, (Dimension.SENSOR_TYPE,), chosen=False), "kinds"
    )
    total = _total(kinds, kinds.c.scope == literal_column(f"'{Dimension.SENSOR_TYPE}'"))
    return _compile_row(total, [count_by(alike, by, single=(scope,))])


def _as_table(written: str, name: str = "stored") -> CTE:
    columns: list[ColumnClause[Any]] = [
        *(column(name, Text()) for name in ("scope", "scope_value", "dimension", "value")),
        column("is_shown", Boolean()),
        column("sensors", BigInteger()),
    ]
    return text(written).columns(*columns).cte(name)


def _group(
    stored: CTE, dimension: Dimension, which: ColumnElement[bool], further: list[ColumnElement[Any]]
) -> CTE:
    """The stored counts of a dimension by its column, as `count_by` takes them."""
    kind = SOURCES[dimension].read(published_sensor, today()).type
    if not isinstance(kind, ARRAY | Uuid):
        kind = Text()
    value = cast(func.nullif(stored.c.value, literal_column("''")), kind).label(dimension.lower())
    total = func.sum(stored.c.sensors)
    return (
        select(value, *further, total.label("sensors"))
        .where(which, _is_chosen(stored), stored.c.dimension == literal_column(f"'{STORED_AS[dimension]}'"))
        .group_by(stored.c.value, *([stored.c.scope_value] if further else []))
        .having(total != literal_column("0"))
        .cte(f"alike_{dimension.lower()}")
    )


def _total(stored: CTE, which: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The number of sensors, counted by the kind: each sensor has one."""
    every = func.coalesce(func.sum(stored.c.sensors), literal_column("0"))
    of_kind = stored.c.dimension == literal_column(f"'{Dimension.SENSOR_TYPE}'")
    return select(every).where(which, _is_chosen(stored), of_kind).scalar_subquery()


def _compile_row(total: ScalarSelect[Any], counted: list[ColumnElement[Any]]) -> str:
    """The statement with the last change and the total."""
    latest = select(func.max(change.c.number)).scalar_subquery()
    return compile_statement(select(latest, cast(total, BigInteger), *counted))


def _is_chosen(stored: CTE) -> ColumnElement[bool]:
    return stored.c.is_shown | bind("shows_all", Boolean())
