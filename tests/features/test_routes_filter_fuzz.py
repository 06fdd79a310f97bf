"""Any filter is answered, or refused with reasons; none causes a server error."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.bootstrap.paths import ROOT
from app.spatial.crs import Crs
from tests.support.filters import ask
from tests.support.register import Register, open_register

OFFICIAL: Final = ROOT.parent / "shared" / "standards" / "cql2" / "cql2_ats.json"

EXAMPLES: Final = (
    "sensorType IN ('radio', 'sound') AND NOT (openData = true OR project LIKE 'a%')",
    "S_INTERSECTS(geometry, POLYGON((4 52, 5 52, 5 53, 4 52))) AND placedFrom > DATE('2026-01-01')",
    (
        "T_DURING(INTERVAL(placedFrom, removedOn), INTERVAL('..', '2026-01-01'))"
        " OR A_CONTAINS(themes, ('environment_noise', 'mobility_car'))"
    ),
    "ACCENTI(CASEI(project)) = ACCENTI('É') AND 2 ^ 3 / 0 - 1 <> 4 % 3 AND S_WITHIN(BBOX(170, 50, -170, 60), geometry)",
    "operationalStatus = 'removed' AND owner IS NULL AND confirmBy BETWEEN placedFrom AND activeUntil",
)
PROPERTIES: Final = (
    "sensorType", "themes", "geometry", "placedFrom", "removedOn", "openData", "owner", "operationalStatus", "nothing",
)  # fmt: skip
WORDS: Final = (
    *PROPERTIES, "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS NULL", "=", "<>", "<", "+", "-", "*", "/", "^", "div",
    "%", "(", ")", ",", "'", "'a%'", '"', "1", "-0.0", "1e308", "9e15", "true", "NULL", "CASEI(",
    "ACCENTI(", "DATE('2026-01-01')", "TIMESTAMP('2026-01-01T00:00:00Z')", "INTERVAL(", "'..'", "POINT(4 52)",
    "POLYGON((", "BBOX(", "S_TOUCHES(", "T_MEETS(", "A_OVERLAPS(", "\\", "é", "\u202e",
)  # fmt: skip

every_text = st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["a", "..", "2026-01-01", "\0", "\ud800", "%\\", ""])
    | st.text(max_size=5)
)
positions = st.lists(st.floats(-180, 180) | st.integers(-90, 90) | scalars, max_size=4)
leaves = (
    scalars
    | st.builds(lambda name: {"property": name}, st.sampled_from(PROPERTIES))
    | st.builds(lambda text: {"date": text}, st.sampled_from(["2026-01-01", "0000-01-01", "x"]) | scalars)
    | st.builds(
        lambda text: {"timestamp": text}, st.sampled_from(["0001-01-01T00:00:00+14:00", "x"]) | scalars
    )
    | st.builds(lambda box: {"bbox": box}, positions)
    | st.builds(
        lambda kind, coordinates: {"type": kind, "coordinates": coordinates},
        st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Circle"]),
        positions | st.lists(positions, max_size=5) | st.lists(st.lists(positions, max_size=5), max_size=3),
    )
)
operators = st.sampled_from([
    "and", "or", "not", "=", "<>", "<", ">=", "between", "in", "like", "isNull", "casei", "accenti", "+", "-", "*", "/",
    "div", "%", "^", "s_intersects", "s_crosses", "s_equals", "t_during", "t_meets", "a_contains", "a_equals",
    "pg_sleep",
])  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(lambda name, parts: {"op": name, "args": parts}, operators, st.lists(inner, max_size=3))
        | st.builds(lambda ends: {"interval": ends}, st.lists(inner, max_size=3))
    ),
    max_leaves=12,
)


def read_official() -> tuple[str, ...]:
    """The official filters, where they are at hand; their properties are not ours."""
    tests = json.loads(OFFICIAL.read_text()) if OFFICIAL.is_file() else []
    mine = {
        "geom": "geometry",
        "name": "project",
        '"date"': "placedFrom",
        "start": "placedFrom",
        "boolean": "openData",
    }
    filters = set()
    for test in tests:
        text = test["filter"]
        for official, here in mine.items():
            text = text.replace(official, here)
        filters.add(text)
    return tuple(sorted(filters))


FILTERS: Final = (*EXAMPLES, *read_official())


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A filter with a piece taken out, put twice or put elsewhere, or a word put in."""
    text = draw(st.sampled_from(FILTERS))
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        piece = draw(
            st.sampled_from(
                ["", text[start:end] * 2, draw(st.sampled_from(WORDS)), draw(st.sampled_from(FILTERS))]
            )
        )
        text = text[:start] + piece + text[end:]
    return text


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register.register(viewDirectionDeg=0, viewAngleDeg=90, viewRangeM=300)
        register.register(reference="second", project="É", openData=True)
        yield register


