"""Documents of mappings, with all of their problems at once."""

import json
from typing import Any

import pytest

from app.core.errors import InvalidRequest
from app.records.layouts import parse_heading_mapping, parse_mapping_file

TOML = b"""
sheet = "Camera's"

[columns]
objectnr = ["reference", "bgtId"]
"X coord." = "RD x"
"Y coord." = "rdY"
"Doel 2" = "Thema 2"
wijk = ""

[values]
placedFrom = 2026-03-01
themes = ["mobility_car"]

[words.sensorType]
Dome = "optical_camera"
"""


def list_problems(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as raised:
        parse_heading_mapping(document)
    return [(problem.code, problem.location) for problem in raised.value.problems]


def test_mapping_of_a_file_comes_back_from_its_document() -> None:
    mapping = parse_mapping_file(TOML)
    assert mapping.columns == {
        "objectnr": ("reference", "bgtId"),
        "X coord.": ("rdX",),
        "Y coord.": ("rdY",),
        "Doel 2": ("themes 2",),
        "wijk": (),
    }
    assert mapping.values == {"placedFrom": "2026-03-01", "themes": ["mobility_car"]}
    assert mapping.words == {"sensorType": {"dome": "optical_camera"}}
    assert parse_heading_mapping(mapping.write_document()) == mapping


def test_mapping_reports_everything_wrong_at_once() -> None:
    document = {
        "columns": {"nr": "referentie", "soort": "Soort sensr", "x": 3},
        "values": {"doel": "tellen"},
        "words": {"sensorTyp": {"dome": "x"}, "themes": "x"},
        "sheets": "Blad1",
    }
    assert list_problems(document) == [
        ("unknown_value", "sheets"),
        ("unknown_value", "columns.soort"),
        ("unknown_value", "columns.x"),
        ("unknown_value", "values.doel"),
        ("unknown_value", "words.sensorTyp"),
        ("wrong_type", "words.themes"),
    ]


@pytest.mark.parametrize("document", [None, [], "x", {}, {"columns": []}, {"columns": {}}])
def test_mapping_without_columns_is_refused(document: Any) -> None:
    assert [location for _, location in list_problems(document)] == ["columns"]


def test_mapping_without_reference_or_with_a_field_twice_is_refused() -> None:
    columns = {"nr": "name", "naam": "name", "type": "sensorType"}
    assert list_problems({"columns": columns}) == [("invalid_value", "columns.naam"), ("required", "columns")]


def test_file_of_json_is_the_same_mapping() -> None:
    document = {
        "columns": {"nr": "reference", "naam": "name"},
        "words": {"sensorType": {"camera": "optical_camera"}},
    }
    content = b"\xef\xbb\xbf" + json.dumps(document, indent=2).encode()
    assert parse_mapping_file(content) == parse_heading_mapping(document)


def test_file_of_broken_json_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="line 1"):
        parse_mapping_file(b'{"columns": {"nr": "reference"')


@pytest.mark.parametrize("content", [b"\xff\xfe", b"columns = ["])
def test_file_that_is_no_toml_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequest, match="TOML"):
        parse_mapping_file(content)
