"""A tile in one statement: sensors of one cell as a cluster, single sensors as points.

A statement counts whole cells, also those that a tile shares with its neighbour. A cluster belongs to the tile of its
centre, and is the same in the buffer of a neighbour. So the tiles of one zoom level without their buffers count each
sensor once, and in any tile a cluster has the same number of its cell as feature id.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from psycopg.errors import QueryCanceled
from psycopg.types.numeric import Int4, Int8
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import FromClause, Text, and_, literal_column, select, true

from app.core.errors import Unavailable
from app.core.i18n import LocalizedText
from app.sensors.publication.clusters import (
    COARSE_LEVEL,
    FACETS,
    FINE_LEVEL,
    PROCESSES_PERSONAL_DATA,
    READ_CELLS,
    WHOLE_PLACE,
)
from app.sensors.search.bound_values import bind, today
from app.sensors.search.conditions import bind_search, select_conditions, select_valid
from app.sensors.search.operational_status import STATUS_PROPERTY, operational_status
from app.sensors.search.query_shape import QueryShape, cache_by_shape
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_statement, key_ranges
from app.sensors.tables.publication import municipality_sensor, published_sensor, published_version
from app.spatial.crs import Crs
from app.spatial.sort_key_ranges import SortKeyRanges
from app.tiles.tile_matrix_sets import BUFFER, EXTENT, Tile, TileMatrixSet

LAYER: Final = "sensors"

POINTS_FROM_LEVEL: Final = 7
"""Cells of 256 m and smaller (web maps from zoom 13). Their sensors are drawn as points, unless they would overlap."""

MAX_POINTS_IN_CELL: Final = 16
"""More points in a cell, a twelfth of a tile wide, would cover each other."""

_TOO_MANY: Final = LocalizedText(
    "Dit gebied is te groot om deze zoekvraag op tijd te tellen. Zoom in, of zoek in een kleiner gebied.",
    "This area is too large to count this search in time. Zoom in, or search a smaller area.",
)

_WHOLE_CURVE: Final = SortKeyRanges([0], [(1 << 36) - 1])


async def read_tile(pool: AsyncConnectionPool[Any], tile: Tile, search: SensorSearch) -> tuple[bytes, int]:
    """The tile as a Mapbox Vector Tile, empty for a tile without sensors, and the number of its last change.

    Raises: Unavailable when counting takes too long; other psycopg errors, translated at the edge.
    """
    content, change_number = await _read(pool, plan_tile(tile, search))
    return bytes(content or b""), change_number or 0


async def read_symbols(
    pool: AsyncConnectionPool[Any], tile: Tile, search: SensorSearch
) -> list[dict[str, Any]]:
    """The features of the tile without those of its buffer: the properties of the tile, and `across` and `down` in its
    units from its upper left corner.

    Raises: Unavailable when counting takes too long; other psycopg errors, translated at the edge.
    """
    content, _ = await _read(pool, plan_tile(tile, search, as_rows=True))
    drawn = range(EXTENT)
    return [row for row in content or () if row["across"] in drawn and row["down"] in drawn]


async def _read(pool: AsyncConnectionPool[Any], plan: tuple[str, dict[str, Any], bool]) -> Any:
    statement, values, prepare = plan
    async with pool.connection() as connection:
        try:
            cursor = await connection.execute(statement, values, prepare=prepare, binary=True)
        except QueryCanceled:
            raise Unavailable(_TOO_MANY, headers={"Retry-After": "60"}) from None
        return await cursor.fetchone()


def plan_tile(tile: Tile, search: SensorSearch, *, as_rows: bool = False) -> tuple[str, dict[str, Any], bool]:
    """The statement of a tile, as its message or as its rows, its values, and whether to cache its plan."""
    sort_key_ranges = tile.find_sort_key_ranges()
    values = _bind_tile(tile) | bind_search(search)
    facet = find_facet(search) if tile.level >= FINE_LEVEL else None
    if facet is not None:
        level = COARSE_LEVEL if tile.level >= COARSE_LEVEL else FINE_LEVEL
        values |= {
            "facet": facet[0],
            "values": list(facet[1]),
            "level": Int4(level),
            "shift": Int4(2 * (tile.level - level)),
        }
        statement, prepare = compile_stored(tile.matrix_set, as_rows=as_rows), True
        sort_key_ranges = sort_key_ranges or _WHOLE_CURVE
    else:
        sort_key_ranges = sort_key_ranges or search.sort_key_ranges()
        shape, max_points = _make_tile_shape(search), _find_max_points(tile.level)
        values |= {"shift": Int4(2 * tile.level), "max_points": Int4(max_points)}
        statement = compile_grouped(
            shape,
            matrix_set=tile.matrix_set,
            in_ranges=sort_key_ranges is not None,
            max_points=max_points,
            as_rows=as_rows,
        )
        prepare = shape.is_common
    if sort_key_ranges is not None:
        values |= {"lows": sort_key_ranges.lows, "highs": sort_key_ranges.highs}
    return statement, values, prepare


def find_facet(search: SensorSearch) -> tuple[str, tuple[str, ...]] | None:
    """The facet and the values whose stored counts answer this search; None when no stored counts do."""
    if not replace(search, values={}, statuses=()).is_whole_collection:
        return None
    if search.statuses:
        return (STATUS_PROPERTY, tuple(sorted(set(search.statuses)))) if not search.values else None
    if not search.values:
        return "", ("",)
    if len(search.values) > 1:
        return None
    ((name, values),) = search.values.items()
    # A sensor with two themes is counted under both.
    if name not in FACETS or (name == "themes" and len(values) > 1):
        return None
    return name, tuple(sorted({str(value) for value in values}))


def _make_tile_shape(search: SensorSearch) -> QueryShape:
    """The shape of a search without order, page and output, which a tile does not have."""
    return QueryShape.of(
        replace(search, after=None, order=(), properties=(), skip_geometry=False, crs=Crs.CRS84)
    )


def _find_max_points(level: int) -> int:
    """Maximum number of sensors in a cell that are drawn as points: none for large cells, one for smaller cells."""
    if level <= POINTS_FROM_LEVEL:
        return MAX_POINTS_IN_CELL
    return 1 if level < FINE_LEVEL else 0


def _bind_tile(tile: Tile) -> dict[str, Any]:
    span = EXTENT << tile.zoom
    first_across, first_down = tile.col * EXTENT, tile.row * EXTENT
    # Integers of a fixed width: psycopg would otherwise prepare a statement for each width.
    return {"span": Int8(span), "first_across": Int8(first_across), "first_down": Int8(first_down)}


@lru_cache(maxsize=4)
def compile_stored(matrix_set: TileMatrixSet, *, as_rows: bool) -> str:
    """A statement for a tile from stored counts, which has clusters only."""
    u, v = _axes(matrix_set)
    return f"""
