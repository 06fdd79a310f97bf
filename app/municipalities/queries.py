"""Queries of municipalities: the directory of names, and the municipality of one place or of many."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, LiteralString

from geoalchemy2.shape import to_shape
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from app.core.errors import Unavailable
from app.core.i18n import LocalizedText
from app.core.latest_version import LatestVersion
from app.municipalities.directory import Directory
from app.municipalities.provinces import PROVINCES
from app.municipalities.tables import Municipality, MunicipalityEdition, MunicipalityPart

MUNICIPALITY_LOCK: Final = 4_201_963
"""Key of the advisory lock that writers of sensors share and that loading an edition holds exclusively."""

NEAREST_LIMIT_METRES: Final = 5000
"""Largest distance at which a place outside all boundaries belongs to the nearest: editions may leave out water."""

DIRECTORY_STAMP_SQL: Final = """
SELECT coalesce(string_agg(edition || ' ' || loaded_at, ', ' ORDER BY edition), '')
FROM publication.municipality_edition
"""
"""A text that differs after every loading, also between databases."""

DIRECTORY_SQL: Final = """
SELECT json_build_object(
    'editions', (
        SELECT coalesce(json_agg(listed ORDER BY edition DESC), '[]')
        FROM publication.municipality_edition AS listed),
    'municipalities', (
        SELECT coalesce(json_agg(named ORDER BY code), '[]') FROM (
            SELECT DISTINCT ON (code)
                   edition, code, name, province, approximate, in_force, extent, extent_rd,
                   ARRAY(SELECT DISTINCT other.name FROM publication.municipality AS other
                         WHERE other.code = municipality.code AND other.name <> municipality.name
                   ) AS former_names
            FROM publication.municipality JOIN publication.municipality_edition USING (edition)
            ORDER BY code, in_force DESC, edition DESC
        ) AS named),
    'successions', (
        SELECT coalesce(json_agg(followed), '[]') FROM (
            SELECT DISTINCT ON (code) code, since_edition, successor_code, share
            FROM publication.municipality_succession ORDER BY code, since_edition DESC
        ) AS followed)
)::text
"""
"""One row, one text, for `Directory.from_json`."""

_cache = LatestVersion[Directory]()


@dataclass(frozen=True, slots=True)
class Place:
    """The municipality of a point; `distance_m` is 0 inside it, else the distance to its border in metres."""

    code: str
    name: str
    distance_m: float


def lock_municipalities_shared(session: Session) -> None:
    """Lock the edition in force until this transaction ends; writers of sensors call it first."""
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": MUNICIPALITY_LOCK})


def load_directory(session: Session) -> Directory:
    """The names, codes and successions of every edition, as visible to this session."""
    stamp = session.execute(text(DIRECTORY_STAMP_SQL)).scalar_one()
    return _cache.find(stamp) or _store(stamp, session.execute(text(DIRECTORY_SQL)).scalar_one())


async def read_directory(pool: AsyncConnectionPool[Any]) -> Directory:
    """The names, codes and successions of every edition, as visible to the public."""
    async with pool.connection() as connection:
        # The pool returns text as bytes.
        stamp = (await _fetch_value(connection, DIRECTORY_STAMP_SQL)).decode()
        return _cache.find(stamp) or _store(stamp, await _fetch_value(connection, DIRECTORY_SQL))


async def _fetch_value(connection: AsyncConnection[Any], statement: LiteralString) -> bytes:
    cursor = await connection.execute(statement, binary=True)
    (value,) = await cursor.fetchone() or (b"",)
    return bytes(value)


def _store(stamp: str, rows: bytes | str) -> Directory:
    return _cache.store(stamp, Directory.from_json(stamp, rows))


def load_boundaries(session: Session, codes: Collection[str]) -> list[BaseGeometry]:
    """Boundaries of these municipalities in the edition in force, in longitude and latitude, in no order."""
    boundaries = session.scalars(
        select(Municipality.boundary)
        .join(MunicipalityEdition, MunicipalityEdition.edition == Municipality.edition)
        .where(MunicipalityEdition.in_force, Municipality.code.in_(codes))
    )
    return [to_shape(boundary) for boundary in boundaries]


def find_municipality_at(session: Session, x: float, y: float) -> Place | None:
    """The municipality of a point in RD (metres), in the edition in force; None at more than 5 km from all."""
    row = session.execute(_select_place(), {"x": x, "y": y}).one_or_none()
    return Place(*row) if row else None


@cache
def _select_place() -> Select[Any]:
    # Building the statement takes longer than executing it.
    point = func.ST_SetSRID(
        func.ST_MakePoint(bindparam("x", type_=Double), bindparam("y", type_=Double)), 28992
    )
    placed = select_places(
        select(literal_column("1").label("id"), point.label("point_rd")).subquery("points")
    )
    places = placed.subquery("placed")
    return select(places.c.code, Municipality.name, places.c.distance_m).join(
        Municipality, (Municipality.code == places.c.code) & (Municipality.edition == _edition_in_force())
    )


def select_places(points: FromClause) -> Select[Any]:
    """The municipality of each point: rows (id, code, distance_m), none for a point at more than 5 km from all.

    `points` has the columns `id` and `point_rd`; a table with a GiST index on `point_rd`, analysed, is
    fastest for a set. A point on a shared border belongs to the lowest code, as does one equally near.
    """
    part = MunicipalityPart
    inside = (
        select(points.c.id, func.min(part.code).label("code"))
        .select_from(part)
        .join(points, func.ST_Intersects(part.part_rd, points.c.point_rd))
        .where(part.edition == _edition_in_force())
        .group_by(points.c.id)
        .cte("inside")
    )
    distance = func.ST_Distance(part.part_rd, points.c.point_rd)
    nearest = (
        select(part.code, distance.label("distance_m"))
        .where(part.edition == _edition_in_force())
        .where(func.ST_DWithin(part.part_rd, points.c.point_rd, NEAREST_LIMIT_METRES))
        .order_by(distance, part.code)
        .limit(1)
        .lateral("nearest")
    )
    outside = (
        select(points.c.id, nearest.c.code, nearest.c.distance_m)
        .select_from(points)
        .join(nearest, literal_column("true"))
        .where(~select(inside.c.id).where(inside.c.id == points.c.id).exists())
    )
    zero: ColumnElement[float] = literal_column("0::double precision").label("distance_m")
    places = union_all(select(inside.c.id, inside.c.code, zero), outside).subquery("places")
    return select(places.c.id, places.c.code, places.c.distance_m)


def select_touched(areas: FromClause) -> Select[Any]:
    """Every municipality that each area touches: rows (id, code); `areas` has `id` and `area_rd`."""
    part = MunicipalityPart
    return (
        select(areas.c.id, part.code)
        .select_from(part)
        .join(areas, func.ST_Intersects(part.part_rd, areas.c.area_rd))
        .where(part.edition == _edition_in_force())
        .distinct()
    )


def select_provinces(codes: ColumnElement[Any]) -> Select[Any]:
    """The codes of the distinct provinces of municipalities, in the column `value`, for a larger statement."""
    named = {_literal(province.name): _literal(province.code) for province in PROVINCES}
    code = case(*((Municipality.province == name, code) for name, code in named.items()))
    return (
        select(code.label("value"))
        .where(Municipality.edition == _edition_in_force(), Municipality.code == func.any(codes))
        .where(code.is_not(None))
        .distinct()
    )


def _literal(text: str) -> ColumnElement[str]:
    # A literal and not a bound value: the statement becomes part of others, whose values are named.
    return literal_column(f"'{text}'")


def list_editions(session: Session) -> list[MunicipalityEdition]:
    """Every edition, newest first."""
    return list(session.scalars(select(MunicipalityEdition).order_by(MunicipalityEdition.edition.desc())))


def find_edition_in_force(session: Session) -> MunicipalityEdition | None:
    """The edition that decides where sensors lie; None before the first is loaded."""
    return session.scalars(select(MunicipalityEdition).where(MunicipalityEdition.in_force)).one_or_none()


def get_edition_in_force(session: Session) -> MunicipalityEdition:
    """The edition that decides where sensors lie.

    Raises: Unavailable before the first is loaded.
    """
    edition = find_edition_in_force(session)
    if edition is None:
        raise Unavailable(
            LocalizedText(
                "Er zijn nog geen gemeentegrenzen geladen.", "No municipal boundaries have been loaded yet."
            )
        )
    return edition


def _edition_in_force() -> Any:
    return select(MunicipalityEdition.edition).where(MunicipalityEdition.in_force).scalar_subquery()
