"""Boundaries for the public: the municipalities of the edition in force as GeoJSON, made by the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import dialect

from app.core.errors import Problem
from app.municipalities.tables import Municipality
from app.spatial.bbox import Bbox
from app.spatial.cql2.filters import Filter, FilterLanguage, parse_filter, write_condition
from app.spatial.cql2.properties import FilterProperty, PropertyKind
from app.spatial.crs import Crs

FILTERED: Final = ("code", "name", "province")
"""The properties that a search may name, which are columns too."""

SORTED: Final = ("code", "name", "province")
"""Those by which boundaries can be ordered."""

_COLUMNS: Final = cast("Table", Municipality.__table__).c
_FILTERABLE: Final[Mapping[str, FilterProperty]] = {
    **{name: FilterProperty(_COLUMNS[name], PropertyKind.TEXT) for name in FILTERED},
    "geometry": FilterProperty(_COLUMNS.boundary, PropertyKind.GEOMETRY, _COLUMNS.boundary_rd),
}
_DIALECT = dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]

_SELECT: Final = """
WITH shown AS (
    SELECT * FROM publication.municipality JOIN publication.municipality_edition USING (edition)
    WHERE in_force AND {conditions}
),
page AS (
    SELECT code, row_number() OVER (ORDER BY {order}) AS row FROM shown WHERE {after}
    ORDER BY row LIMIT %(fetch)s
)
SELECT string_agg('{{"type":"Feature","id":"' || code || '","geometry":' || {geometry} || ',"properties":'
        || {properties} || '}}', E',\\n' ORDER BY row) FILTER (WHERE row <= %(page)s),
    count(*),
    max(json_build_array({keys})::text) FILTER (WHERE row = %(page)s),
    (SELECT count(*) FROM shown)
FROM page JOIN shown USING (code)
"""

_PROPERTIES: Final = """json_build_object('code', code, 'name', name, 'province', province, 'edition', edition,
        'approximate', approximate, 'attribution', attribution)"""

# The envelope of a diagonal is a point or line for a box without width or height; that of four corners is nothing.
_BOXES: Final = """(
        SELECT ST_Collect(ST_Envelope(ST_MakeLine(ST_MakePoint(west, south), ST_MakePoint(east, north))))
        FROM unnest(%(wests)s::float8[], %(souths)s::float8[], %(easts)s::float8[], %(norths)s::float8[])
            AS box (west, south, east, north)
    )"""

_CHOSEN: Final = (
    "(SELECT coalesce(json_object_agg(key, value), '{}')"  # noqa: S608 - all of it stands in this file
    f" FROM json_each({_PROPERTIES}) WHERE key = ANY(%(properties)s))"
)


@dataclass(frozen=True, slots=True)
class BoundarySearch:
    """Which boundaries, in which order and form. Every criterion narrows; none means all of them.

    `values` gives, for names of `FILTERED`, the texts of which one must match; `order` names of `SORTED`, each
    with whether it is turned round; `after` the values of `order` and the code at which the last page ended.
    """

    bbox: Bbox | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filter: Filter | None = None
    order: tuple[tuple[str, bool], ...] = ()
    after: tuple[str | None, ...] = ()
    limit: int = 100
    crs: Crs = Crs.CRS84
    properties: tuple[str, ...] = ()
    skip_geometry: bool = False


@dataclass(frozen=True, slots=True)
class BoundaryPage:
    """Features as JSON texts joined by commas and line ends; `after` is where the page ends when there are more."""

    features: bytes
    number_returned: int
    number_matched: int
    after: tuple[str | None, ...]


@lru_cache(maxsize=512)
def parse_boundary_filter(
    text: str, language: FilterLanguage, crs: Crs
) -> tuple[Filter | None, tuple[Problem, ...]]:
    """A filter of boundaries, or None and all that is wrong with it."""
    asked, problems = parse_filter(text, language, crs, _FILTERABLE)
    return asked, tuple(problems)


async def read_boundaries(pool: AsyncConnectionPool[Any], search: BoundarySearch) -> BoundaryPage:
    """A page of the boundaries in force: by code, unless the search says otherwise."""
    values: dict[str, Any] = {
        "fetch": search.limit + 1,
        "page": search.limit,
        "properties": list(search.properties),
    }
    values |= {f"value_{name}": list(wanted) for name, wanted in search.values.items()}
    values |= {f"after_{number}": text for number, text in enumerate(search.after)}
    if search.bbox:
        values |= dict(
            zip(
                ("wests", "souths", "easts", "norths"),
                map(list, zip(*search.bbox.parts(), strict=True)),
                strict=True,
            )
        )
    if search.filter:
        values |= search.filter.values
    async with pool.connection() as connection:
        cursor = await connection.execute(_write_statement(search), values, binary=True)
        features, found, last, matched = await cursor.fetchone() or (None, 0, None, 0)
    return BoundaryPage(
        features=features or b"",
        number_returned=min(found, search.limit),
        number_matched=matched,
        after=tuple(json.loads(last)) if last and found > search.limit else (),
    )


def _write_statement(search: BoundarySearch) -> str:
    """Of a few names from the lists above; what was asked comes as bound values."""
    order = [*search.order, ("code", False)]
    conditions = [f"{name} = ANY(%(value_{name})s)" for name in FILTERED if name in search.values]
    if search.filter:
        written = write_condition(search.filter, _FILTERABLE)
        conditions.append(f"({written.compile(dialect=_DIALECT)})")
    if search.bbox:
        # A box is asked in its own system, whichever the answer comes in.
        column, srid = ("boundary_rd", 28992) if search.bbox.crs is Crs.RD else ("boundary", 4258)
        conditions.append(f"ST_Intersects({column}, ST_SetSRID({_BOXES}, {srid}))")
    return _SELECT.format(
        conditions=" AND ".join(conditions) or "true",
        order=", ".join(f"{name} {'DESC' if turned else 'ASC'} NULLS LAST" for name, turned in order),
        after=_write_after(order) if search.after else "true",
        geometry="'null'" if search.skip_geometry else _write_geometry(search.crs),
        properties=_CHOSEN if search.properties else _PROPERTIES,
        keys=", ".join(name for name, _ in order),
    )


def _write_after(order: list[tuple[str, bool]]) -> str:
    """What comes after the last page; the last name of `order` has a value always, and no other row has it."""
    condition = "false"
    for number, (name, turned) in reversed(list(enumerate(order))):
        last = f"CAST(%(after_{number})s AS text)"
        beyond = f"{last} IS NOT NULL AND ({name} {'<' if turned else '>'} {last} OR {name} IS NULL)"
        condition = f"({beyond} OR {name} IS NOT DISTINCT FROM {last} AND {condition})"
    return condition


def _write_geometry(crs: Crs) -> str:
    if crs is Crs.RD:
        geometry = "boundary_rd"
    elif crs is Crs.WEB_MERCATOR:
        # Named 4326, so that the transformation is the formula and no shift between datums.
        geometry = "ST_Transform(ST_SetSRID(boundary, 4326), 3857)"
    else:
        geometry = "ST_FlipCoordinates(boundary)" if crs.latitude_first else "boundary"
    # 0: without the member `crs`, which RFC 7946 took out.
    return f"ST_AsGeoJSON({geometry}, {crs.decimals}, 0)"
