"""Filters in CQL2 on the three collections: what they find."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core.clock import dutch_date
from app.spatial.cql2 import costs
from app.spatial.crs import Crs
from tests.support.filters import ask
from tests.support.register import Register, open_register
from tests.support.sensors import DAM

BRIDGE = (4.85, 52.34)
"""Somewhere else in Amsterdam."""

TODAY = dutch_date()
SOON = (TODAY + timedelta(days=20)).isoformat()
EVERY = {"Dam", "dam_2", "bridge", "later"}
LONG_AGO = (TODAY - timedelta(days=400)).isoformat()


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        bridge = {"type": "Point", "coordinates": list(BRIDGE)}
        view = {"viewDirectionDeg": 0, "viewAngleDeg": 90, "viewRangeM": 300}
        register.register(reference="Dam", project="Café Zuid", themes=["environment_noise"])
        register.register(reference="dam_2", project="100% groen", sensorType="radio", openData=True)
        register.register(
            reference="bridge",
            location=bridge,
            themes=["mobility_car", "safety_health"],
            openData=False,
            **view,
        )
        register.register(reference="later", location=bridge, placedFrom=SOON, sensorType="radio")
        register.register(
            reference="gone", placedFrom=LONG_AGO, activeUntil=(TODAY - timedelta(days=200)).isoformat()
        )
        yield register


def find(register: Register, text: str, **others: str) -> set[str]:
    return set(register.references(ask(text, **others)))


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter")
@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/cql2-text")
@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sensorType = 'radio'", {"dam_2", "later"}),
        ("sensorType <> 'radio' AND openData IS NULL", {"Dam"}),
        # An unknown value matches neither a condition nor its opposite.
        ("NOT (sensorType = 'radio' OR openData = false)", set()),
        ("openData", {"dam_2"}),
        ("project IS NULL", {"bridge", "later"}),
        (f"placedFrom > DATE('{TODAY}')", {"later"}),
        ("(" * 40 + "sensorType = 'radio'" + ")" * 40, {"dam_2", "later"}),
        # A word of SQL is a word.
        ("reference = '''; DROP TABLE publication.published_sensor; --'", set()),
    ],
)
def test_filter_by_comparison_finds_sensors(register: Register, text: str, found: set[str]) -> None:
    assert find(register, text) == found


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sensorType IN ('radio', 'sound')", {"Dam", "dam_2", "bridge", "later"}),
        (f"placedFrom BETWEEN DATE('{TODAY}') AND DATE('{SOON}')", {"later"}),
        # Wildcards, and the same characters as themselves.
        ("reference LIKE 'da%'", {"dam_2"}),
        ("reference LIKE 'd_m%'", {"dam_2"}),
        (r"reference LIKE 'dam\_%'", {"dam_2"}),
        (r"project LIKE '100\%%'", {"dam_2"}),
        (r"project LIKE '10\_%'", set()),
    ],
)
def test_filter_by_in_between_and_like_finds_sensors(register: Register, text: str, found: set[str]) -> None:
    assert find(register, text) == found


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison")
def test_filter_with_casei_ignores_case(register: Register) -> None:
    assert find(register, "CASEI(reference) LIKE CASEI('DAM%')") == {"Dam", "dam_2"}
    assert find(register, "CASEI(project) = CASEI('CAFÉ ZUID')") == {"Dam"}
    assert find(register, "project = 'CAFÉ ZUID'") == set()


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison")
def test_filter_with_accenti_ignores_accents(register: Register) -> None:
    assert find(register, "ACCENTI(project) = ACCENTI('Cafe Zuid')") == {"Dam"}
    assert find(register, "ACCENTI(CASEI(project)) LIKE ACCENTI(CASEI('cafÈ%'))") == {"Dam"}
    assert find(register, "project = 'Cafe Zuid'") == set()


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"T_AFTER(placedFrom, DATE('{TODAY}'))", {"later"}),
        (f"T_DURING(placedFrom, INTERVAL('{TODAY}', '..'))", {"later"}),
        (
            f"T_INTERSECTS(INTERVAL(placedFrom, activeUntil), INTERVAL('..', '{TODAY}'))",
            {"Dam", "dam_2", "bridge"},
        ),
    ],
)
def test_filter_by_temporal_function_finds_sensors(register: Register, text: str, found: set[str]) -> None:
    assert find(register, text) == found


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/array-functions")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A_CONTAINS(themes, ('mobility_car'))", {"bridge"}),
        ("A_OVERLAPS(themes, ('mobility_car', 'environment_noise'))", {"Dam", "dam_2", "bridge", "later"}),
        ("A_EQUALS(themes, ('safety_health', 'mobility_car'))", {"bridge"}),
        ("A_EQUALS(themes, ('mobility_car'))", set()),
        ("A_CONTAINEDBY(themes, ('safety_health', 'mobility_car', 'mobility_bicycle'))", {"bridge"}),
    ],
)
def test_filter_by_array_function_finds_sensors(register: Register, text: str, found: set[str]) -> None:
    assert find(register, text) == found


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions")
@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus")
@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S_INTERSECTS(geometry, BBOX(4.88, 52.36, 5.0, 52.4))", {"Dam", "dam_2"}),
        ("S_INTERSECTS(geometry, BBOX(170, 52.36, 5.0, 52.4))", {"Dam", "dam_2"}),
        (f"S_INTERSECTS(geometry, MULTIPOINT(({BRIDGE[0]} {BRIDGE[1]}), (4 52)))", {"bridge", "later"}),
        (
            "S_WITHIN(geometry, POLYGON((4.8 52.3, 4.9 52.3, 4.87 52.35, 4.8 52.36, 4.8 52.3)))",
            {"bridge", "later"},
        ),
        (f"S_EQUALS(geometry, POINT({DAM[0]} {DAM[1]}))", {"Dam", "dam_2"}),
        ("S_DISJOINT(geometry, BBOX(4.88, 52.36, 5.0, 52.4))", {"bridge", "later"}),
        (f"S_CONTAINS(BBOX(4, 52, {DAM[0]}, {DAM[1]}), geometry)", {"bridge", "later"}),
        (f"S_TOUCHES(BBOX(4, 52, {DAM[0]}, {DAM[1]}), geometry)", {"Dam", "dam_2"}),
    ],
)
def test_filter_by_spatial_function_finds_sensors(register: Register, text: str, found: set[str]) -> None:
    assert find(register, text) == found


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/arithmetic")
def test_filter_evaluates_arithmetic(register: Register) -> None:
    true = "(1 + 2) * 3 = 9 AND 7 div 2 = 3 AND 7 / 2 = 3.5 AND -7 % 4 = -3 AND 2 ^ -1 = 0.5"
    assert find(register, f"{true} AND sensorType = 'radio'") == {"dam_2", "later"}
    assert find(register, "0 ^ 0 = 1 AND 0 ^ 2 = 0 AND (-2) ^ 3 = -8 AND 1 ^ 9007199254740992 = 1") == EVERY
    assert find(register, "10 ^ 300 > 9 AND 10 ^ -300 > 0 AND (2 ^ 2) ^ (1 + 1) = 16") == EVERY


@pytest.mark.parametrize(
    "made",
    ["1 / 0", "1 % 0", "0 ^ -1", "-4 ^ 0.5", "10 ^ 400", "10 ^ -400", "2 ^ 9007199254740992", "(0 ^ -1) ^ 0"],
)
def test_calculation_without_result_matches_nothing(register: Register, made: str) -> None:
    assert find(register, f"{made} = 1 OR {made} <> 1") == set()


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/property-property")
def test_filter_compares_properties_with_each_other(register: Register) -> None:
    assert find(register, "confirmBy > placedFrom AND placedFrom < activeUntil") == EVERY
    assert find(register, "'radio' = sensorType AND A_CONTAINS(municipalityCodes, municipalityCodes)") == {
        "dam_2",
        "later",
    }


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/cql2-json")
def test_filter_in_cql2_json_finds_matching_sensors(register: Register) -> None:
    in_box = {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [4.88, 52.36, 5.0, 52.4]}]}
    is_radio = {"op": "=", "args": [{"property": "sensorType"}, "radio"]}
    text = json.dumps({"op": "and", "args": [in_box, is_radio]})
    assert find(register, text, filter_lang="cql2-json") == {"dam_2"}


@pytest.mark.conforms("http://www.opengis.net/spec/cql2/1.0/conf/cql2-json")
@pytest.mark.parametrize("collected", [False, True])
def test_bbox_member_of_geometry_is_ignored(register: Register, collected: bool) -> None:
    # RFC 7946, section 5: any geometry may have one; here it is far larger than the line.
    drawn: dict[str, Any] = {"type": "LineString", "coordinates": [[4.8, 52.3], [4.8, 52.4]]}
    if collected:
        drawn = {"type": "GeometryCollection", "geometries": [drawn | {"bbox": [4, 52, 5, 53]}]}
    asked = {"op": "s_intersects", "args": [{"property": "geometry"}, drawn | {"bbox": [4, 52, 5, 53]}]}
    assert find(register, json.dumps(asked), filter_lang="cql2-json") == set()
    asked["args"] = [{"property": "geometry"}, {"bbox": [4, 52, 5, 53]}]
    assert find(register, json.dumps(asked), filter_lang="cql2-json") == EVERY


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (Crs.RD, "120000, 486000, 123000, 489000"),
        (Crs.WGS84, "52.36, 4.88, 52.4, 5.0"),
        (Crs.ETRS89, "52.36, 4.88, 52.4, 5.0"),
        (Crs.WEB_MERCATOR, "543240, 6865000, 556597, 6874000"),
    ],
)
def test_filter_coordinates_are_read_in_filter_crs(register: Register, crs: Crs, box: str) -> None:
    assert find(register, f"S_INTERSECTS(geometry, BBOX({box}))", filter_crs=crs.uri) == {"Dam", "dam_2"}
    west, south, east, north = box.split(", ")
    ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    assert find(register, f"S_WITHIN(geometry, POLYGON(({ring})))", filter_crs=crs.uri) == {"Dam", "dam_2"}


def test_filter_on_operational_status_includes_sensors_hidden_by_default(register: Register) -> None:
    assert find(register, "operationalStatus = 'expired'") == {"gone"}
    assert find(register, "operationalStatus IN ('planned', 'expired')") == {"gone", "later"}
    assert find(register, "NOT (operationalStatus = 'removed' OR 'active' = operationalStatus)") == {
        "gone",
        "later",
    }
    assert find(register, "CASEI(operationalStatus) LIKE CASEI('EXP%')") == {"gone"}
    assert find(register, "operationalStatus IS NOT NULL", municipality="Amsterdam") == {
        "Dam",
        "dam_2",
        "bridge",
        "later",
        "gone",
    }
    assert "gone" not in find(register, "sensorType = 'sound'")


def test_filter_is_combined_with_other_parameters(register: Register) -> None:
    radio = "sensorType = 'radio'"
    assert find(register, radio, municipality="Amsterdam") == {"dam_2", "later"}
    assert find(register, radio, municipality="Rotterdam") == set()
    assert find(register, radio, bbox="4.88,52.36,5.0,52.4") == {"dam_2"}
    assert find(register, radio, near=f"{DAM[0]},{DAM[1]}") == {"dam_2"}
    assert find(register, radio, operationalStatus="planned") == {"later"}
    assert find(register, radio, asOf=TODAY.isoformat()) == {"dam_2", "later"}
    assert find(register, f"{radio} AND openData = true", sortby="-placedFrom") == {"dam_2"}


@pytest.mark.parametrize("others", [{}, {"municipality": "Amsterdam"}, {"near": f"{DAM[0]},{DAM[1]}"}])
def test_filter_applies_to_files_and_tiles(register: Register, others: dict[str, str]) -> None:
    for tile in ("0/0/0", "10/336/525"):
        address = f"/v1/tiles/WebMercatorQuad/{tile}"
        for text, status in (
            ("sensorType = 'radio'", 200),
            ("sensorType = 'beacon'", 204),
            ("sensor = 1", 400),
        ):
            answer = register.client.get(f"{address}?{ask(text, **others)}")
            assert answer.status_code == status, answer.text
    answer = register.client.get(f"/v1/collections/sensors/items?f=csv&{ask('openData = true', **others)}")
    assert "dam_2" in answer.text
    assert "bridge" not in answer.text


def test_filter_continues_on_next_page(register: Register) -> None:
    first = register.find(ask("sensorType IN ('radio', 'sound')", limit="3"))
    assert (first["numberMatched"], first["numberReturned"]) == (4, 3)
    (following,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
    second = register.client.get(following).json()
    assert second["numberReturned"] == 1
    ids = {feature["id"] for page in (first, second) for feature in page["features"]}
    assert len(ids) == 4


def test_filter_geometry_of_observed_area_is_the_area(register: Register) -> None:
    # North of the bridge, where its sensor looks and does not stand.
    box = f"BBOX({BRIDGE[0]}, {BRIDGE[1] + 0.002}, 4.9, 52.35)"
    asked = ask(f"S_INTERSECTS(geometry, {box}) AND openData = false")
    assert register.find(asked, "observed-areas")["numberMatched"] == 1
    assert register.find(asked)["numberMatched"] == 0
    assert register.find(ask("openData = true"), "observed-areas")["numberMatched"] == 0


@pytest.mark.parametrize(
    ("text", "crs", "names"),
    [
        ("name LIKE '%dam'", Crs.CRS84, ["Amsterdam", "Rotterdam"]),
        ("S_CONTAINS(geometry, POINT(4.8932 52.3731))", Crs.CRS84, ["Amsterdam"]),
        (
            "S_INTERSECTS(geometry, LINESTRING(121000 487000, 92000 437000))",
            Crs.RD,
            ["Amsterdam", "Rotterdam"],
        ),
        ("code > 'GM0518' AND province IS NULL", Crs.CRS84, ["Rotterdam", "Eindhoven"]),
    ],
)
def test_filter_applies_to_municipalities(register: Register, text: str, crs: Crs, names: list[str]) -> None:
    found = register.find(ask(text, filter_crs=crs.uri), "municipalities")
    assert [feature["properties"]["name"] for feature in found["features"]] == names
    assert found["numberMatched"] == len(names)


@pytest.mark.parametrize(
    ("operator", "operand", "result"),
    [
        ("+", 1, 11), ("-", 1, -9), ("*", 2, 2048), ("/", 0.5, 512), ("div", 1, 1), ("%", 1, 0),
    ],
)  # fmt: skip
def test_calculation_with_eleven_operands_has_a_result(
    register: Register, operator: str, operand: float, result: int
) -> None:
    calculation = f" {operator} ".join([str(operand)] * 11)
    assert find(register, f"{calculation} = {result}") == EVERY
    assert find(register, f"{calculation} <> {result}") == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NOT " * 45 + "(openData = true)", {"bridge"}),
        ("CASEI(" * 45 + "project" + ")" * 45 + " = 'café zuid'", {"Dam"}),
        ("ACCENTI(" * 45 + "project" + ")" * 45 + " = 'Cafe Zuid'", {"Dam"}),
        ("NOT (" * 46 + "openData" + ")" * 46, {"dam_2"}),
        ("NOT (true AND " * 17 + "(1 div " * 10 + "1" + ")" * 10 + " = 2" + ")" * 17, EVERY),
        (" OR ".join(["openData"] * 340), {"dam_2"}),
        ("project IN (" + "'1', " * 700 + "'Café Zuid')", {"Dam"}),
    ],
)
def test_long_or_deep_filter_within_limits_finds_sensors(
    register: Register, text: str, found: set[str]
) -> None:
    assert find(register, text) == found


def test_filter_above_time_limit_is_answered_503_with_retry_after(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "MAX_COST", 10_000)
    with open_register(fresh_database, read_timeout_seconds=1) as register:
        register.register(reference="one")
        with psycopg.connect(fresh_database) as connection:
            _multiply_sensors(connection, 20_000)
        slow = " AND ".join(["ACCENTI(CASEI(reference)) LIKE '%a%b%c%d%'"] * 60).replace("LIKE", "NOT LIKE")
        answer = register.client.get(f"/v1/collections/sensors/items?{ask(slow)}")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "retry-after" in answer.headers
        assert register.references("limit=1")


def _multiply_sensors(connection: psycopg.Connection[Any], times: int) -> None:
    """As many rows more of the one published sensor."""
    columns = [
        column.name
        for column in connection.execute("SELECT * FROM publication.published_sensor LIMIT 0").description
        or ()
        if column.name not in ("id", "public_code", "sort_key")
    ]
    named = ", ".join(columns)
    connection.execute(
        f"INSERT INTO publication.published_sensor (id, public_code, sort_key, {named})"
        f" SELECT gen_random_uuid(), 'x' || number, number, {named}"
        " FROM publication.published_sensor, generate_series(1, %s) AS number",
        [times],
    )
    connection.commit()