WITH part AS ({READ_CELLS}),
cell AS (
    SELECT cell >> %(shift)s AS number, sum(sensors) AS sensors, sum(personal_data_sensors) AS personal_data_sensors,
        sum(sum_{u}) AS sum_u, sum(sum_{v}) AS sum_v
    FROM part GROUP BY 1 HAVING sum(sensors) > 0
)
{_draw(f"SELECT {_place_cluster(matrix_set)}, {_CLUSTER} FROM cell", as_rows=as_rows)}"""  # noqa: S608 - holds no text of a request


@cache_by_shape
def compile_grouped(
    shape: QueryShape, *, matrix_set: TileMatrixSet, in_ranges: bool, max_points: int, as_rows: bool
) -> str:
    """A statement for a tile of any other search, which counts its matches and may draw some as points."""
    u, v = _axes(matrix_set)
    # The ids are gathered for points only: there may be a million.
    ids = ", array_agg(id) AS ids" if max_points else ""
    if max_points > 1:
        # The cells reach beyond what is drawn: a point outside it need not be looked up. With one point in a cell there
        # are few to look up, and computing the place of every member would cost more.
        inside = _is_drawn(*_place(matrix_set, u, v))
        ids = f", array_agg(id) FILTER (WHERE {inside}) AS ids"
    points = f"UNION ALL {_select_points(matrix_set, shape)}" if max_points else ""
    return f"""
