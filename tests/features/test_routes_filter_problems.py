"""Filters in CQL2 that cannot be answered: each problem is named, with its place and a suggestion."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.filters import ask
from tests.support.register import Register, open_register


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        yield register


def refuse(register: Register, query: str, collection: str = "sensors") -> list[dict[str, Any]]:
    answer = register.client.get(f"/v1/collections/{collection}/items?{query}")
    assert answer.status_code == 400, answer.text
    errors: list[dict[str, Any]] = answer.json()["errors"]
    return errors


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("sensortype = 'radio'", "unknown_property", "sensorType"),
        ("summary = 'radio'", "unknown_property", None),
        ("S_INTERSECT(geometry, POINT(4 52))", "unknown_function", "s_intersects"),
        ("pg_sleep(5)", "unknown_function", None),
        ("openData = 5", "filter_type", None),
        ("placedFrom > '2026-01-01'", "filter_type", "DATE('2026-01-01')"),
        ("themes = 'mobility_car'", "filter_type", None),
        ("geometry = POINT(4 52)", "filter_type", None),
        ("sensorType", "filter_type", None),
        ("openData > false", "filter_type", None),
        ("project LIKE sensorType", "filter_type", None),
        ("CASEI(openData) = 'x'", "filter_type", None),
        ("sensorType + 1 = 2", "filter_type", None),
        ("A_CONTAINS(themes, (1, 2))", "filter_type", None),
        ("A_CONTAINS(sensorType, ('x'))", "filter_type", None),
        ("T_AFTER(sensorType, DATE('2026-01-01'))", "filter_type", None),
        ("T_AFTER(placedFrom, TIMESTAMP('2026-01-01T00:00:00Z'))", "filter_type", None),
        ("S_INTERSECTS(geometry, sensorType)", "filter_type", None),
        ("owner = 'municipality'", "invalid_uuid", None),
        ("project = NULL", "filter_null", None),
        ("1e400 = 1", "invalid_number", None),
        ("9007199254740994 = 1", "invalid_number", None),
        ("placedFrom = DATE('2026-02-30')", "invalid_date", None),
        ("T_DURING(placedFrom, INTERVAL('2026-02-30', '..'))", "filter_interval", None),
        ("T_DURING(placedFrom, INTERVAL('2026-02-02', '2026-02-01'))", "filter_interval", None),
        ("S_INTERSECTS(geometry, POINT(152 95))", "filter_geometry", None),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1)))", "filter_geometry", None),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "filter_geometry", None),
        ("S_INTERSECTS(geometry, BBOX(5, 52, 4))", "filter_geometry", None),
        ("S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(4 52)))", "filter_geometry", None),
        (r"project LIKE 'a\'", "filter_pattern", None),
        ("sensorType = 'radio' AND", "filter_syntax", None),
        ("sensorType == 'radio'", "filter_syntax", None),
        ("(((sensorType = 'radio')", "filter_syntax", None),
        ("sensorType = 'radio", "filter_syntax", None),
        ("", "filter_syntax", None),
        ("(" * 49 + "openData" + ")" * 49, "filter_too_deep", None),
        ("NOT " * 49 + "openData", "filter_too_deep", None),
        ("project = '" + "é" * 2048 + "'", "filter_too_long", None),
    ],
)
def test_invalid_filter_text_is_refused(
    register: Register, text: str, code: str, suggestion: str | None
) -> None:
    (error,) = refuse(register, ask(text))
    assert (error["in"], error["location"], error["code"]) == ("query", "filter", code)
    assert error.get("suggestion") == suggestion


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ("{", "filter_syntax"),
        ("[" * 2000 + "]" * 2000, "filter_too_deep"),
        ('{"op": "=", "args": [{"property": "openData"}, NaN]}', "invalid_number"),
        ('{"op": "=", "args": [1, ' + "9" * 400 + "]}", "invalid_number"),
        ('{"op": "=", "args": [1]}', "filter_structure"),
        ('{"op": "=", "args": [1, 1], "also": 1}', "filter_structure"),
        ('{"op": "and", "args": []}', "filter_structure"),
        ('{"op": "in", "args": [1, 1]}', "filter_structure"),
        ('{"op": 1}', "filter_structure"),
        ('{"interval": ["..", ".."]}', "filter_interval"),
        ('{"date": 5}', "invalid_date"),
        ('{"timestamp": "2026-01-01"}', "invalid_date"),
        (r'{"op": "=", "args": ["\ud800", "a"]}', "invalid_text"),
        (r'{"op": "=", "args": ["\u0000", "a"]}', "invalid_text"),
        ('{"op": "grouped", "args": [true]}', "unknown_function"),
        ('{"type": "Point", "coordinates": ["4", 52]}', "filter_geometry"),
        ('{"type": "Point", "coordinates": [4, 52], "crs": 4326}', "filter_geometry"),
        ('{"type": "GeometryCollection", "geometries": [{"type": ["Point"]}]}', "filter_geometry"),
        ('{"type": "GeometryCollection", "geometries": [{"type": {}}]}', "filter_geometry"),
        ('{"type": "Point", "bbox": [4, 52, 5, 53]}', "filter_geometry"),
        ('{"bbox": [4, 52, 9, 5, 53, 1]}', "filter_geometry"),
        ('{"op": "=", "args": [1, 1], "args": [1, 2]}', "filter_repeated_name"),
        (r'{"\ud800": 1, "\ud800": 1}', "filter_repeated_name"),
    ],
)
def test_invalid_filter_json_is_refused(register: Register, tree: str, code: str) -> None:
    (error,) = refuse(register, ask(tree, filter_lang="cql2-json"))
    assert error["code"] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NOT " * 119 + "openData", "filter_too_deep"),
        (" + ".join(["1"] * 119) + " = 1", "filter_too_deep"),
        (" + ".join(["1"] * 12) + " = 1", "filter_too_deep"),
        ("openData = (openData = true)", "filter_type"),
        ("(project IS NULL) IS NULL", "filter_type"),
        ("project IN (" + ", ".join(["1"] * 1300) + ")", "filter_type"),
    ],
)
def test_long_or_deep_filter_beyond_limits_or_of_wrong_type_is_refused(
    register: Register, text: str, code: str
) -> None:
    assert {error["code"] for error in refuse(register, ask(text))} == {code}


def test_every_problem_of_filter_and_limit_is_reported(register: Register) -> None:
    errors = refuse(register, ask("projekt = 1 AND (sensortype = 2 OR placedFrom = 3)", limit="no"))
    assert [(error["location"], error["code"]) for error in errors] == [
        ("limit", "invalid_number"),
        ("filter", "unknown_property"),
        ("filter", "unknown_property"),
        ("filter", "filter_type"),
    ]
    errors = refuse(register, ask("openData", filter_lang="cql", filter_crs="EPSG:28992"), "municipalities")
    assert {error["location"] for error in errors} == {"filter-lang", "filter-crs"}


def test_filter_problem_names_character_position(register: Register) -> None:
    (error,) = refuse(register, ask("(openData = true) AND (project == 'x')"))
    assert "teken 33" in error["detail"]


@pytest.mark.parametrize(
    ("geometry", "filter_crs", "meant"),
    [
        ("POINT(52.37 4.89)", "", "lengtegraad"),
        ("POLYGON((52 4,52 5,53 5,53 4,52 4))", "", "lengtegraad"),
        ("BBOX(52.36,4.88,52.39,4.91)", "", "4.88,52.36,4.91,52.39"),
        ("POINT(4.89 52.37)", "EPSG/0/4326", "breedtegraad"),
        (
            "POLYGON((4 52,5 52,5 53,4 53,4 52))",
            "EPSG/0/28992",
            "filter-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        ),
        ("POINT(121000 487000)", "EPSG/0/3857", "filter-crs=http://www.opengis.net/def/crs/EPSG/0/28992"),
    ],
)
@pytest.mark.parametrize("negation", ["", "NOT "])
def test_geometry_elsewhere_that_is_dutch_when_read_otherwise_is_refused(
    register: Register, geometry: str, filter_crs: str, meant: str, negation: str
) -> None:
    query = f"filter={negation}S_INTERSECTS(geometry,{geometry})"
    if filter_crs:
        query += f"&filter-crs=http://www.opengis.net/def/crs/{filter_crs}"
    (error,) = refuse(register, query)
    assert meant in error["detail"]


def test_calculation_with_overflow_is_refused(register: Register) -> None:
    answer = register.client.get(f"/v1/collections/sensors/items?{ask('10 ^ 300 * 10 ^ 300 = 1')}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
