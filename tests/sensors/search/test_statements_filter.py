"""Statements of filters: filters that differ only in values share one; others do not."""

import re
from dataclasses import replace

import pytest

from app.core.clock import dutch_date
from app.sensors.search.area_pages import compile_areas
from app.sensors.search.conditions import bind_search
from app.sensors.search.filter_parser import parse_sensor_filter
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_page
from app.spatial.bbox import Bbox
from app.spatial.crs import Crs


def make_search(text: str, crs: Crs = Crs.CRS84) -> SensorSearch:
    asked, problems = parse_sensor_filter(text, "cql2-text", crs)
    assert asked, problems
    return SensorSearch(dutch_date(), filter=asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("project = 'Centrum'", "project = 'Rand'"),
        ("project IN ('Centrum')", "project IN ('Rand', 'Haven')"),
        ("placedFrom > DATE('2026-01-01')", "placedFrom > DATE('2027-01-01')"),
        ("S_INTERSECTS(geometry, BBOX(4, 52, 5, 53))", "S_INTERSECTS(geometry, POINT(4 52))"),
    ],
)
def test_filters_with_other_values_share_one_statement(one: str, other: str) -> None:
    first, second = make_search(one), make_search(other)
    assert QueryShape.of(first) == QueryShape.of(second)
    statement = compile_page(QueryShape.of(first), counted=True)
    assert compile_page(QueryShape.of(second), counted=True) is statement
    assert bind_search(first)["filter_1"] != bind_search(second)["filter_1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("project = 'Centrum'", "project <> 'Centrum'"),
        ("project = 'Centrum'", "reference = 'Centrum'"),
        ("1 = 1", "1 = 1.5"),
        ("operationalStatus = 'removed'", "operationalStatus = 'expired'"),
        ("operationalStatus = 'removed'", "operationalStatus = 'remover'"),
        (
            "T_AFTER(placedFrom, INTERVAL('..', '2026-01-01'))",
            "T_AFTER(placedFrom, INTERVAL('2026-01-01', '..'))",
        ),
    ],
)
def test_filters_with_other_conditions_have_other_statements(one: str, other: str) -> None:
    assert QueryShape.of(make_search(one)) != QueryShape.of(make_search(other))


def test_filter_in_rd_uses_rd_columns() -> None:
    box = "S_INTERSECTS(geometry, BBOX(121000, 487000, 122000, 488000))"
    statement = compile_page(QueryShape.of(make_search(box, Crs.RD)), counted=False)
    point = "ST_MakePoint(publication.published_sensor.x, publication.published_sensor.y)"
    assert f"ST_Intersects(ST_SetSRID({point}, 28992), " in statement
    assert "published_sensor.longitude" not in statement


IN_BOX = "S_WITHIN(geometry, BBOX(4.88, 52.36, 4.9, 52.38))"


def test_geometry_in_filter_is_searched_in_ranges() -> None:
    search = make_search(f"{IN_BOX} AND sensorType = 'radio'")
    assert QueryShape.of(search).has_sort_key_ranges
    bound = bind_search(search)
    assert len(bound["lows"]) == len(bound["highs"]) > 0
    everywhere = make_search(f"{IN_BOX} OR sensorType = 'radio'")
    assert not QueryShape.of(everywhere).has_sort_key_ranges
    assert "lows" not in bind_search(everywhere)


def test_box_and_geometry_in_filter_are_intersected() -> None:
    search = make_search(IN_BOX)
    boxed = replace(search, bbox=Bbox(4.89, 52.37, 4.95, 52.4))
    beside = replace(search, bbox=Bbox(5.9, 51.9, 6.0, 52.0))

    def count(one: SensorSearch) -> int:
        bound = bind_search(one)
        return sum(high - low + 1 for low, high in zip(bound["lows"], bound["highs"], strict=True))

    assert 0 < count(boxed) < min(count(search), count(replace(boxed, filter=None)))
    assert count(beside) == 0


def test_filter_without_ranges_has_another_shape_than_one_with_ranges() -> None:
    """Both may have the same condition, but only one of them has ranges to bind."""
    plain = make_search("S_INTERSECTS(geometry, POINT(4 52))")
    negated = make_search("NOT S_DISJOINT(geometry, POINT(4 52))")
    assert "lows" not in bind_search(negated)
    assert QueryShape.of(plain) != QueryShape.of(negated)


def test_area_search_ignores_ranges_of_sensor_location() -> None:
    search = make_search(f"{IN_BOX} AND sensorType = 'radio'")
    statement = compile_areas(QueryShape.of(search))
    assert "ST_Within(publication.published_area.area, " in statement
    assert "BETWEEN" not in statement
    asked = set(re.findall(r"%\((\w+)\)s", statement))
    assert {name for name in asked if name.startswith("filter_")} == {"filter_1", "filter_2"}
    assert asked <= set(bind_search(search))


def test_filter_values_do_not_overwrite_other_values() -> None:
    search = make_search("project = 'Centrum' AND sensorType = 'radio'")
    assert {"filter_1", "filter_2", "today", "fetch"} <= set(bind_search(search))