def is_answered(register: Register, text: str, **others: str) -> bool:
    query = ask(text, **others)
    answers = [
        register.client.get(f"/v1/collections/{collection}/items?{query}")
        for collection in ("sensors", "observed-areas", "municipalities")
    ]
    for answer in answers:
        assert answer.status_code in (200, 400), (answer.status_code, text, answer.text)
    return answers[0].status_code == 200


thorough = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(text=every_text, crs=st.sampled_from(Crs))
def test_filter_of_any_text_is_answered_or_refused(register: Register, text: str, crs: Crs) -> None:
    is_answered(register, text, filter_crs=crs.uri)


@thorough
@given(tree=trees)
def test_filter_of_any_json_tree_is_answered_or_refused(register: Register, tree: Any) -> None:
    is_answered(register, json.dumps(tree), filter_lang="cql2-json")


@thorough
@given(text=mutated(), crs=st.sampled_from([Crs.CRS84, Crs.RD, Crs.WEB_MERCATOR]))
def test_filter_with_random_edits_is_answered_or_refused(register: Register, text: str, crs: Crs) -> None:
    is_answered(register, text, filter_crs=crs.uri)


def list_places(node: Any) -> Iterator[tuple[Any, ...]]:
    """The way to each node of a tree, the tree itself among them."""
    yield ()
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in inner:
        yield from ((name, *place) for place in list_places(value))


def put(node: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    changed = node.copy()
    changed[place[0]] = put(node[place[0]], place[1:], value)
    return changed


ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    -1.5,
    "x",
    "\ud800",
    [],
    ["x"],
    [[1, 2]],
    {},
    {"x": 1},
    {"type": ["x"]},
    {"op": {}, "args": {}},
)
TREES: Final[tuple[Any, ...]] = (
    {"op": "or", "args": [
        {"op": "in", "args": [{"property": "sensorType"}, ["radio", "sound"]]},
        {"op": "not", "args": [{"op": "like", "args": [{"op": "casei", "args": [{"property": "project"}]}, "a%"]}]},
        {"op": "isNull", "args": [{"property": "openData"}]},
        {"op": "a_overlaps", "args": [{"property": "themes"}, ["mobility_car"]]},
    ]},
    {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [4, 52, 5, 53]}]},
    {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "GeometryCollection", "geometries": [
        {"type": "Point", "coordinates": [4, 52], "bbox": [4, 52, 4, 52]},
        {"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 52]]]},
    ]}]},
    {"op": "t_during", "args": [
        {"interval": [{"property": "placedFrom"}, ".."]}, {"interval": ["2026-01-01", {"date": "2027-01-01"}]},
    ]},
    {"op": "between", "args": [{"op": "^", "args": [{"property": "heightM"}, 2]}, 1, {"op": "div", "args": [9, 2]}]},
    {"op": "<", "args": [{"property": "updatedAt"}, {"timestamp": "2026-01-01T00:00:00Z"}]},
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("tree", TREES)
def test_filter_with_any_node_replaced_is_answered_or_refused(register: Register, tree: Any) -> None:
    assert is_answered(register, json.dumps(tree), filter_lang="cql2-json")
    for place in list_places(tree):
        for odd in ODD:
            is_answered(register, json.dumps(put(tree, place, odd)), filter_lang="cql2-json")


def test_example_filters_are_answered(register: Register) -> None:
    assert all(is_answered(register, text) for text in EXAMPLES)
