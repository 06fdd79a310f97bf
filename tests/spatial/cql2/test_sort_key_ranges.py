"""Search of drawn geometries along the Hilbert curve: the same places as without, by every function and in every way.

The places are compared with the drawing by shapely, in the system in which the filter has it.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Integer,
    MetaData,
    Table,
    create_engine,
    func,
    select,
)
from sqlalchemy.pool import NullPool

from app.core.database import sqlalchemy_url
from app.spatial.cql2.filters import Filter, parse_filter, write_condition
from app.spatial.cql2.properties import FilterProperties, FilterProperty, PropertyKind
from app.spatial.cql2.sort_key_ranges import MAX_RANGES, intersect_ranges, list_ranges, unite_ranges
from app.spatial.cql2.spatial_operators import SPATIAL_FUNCTIONS
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.hilbert import hilbert_number
from app.spatial.sort_key_ranges import SortKeyRanges

PLACES: Final = 400
PLAIN: Final = tuple(sorted(set(SPATIAL_FUNCTIONS) - {"s_disjoint", "s_intersects"}))

Numbers = NDArray[np.float64]


class Field:
    """Places all over the country, each with its number, in a table and in memory."""

    def __init__(self, connection: Connection) -> None:
        chance = np.random.default_rng(28992)
        self.lonlat: Numbers = np.column_stack(
            (chance.uniform(3.2, 7.3, PLACES), chance.uniform(50.7, 53.6, PLACES))
        )
        # Half of them in one town, so that small drawings find some too.
        self.lonlat[PLACES // 2 :] = chance.uniform((4.88, 52.36), (4.91, 52.38), (PLACES - PLACES // 2, 2))
        self.rd: Numbers = np.column_stack(rd_from_lonlat(*self.lonlat.T))
        x, y = self.rd.T
        self.numbers: list[int] = hilbert_number(x, y).tolist()
        doubles: list[Column[Any]] = [Column(name, Double) for name in ("longitude", "latitude", "x", "y")]
        table = Table(
            "field",
            MetaData(),
            Column("id", Integer),
            Column("number", BigInteger),
            *doubles,
            prefixes=["TEMPORARY"],
        )
        table.create(connection)
        names = ("id", "number", "longitude", "latitude", "x", "y")
        values = zip(range(PLACES), self.numbers, *self.lonlat.T.tolist(), *self.rd.T.tolist(), strict=True)
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in values])
        self.connection, self.table = connection, table

    def properties(self, *, numbered: bool = True) -> FilterProperties:
        columns = self.table.c
        in_degrees = func.ST_SetSRID(func.ST_MakePoint(columns.longitude, columns.latitude), 4258)
        in_rd = func.ST_SetSRID(func.ST_MakePoint(columns.x, columns.y), 28992)
        number = columns.number if numbered else None
        return {"geometry": FilterProperty(in_degrees, PropertyKind.GEOMETRY, in_rd, hilbert_number=number)}

    def read(self, tree: dict[str, Any], crs: Crs, *, numbered: bool = True) -> Filter:
        asked, problems = parse_filter(json.dumps(tree), "cql2-json", crs, self.properties(numbered=numbered))
        assert asked, problems
        return asked

    def find(self, tree: dict[str, Any], crs: Crs) -> set[int]:
        asked = self.read(tree, crs)
        condition = write_condition(asked, self.properties())
        found = set(self.connection.scalars(select(self.table.c.id).where(condition), asked.values))
        if asked.sort_key_ranges is not None:
            ranges = list_ranges(asked.sort_key_ranges, MAX_RANGES)
            assert all(any(low <= self.numbers[each] <= high for low, high in ranges) for each in found)
        return found

    def places(self, crs: Crs) -> Numbers:
        return self.rd if crs is Crs.RD else self.lonlat


@pytest.fixture(scope="module")
def field(database_url: str) -> Iterator[Field]:
    engine = create_engine(sqlalchemy_url(database_url), poolclass=NullPool)
    with engine.connect() as connection:
        yield Field(connection)
        connection.rollback()


def draw(chance: np.random.Generator, places: Numbers) -> list[BaseGeometry]:
    """A drawing of each kind whose vertices are places of the field, so that some lie on an edge or are met exactly."""
    # Places in town, in the country, or both.
    near, far = places[PLACES // 2 :], places[: PLACES // 2]
    pool = [near, far, places][int(chance.integers(3))]
    some = pool[chance.choice(len(pool), 4, replace=False)]
    box = shapely.box(*some.min(axis=0), *some.max(axis=0))
    hull = shapely.MultiPoint(some).convex_hull
    corner = shapely.box(*(some[0] - 1e-3), *some[0])
    return [
        box,
        hull,
        shapely.MultiPolygon([corner, shapely.box(*(some[0] + 1e-3), *(some[0] + 2e-3))]),
        box.difference(shapely.box(*(box.centroid.coords[0]), *box.bounds[2:])),
        shapely.LineString(some),
        shapely.Point(some[0]),
        shapely.MultiPoint(some),
    ]


def call(name: str, *arguments: Any) -> dict[str, Any]:
    return {"op": name, "args": list(arguments)}


HERE: Final = {"property": "geometry"}


def expect(name: str, places: Numbers, drawn: BaseGeometry, *, turned: bool) -> set[int]:
    points = shapely.points(places)
    relate = getattr(shapely, name.removeprefix("s_"))
    held = relate(drawn, points) if turned else relate(points, drawn)
    return set(np.flatnonzero(held).tolist())


@pytest.mark.parametrize("crs", [Crs.CRS84, Crs.RD])
@pytest.mark.parametrize("name", SPATIAL_FUNCTIONS)
def test_spatial_function_finds_same_places_as_shapely(field: Field, name: str, crs: Crs) -> None:
    chance = np.random.default_rng(4258)
    everything = set(range(PLACES))
    found_any = False
    for _ in range(5):
        for drawn in draw(chance, field.places(crs)):
            for turned in (False, True):
                sides = [mapping(drawn), HERE] if turned else [HERE, mapping(drawn)]
                expected = expect(name, field.places(crs), drawn, turned=turned)
                assert field.find(call(name, *sides), crs) == expected, drawn.wkt
                assert field.find(call("not", call(name, *sides)), crs) == everything - expected, drawn.wkt
                found_any |= bool(expected)
    # A point has no inside that can be crossed or partly shared.
    assert found_any == (name not in ("s_crosses", "s_overlaps"))


@pytest.mark.parametrize("crs", [Crs.CRS84, Crs.RD])
def test_combined_conditions_find_combination_of_results(field: Field, crs: Crs) -> None:
    chance = np.random.default_rng(84)
    for _ in range(15):
        one, other = (draw(chance, field.places(crs))[0] for _ in range(2))
        first, second = (call("s_intersects", HERE, mapping(each)) for each in (one, other))
        found, further = (
            expect("s_intersects", field.places(crs), each, turned=False) for each in (one, other)
        )
        assert field.find(call("and", first, second), crs) == found & further
        assert field.find(call("or", first, second), crs) == found | further
        assert field.find(call("and", first, call("not", second)), crs) == found - further
        assert field.find(call("or", first, call("not", second)), crs) == set(range(PLACES)) - (
            further - found
        )


@pytest.mark.parametrize(
    ("drawn", "crs", "found"),
    [
        (shapely.box(-180, -90, 180, 90), Crs.CRS84, PLACES),
        (shapely.box(-20_000_000, -20_000_000, 20_000_000, 20_000_000), Crs.WEB_MERCATOR, PLACES),
        (shapely.box(-99_000_000, -99_000_000, 99_000_000, 99_000_000), Crs.RD, PLACES),
        (shapely.box(100, 0, 120, 20), Crs.CRS84, 0),
        (shapely.LineString([(3, 50), (7.5, 50), (7.5, 54), (3, 54)]), Crs.CRS84, 0),
    ],
)
def test_geometry_larger_than_or_outside_map_finds_all_or_none(
    field: Field, drawn: BaseGeometry, crs: Crs, found: int
) -> None:
    assert len(field.find(call("s_intersects", HERE, mapping(drawn)), crs)) == found
    assert len(field.find(call("s_disjoint", HERE, mapping(drawn)), crs)) == PLACES - found


def test_bbox_across_dateline_finds_places_inside(field: Field) -> None:
    found = field.find(call("s_intersects", HERE, {"bbox": [170, 50, 5, 54]}), Crs.CRS84)
    assert found == set(np.flatnonzero(field.lonlat[:, 0] <= 5).tolist())


def test_geometry_collection_finds_places_of_its_members(field: Field) -> None:
    members = shapely.GeometryCollection([shapely.Point(field.lonlat[3]), shapely.Point(field.lonlat[250])])
    assert field.find(call("s_intersects", HERE, mapping(members)), Crs.CRS84) == {3, 250}


def test_sort_key_ranges_follow_from_the_conditions(field: Field) -> None:
    town, elsewhere = ({"bbox": box} for box in ([4.88, 52.36, 4.91, 52.38], [5.9, 51.9, 6.0, 52.0]))
    inside, outside = call("s_within", HERE, town), call("s_disjoint", HERE, town)

    def look(tree: dict[str, Any], *, numbered: bool = True) -> SortKeyRanges | None:
        return field.read(tree, Crs.CRS84, numbered=numbered).sort_key_ranges

    sort_key_ranges = look(inside)
    assert sort_key_ranges is not None
    # A sixteenth of a country is much already.
    assert sum(high - low for low, high in list_ranges(sort_key_ranges, MAX_RANGES)) < 2**36 // 16
    assert look(call("and", inside, outside)) == sort_key_ranges
    assert look(call("and", inside, call("s_intersects", HERE, elsewhere))) == SortKeyRanges([], [])
    assert look(call("or", inside, inside)) == sort_key_ranges
    for anywhere in (outside, call("not", inside), call("or", inside, outside), call("=", 1, 1)):
        assert look(anywhere) is None
    assert look(inside, numbered=False) is None


def test_values_without_sort_key_are_subset_of_values_with_sort_key(field: Field) -> None:
    inside = call("s_within", HERE, {"bbox": [4.88, 52.36, 4.91, 52.38]})
    tree = call("and", inside, call("=", 1, 2))
    values, plain = (
        dict(field.read(tree, Crs.CRS84, numbered=numbered).values) for numbered in (True, False)
    )
    assert plain.items() <= values.items()
    assert len(values) > len(plain)


numbers = st.integers(0, 60)
parts = st.lists(st.tuples(numbers, numbers), max_size=6).map(
    lambda pairs: (
        unite_ranges(SortKeyRanges([min(pair)], [max(pair)]) for pair in pairs) or SortKeyRanges([], [])
    )
)


def spell(sort_key_ranges: SortKeyRanges | None) -> set[int]:
    assert sort_key_ranges is not None
    return {
        each
        for low, high in zip(sort_key_ranges.lows, sort_key_ranges.highs, strict=True)
        for each in range(low, high + 1)
    }


@given(parts, parts)
def test_ranges_intersect_and_unite_like_sets(one: SortKeyRanges, other: SortKeyRanges) -> None:
    assert spell(intersect_ranges([one, None, other])) == spell(one) & spell(other)
    assert spell(unite_ranges([one, other])) == spell(one) | spell(other)
    assert intersect_ranges([None]) is None
    assert unite_ranges([one, None]) is None


@given(parts, st.integers(1, 4))
def test_list_ranges_with_maximum_contains_all_numbers(sort_key_ranges: SortKeyRanges, most: int) -> None:
    ranges = list_ranges(sort_key_ranges, most)
    assert len(ranges) <= most
    assert spell(SortKeyRanges([low for low, _ in ranges], [high for _, high in ranges])) >= spell(
        sort_key_ranges
    )
    assert sorted(ranges) == ranges
