"""Codes and names in the spellings of real sources."""

import pytest

from app.municipalities.codes import drop_qualifier, fold_name, folded_aliases, parse_code


@pytest.mark.parametrize(
    "spelled",
    [
        *("GM0363", "0363", "gm0363", "2023GM0363", "G0363", " gm363 ", "NL_GM0363", 363, 363.0),
        "https://identifier.overheid.nl/tooi/id/gemeente/gm0363",
        # GeoNames: the number after the province is that of the municipality.
        "NL.07.0363",
    ],
)
def test_spellings_of_municipality_code_are_parsed(spelled: object) -> None:
    assert parse_code(spelled) == "GM0363"


@pytest.mark.parametrize(
    ("spelled", "meaning"),
    [
        ("NLD.9.11_1", "GADM"),
        ("NL.15.19", "GADM"),
        ("PV27", "province"),
        ("WK036300", "district"),
        ("BU03630000", "neighbourhood"),
        ("Amsterdam", "not a municipality code"),
        ("0000", "not a municipality code"),
        ("", "not a municipality code"),
        (None, "not a municipality code"),
        (363.5, "not a municipality code"),
    ],
)
def test_other_kind_of_code_is_refused_with_its_kind(spelled: object, meaning: str) -> None:
    with pytest.raises(ValueError, match=meaning):
        parse_code(spelled)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Súdwest-Fryslân", "sudwest fryslan"),
        ("'s-Gravenhage", "s gravenhage"),
        ("Gemeente Amsterdam", "amsterdam"),
        ("BERGEN (NH.)", "bergen nh"),
    ],
)
def test_names_are_compared_without_accents_and_capitals(name: str, folded: str) -> None:
    assert fold_name(name) == folded


def test_qualifier_of_a_name_is_dropped() -> None:
    assert drop_qualifier("Nuenen, Gerwen en Nederwetten") == "Nuenen, Gerwen en Nederwetten"
    assert drop_qualifier("Laren (NH.)") == "Laren"


def test_aliases_of_two_cities_are_recognised() -> None:
    assert "s gravenhage" in folded_aliases("den haag")
    assert "den bosch" in folded_aliases("s hertogenbosch")
    assert folded_aliases("utrecht") == ("utrecht",)