WITH member AS ({_select_members(shape, u, v, in_ranges=in_ranges)}),
cell AS (
    SELECT sort_key >> %(shift)s AS number, count(*) AS sensors,
        count(*) FILTER (WHERE {PROCESSES_PERSONAL_DATA}) AS personal_data_sensors,
        sum({WHOLE_PLACE[u]}) AS sum_u, sum({WHOLE_PLACE[v]}) AS sum_v{ids}
    FROM member GROUP BY 1
)
{
        _draw(
            f'''
    SELECT {_place_cluster(matrix_set)}, {_CLUSTER} FROM cell WHERE sensors > %(max_points)s
    {points}''',
            as_rows=as_rows,
        )
    }"""  # noqa: S608 - holds no text of a request


def _select_members(shape: QueryShape, u: str, v: str, *, in_ranges: bool) -> str:
    """The matches with their places. Those of a municipality come from the table of links, as on its pages."""
    table, link = shape.table, municipality_sensor
    # The links have the sort key too, so ranges serve here as well.
    linked = shape.municipality == "current" and not shape.as_of
    sort_key = (link if linked else table).c.sort_key
    # By both columns of the index of the sort key, which has what a map filters by: the sensors are not read.
    same = and_(table.c.sort_key == link.c.sort_key, table.c.id == link.c.id)
    source: FromClause = link.join(table, same) if linked else table
    members = select(sort_key, table.c.id, table.c.personal_data, table.c[u], table.c[v]).select_from(source)
    members = members.where(*select_conditions(shape, table, linked=linked))
    if linked:
        members = members.where(link.c.municipality_code == bind("municipality", Text()))
        if not shape.shows_all:
            members = members.where(link.c.hidden_from > today())
    if not in_ranges:
        return compile_statement(members)
    ranges = key_ranges()
    inside = members.where(sort_key.between(ranges.c.low, ranges.c.high))
    # An unreachable limit makes the planner read the ranges one by one, each from an index.
    found = inside.limit(literal_column(str(10**9))).lateral("found")
    return compile_statement(select(*found.c).select_from(ranges.join(found, true())))


def _select_points(matrix_set: TileMatrixSet, shape: QueryShape) -> str:
    """The sensors of cells with few sensors, with the properties that a map shows."""
    u, v = _axes(matrix_set)
    across, down = _place(matrix_set, f"sensor.{u}", f"sensor.{v}")
    valid = ""
    if shape.as_of:
        valid = " AND " + compile_statement(and_(*select_valid(published_version.alias("sensor"))))
    status = compile_statement(operational_status(published_sensor.alias("sensor")))
    # OFFSET 0 makes the planner look up each id before it computes the place; otherwise it reads the whole table.
    return f"""
    SELECT point.* FROM (SELECT unnest(ids) AS id FROM cell WHERE sensors <= %(max_points)s) AS single
    CROSS JOIN LATERAL (
        SELECT {across}, {down}, CAST(NULL AS bigint), CAST(NULL AS bigint), CAST(NULL AS bigint),
            CAST(NULL AS integer), CAST(sensor.id AS text), sensor.public_code, sensor.name, sensor.sensor_type,
            sensor.personal_data, {status}, sensor.visibility, owner.name
        FROM {shape.table} AS sensor LEFT JOIN publication.organisation AS owner ON owner.id = sensor.owner_id
        WHERE sensor.id = single.id{valid} OFFSET 0
    ) AS point"""  # noqa: S608 - holds no text of a request


def _axes(matrix_set: TileMatrixSet) -> tuple[str, str]:
    return ("x", "y") if matrix_set.crs is Crs.RD else ("longitude", "latitude")


def _place(matrix_set: TileMatrixSet, u: str, v: str) -> tuple[str, str]:
    """Units of the zoom level from the left and from the top, for a place in the two axes of `_axes`."""
    if matrix_set.crs is Crs.RD:
        across = f"({u} - ({matrix_set.left!r})) / {matrix_set.side!r}"
        down = f"({matrix_set.top!r} - {v}) / {matrix_set.side!r}"
    else:
        # The projection of web maps, from 0 to 1. It is cheap enough to compute for each row.
        across = f"({u} + 180.0) / 360.0"
        down = f"0.5 - asinh(tand({v})) / (2 * pi())"
    return tuple(f"CAST(floor(({part}) * %(span)s) AS bigint)" for part in (across, down))  # type: ignore[return-value]


def _place_cluster(matrix_set: TileMatrixSet) -> str:
    """The centre of the members of a cluster."""
    whole = "1e3" if matrix_set.crs is Crs.RD else "1e7"
    across, down = _place(
        matrix_set, *(f"(CAST(sum_{axis} AS double precision) / sensors / {whole})" for axis in "uv")
    )
    return f"{across} AS across, {down} AS down"


_CLUSTER: Final = """number AS feature_id, CAST(sensors AS bigint) AS "count",
    CAST(personal_data_sensors AS bigint) AS "personalDataCount",
    -- 0 and 100 mean none and all, not nearly so.
    CAST(CASE personal_data_sensors WHEN 0 THEN 0 WHEN sensors THEN 100
        ELSE least(greatest(round(100.0 * personal_data_sensors / sensors), 1), 99) END AS integer)
        AS "personalDataShare", NULL AS "id",
    NULL AS "publicCode", NULL AS "name", NULL AS "sensorType", NULL AS "personalData",
    NULL AS "operationalStatus", NULL AS "visibility", NULL AS "ownerName\""""


def _is_drawn(across: str, down: str) -> str:
    """Whether a place in units of the zoom level lies in the tile or its buffer."""
    last = EXTENT - 1 + BUFFER
    return " AND ".join(
        f"{axis} BETWEEN %(first_{name})s - {BUFFER} AND %(first_{name})s + {last}"
        for axis, name in ((across, "across"), (down, "down"))
    )


def _draw(features: str, *, as_rows: bool) -> str:
    """The tile of these features, and the number of the last change. Features beyond its buffer are left out.

    The tile is a message, or a list of objects with the place of each feature as `across` and `down`.
    """
    place = "across - %(first_across)s", "down - %(first_down)s"
    tile, geometry = (
        ("json_agg(layer)", f"{place[0]} AS across, {place[1]} AS down")
        if as_rows
        else (
            f"ST_AsMVT(layer, '{LAYER}', {EXTENT}, 'geom', 'feature_id')",
            f"ST_MakePoint({place[0]}, {place[1]}) AS geom",
        )
    )
    return f"""
SELECT {tile}, (SELECT max(number) FROM publication.change)
FROM (
    SELECT {geometry}, feature_id,
        "count", "personalDataCount", "personalDataShare",
        "id", "publicCode", "name", "sensorType", "personalData", "operationalStatus",
        "visibility", "ownerName"
    FROM ({features}
    ) AS feature
    WHERE {_is_drawn("across", "down")}
    ORDER BY feature.across, feature.down, "id"
) AS layer"""  # noqa: S608 - holds no text of a request
