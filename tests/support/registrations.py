"""Strategies for registrations with the most difficult values that the rules allow."""

from datetime import date, timedelta
from typing import Any

import shapely
from hypothesis import strategies as st
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from app.sensors.fields import FIELDS, FieldKind
from app.sensors.plain_text import NO_VALUES, fold_reference
from tests.support.sensors import TODAY, make_camera, make_record

# Inside the square of Amsterdam, with room for an area.
WEST, EAST, SOUTH, NORTH = 4.81, 4.99, 52.31, 52.42

_HARD_TEXTS = (
    "007",
    "=1+1",
    "'=1+1",
    "+31 20 1234567",
    "-5",
    "@SUM(A1:A3)",
    '=HYPERLINK("http://example.org";"klik")',
    "regel één\nregel twee\r\nregel drie\tna een tab",
    'een "aanhaling", een komma; een puntkomma en een | streep',
    "'s-Gravenhage",
    "<b>&amp; &lt;</b>",
    "日本語 🚲 e\u0301",
    "TRUE",
    "1e5",
    "2026-03-01",
    "45000",
    "een _x000D_ twee",
    "{}",
    "[1, 2]",
)
_CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cc", "Cs", "Cn"),
    # Characters that turn the direction of text, and other line endings, are refused.
    exclude_characters="\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)


def _is_value(text: str) -> bool:
    return bool(fold_reference(text)) and text not in NO_VALUES


def _texts(most: int) -> st.SearchStrategy[str]:
    anything = st.one_of(st.text(_CHARACTERS, min_size=1, max_size=most), st.sampled_from(_HARD_TEXTS))
    return anything.map(lambda text: text[:most].strip()).filter(_is_value)


def _numbers(least: float, most: float) -> st.SearchStrategy[float]:
    return st.one_of(
        st.floats(least, most, exclude_min=True, exclude_max=True, allow_subnormal=False),
        st.integers(int(least) + 1, int(most) - 1).map(float),
    )


_POSITIONS = st.tuples(st.floats(WEST, EAST - 0.02), st.floats(SOUTH, NORTH - 0.02))


@st.composite
def _areas(draw: st.DrawFn) -> dict[str, Any]:
    """An area of one box or two, with or without a hole."""
    x, y = draw(_POSITIONS)
    width, height = draw(st.floats(0.001, 0.008)), draw(st.floats(0.001, 0.008))
    outer: BaseGeometry = shapely.box(x, y, x + width, y + height)
    if draw(st.booleans()):
        outer -= shapely.box(x + width / 3, y + height / 3, x + width / 2, y + height / 2)
    if draw(st.booleans()):
        outer = outer.union(shapely.box(x + 0.01, y + 0.01, x + 0.012, y + 0.0125))
    shape: dict[str, Any] = mapping(outer)
    return shape


_TEXT_FIELDS = {
    field.name: _texts(field.most)
    for field in FIELDS
    if field.kind is FieldKind.TEXT
    and not field.pattern
    and field.name not in ("reference", "visibilityReason", "legitimateInterest")
}
_OTHER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "specificationUrl": st.just("https://example.org/a?b=c&d=%C3%A9#e"),
    "dataUrl": st.just("http://example.org/é/日本"),
    "connectivity": st.sampled_from(["lora", "nb_iot", "wired"]),
    "locationAccuracy": st.sampled_from(["exact", "generalised"]),
    "mounting": st.sampled_from(["lamp_post", "facade"]),
    "postcode": st.sampled_from(["1012 JS", "1012js"]),
    "bgtId": st.just("G0363.c0cae8217d13c205c2ad74c504b7395d"),
    "themes": st.lists(
        st.sampled_from(["environment_noise", "mobility_car", "safety_health", "housing"]),
        min_size=1,
        unique=True,
    ),
    "dataTypes": st.lists(st.sampled_from(["binary", "boolean", "spatial"]), min_size=1, unique=True),
    "processing": st.lists(st.sampled_from(["raw_data", "ai_system"]), min_size=1, unique=True),
    "openData": st.booleans(),
    "dpiaDate": st.dates(date(1990, 1, 1), TODAY).map(date.isoformat),
    "placedFrom": st.dates(date(1850, 1, 1), TODAY).map(date.isoformat),
    "activeUntil": st.dates(TODAY + timedelta(days=30), TODAY + timedelta(days=700)).map(date.isoformat),
    "heightM": _numbers(-500, 1000),
    "viewDirectionDeg": _numbers(0, 360),
    "viewAngleDeg": _numbers(0, 360),
    "viewRangeM": _numbers(0, 50_000),
    "observedArea": _areas(),
}


@st.composite
def _records(draw: st.DrawFn) -> dict[str, Any]:
    given = draw(st.fixed_dictionaries({}, optional=_TEXT_FIELDS | _OTHER_FIELDS))
    if "heightM" in given:
        given["heightReference"] = draw(st.sampled_from(["ground", "nap"]))
    make = draw(st.sampled_from([make_record, make_camera]))
    if draw(st.integers(0, 3)):
        x, y = draw(_POSITIONS)
        place: dict[str, Any] = {"location": {"type": "Point", "coordinates": [x, y]}}
    else:
        area = draw(st.one_of(_areas(), st.just(["GM0363"])))
        place = {"mobility": "mobile", "location": None, "operatingArea": area}
    record: dict[str, Any] = make(**(given | place))
    return record


def list_registrations() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some records, each with its own reference; many at a time, since each file costs most of a second."""
    numbered = st.tuples(_records(), _texts(50))
    return st.lists(numbered, min_size=1, max_size=8, unique_by=lambda pair: fold_reference(pair[1])).map(
        lambda pairs: [record | {"reference": reference} for record, reference in pairs]
    )
