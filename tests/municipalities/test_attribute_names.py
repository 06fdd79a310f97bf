"""Attribute names in real sources."""

from typing import Any

import pytest

from app.core.errors import InvalidRequest
from app.municipalities.attribute_names import Feature, parse_municipality_areas

WILD: list[dict[str, Any]] = [
    # Kadaster at PDOK.
    {
        "identificatie": "GM0363",
        "code": "0363",
        "naam": "Amsterdam",
        "ligt_in_provincie_naam": "Noord-Holland",
    },
    # CBS, in several years.
    {"statcode": "GM0363", "statnaam": "Amsterdam", "jrstatcode": "2023GM0363"},
    {"GM_CODE": "GM0363", "GM_NAAM": "Amsterdam", "H2O": "NEE"},
    {"gemeentecode": "GM0363", "gemeentenaam": "Amsterdam", "water": "NEE"},
    # Others.
    {"LAU_ID": "GM0363", "LAU_NAME": "Amsterdam"},
    {"GISCO_ID": "NL_GM0363", "LAU_NAME": "Amsterdam"},
    {"ref:gemeentecode": 363, "name": "Amsterdam"},
    {"code": "NL.07.0363", "NAME_2": "Amsterdam", "NAME_1": "Noord-Holland"},
]


@pytest.mark.parametrize("attributes", WILD, ids="+".join)
def test_code_and_name_are_found(attributes: dict[str, Any]) -> None:
    (area,) = parse_municipality_areas([Feature(attributes, None)])
    assert (area.code, area.name) == ("GM0363", "Amsterdam")
    assert area.province in (None, "Noord-Holland")


def test_features_without_code_or_name_are_all_reported() -> None:
    rows = [
        {"code": "0363", "naam": "Amsterdam"},
        {"code": "PV27", "naam": "Noord-Holland"},
        {"code": "0344"},
    ]
    with pytest.raises(InvalidRequest) as refused:
        parse_municipality_areas([Feature(row, None) for row in rows])
    assert [(problem.location, problem.code) for problem in refused.value.problems] == [
        ("/features/1", "invalid_code"),
        ("/features/2", "missing_name"),
    ]
    assert "Noord-Holland" in refused.value.problems[0].detail.nl
    assert "province" in refused.value.problems[0].detail.en


def test_source_without_known_attributes_is_refused_with_its_attributes() -> None:
    with pytest.raises(InvalidRequest, match=r"attribute for the code; it has: naam, soort"):
        parse_municipality_areas([Feature({"naam": "Amsterdam", "soort": "stad"}, None)])
    with pytest.raises(InvalidRequest, match="attribute for the name"):
        parse_municipality_areas([Feature({"code": "0363"}, None)])
    with pytest.raises(InvalidRequest, match="no features"):
        parse_municipality_areas([])
