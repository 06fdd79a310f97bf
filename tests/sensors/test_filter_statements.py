"""Filters that differ in their values alone share one statement; others never do."""

import pytest

from app.core.clock import dutch_date
from app.sensors.criteria import Shape, bind_search
from app.sensors.filtering import read_sensor_filter
from app.sensors.search import SensorSearch
from app.sensors.selection import compile_page
from app.spatial.crs import Crs


def make_search(text: str, crs: Crs = Crs.CRS84) -> SensorSearch:
    asked, problems = read_sensor_filter(text, "cql2-text", crs)
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
def test_other_values_need_no_other_statement(one: str, other: str) -> None:
    first, second = make_search(one), make_search(other)
    assert Shape.of(first) == Shape.of(second)
    statement = compile_page(Shape.of(first), counted=True)
    assert compile_page(Shape.of(second), counted=True) is statement
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
def test_another_question_is_another_statement(one: str, other: str) -> None:
    assert Shape.of(make_search(one)) != Shape.of(make_search(other))


def test_rd_is_asked_of_rd() -> None:
    box = "S_INTERSECTS(geometry, BBOX(121000, 487000, 122000, 488000))"
    statement = compile_page(Shape.of(make_search(box, Crs.RD)), counted=False)
    assert "ST_Intersects(publication.published_sensor.geom_rd, " in statement


def test_no_value_of_a_filter_takes_the_place_of_another() -> None:
    search = make_search("project = 'Centrum' AND sensorType = 'radio'")
    assert {"filter_1", "filter_2", "today", "fetch"} <= set(bind_search(search))
