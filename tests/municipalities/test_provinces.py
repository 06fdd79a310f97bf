"""Provinces by code and by name."""

import pytest

from app.core.errors import InvalidRequest
from app.municipalities.provinces import PROVINCES, find_province, get_province


def test_provinces_have_the_codes_of_statistics_netherlands() -> None:
    codes = {province.name: province.code for province in PROVINCES}
    assert len(codes) == 12
    assert (codes["Groningen"], codes["Fryslân"], codes["Utrecht"], codes["Limburg"]) == (
        "PV20",
        "PV21",
        "PV26",
        "PV31",
    )


@pytest.mark.parametrize(
    ("spelled", "code"),
    [
        ("PV27", "PV27"),
        ("pv27", "PV27"),
        ("27", "PV27"),
        ("noord-holland", "PV27"),
        ("Noord Holland", "PV27"),
        ("Provincie Utrecht", "PV26"),
        ("Friesland", "PV21"),
        ("FRYSLAN", "PV21"),
    ],
)
def test_province_is_found_by_code_and_name_in_any_spelling(spelled: str, code: str) -> None:
    found = find_province(spelled)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("spelled", ["", "PV19", "PV32", "PV", "Holland", "²7"])
def test_other_texts_are_no_province(spelled: str) -> None:
    assert find_province(spelled) is None


def test_unknown_province_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidRequest) as refused:
        get_province("Zeelant")
    [problem] = refused.value.problems
    assert problem.suggestion == "PV29"
    assert "Zeeland (PV29)" in problem.detail.nl
