"""Look-up of municipalities by code or name."""

from datetime import UTC, datetime

import pytest

from app.core.errors import InvalidRequest, NotFound
from app.core.problems import ABSENT, Problem
from app.municipalities.directory import (
    APPROXIMATE_ATTRIBUTION,
    Directory,
    NamedEdition,
    NamedMunicipality,
    Successor,
)


def named(
    code: str,
    name: str,
    edition: int = 2024,
    *,
    former_names: tuple[str, ...] = (),
    successor: Successor | None = None,
) -> NamedMunicipality:
    return NamedMunicipality(
        edition=edition,
        code=code,
        name=name,
        province=None,
        approximate=False,
        in_force=edition == 2024,
        extent=(5.0, 52.0, 5.1, 52.1),
        extent_rd=(140_000, 450_000, 150_000, 460_000),
        former_names=former_names,
        successor=successor,
    )


DIRECTORY = Directory(
    "stamp",
    [],
    [
        named("GM0363", "Amsterdam"),
        named("GM0373", "Bergen (NH.)"),
        named("GM0417", "Laren (NH.)"),
        named("GM0457", "Weesp", 2022, successor=Successor("GM0363", "Amsterdam", 2024, 0.999)),
        named("GM0518", "'s-Gravenhage"),
        named("GM0737", "Tytsjerksteradiel", former_names=("Tietjerksteradeel",)),
        named("GM0796", "Den Bosch"),
        named("GM0893", "Bergen (L.)"),
        named("GM1684", "Laren", 2021),
        named("GM1900", "Súdwest-Fryslân"),
    ],
)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("GM0363", "GM0363"),
        ("2023gm0363", "GM0363"),
        ("amsterdam", "GM0363"),
        ("Gemeente AMSTERDAM", "GM0363"),
        ("sudwest fryslan", "GM1900"),
        ("bergen (l)", "GM0893"),
        # One municipality under its other name, whichever of them the edition has.
        ("Den Haag", "GM0518"),
        ("the hague", "GM0518"),
        ("'s-Hertogenbosch", "GM0796"),
        # A name in force goes before the same name of the past.
        ("Laren", "GM0417"),
        ("Weesp", "GM0457"),
        ("Tietjerksteradeel", "GM0737"),
    ],
)
def test_codes_and_names_are_found(asked: str, code: str) -> None:
    assert DIRECTORY.get_municipality(asked).code == code


def refuse(asked: str) -> Problem:
    with pytest.raises(InvalidRequest) as refused:
        DIRECTORY.get_municipality(asked)
    (problem,) = refused.value.problems
    assert (problem.where, problem.location, problem.value) == ("query", "municipality", asked)
    return problem


def test_ambiguous_name_lists_the_codes() -> None:
    problem = refuse("Bergen")
    assert problem.code == "ambiguous_municipality"
    assert "Bergen (NH.) = GM0373, Bergen (L.) = GM0893" in problem.detail.nl
    assert problem.suggestion == "GM0373"


def test_unknown_name_is_refused_with_the_nearest() -> None:
    problem = refuse("Amsterdm")
    assert problem.code == "unknown_municipality"
    assert problem.detail.en.endswith("Did you mean Amsterdam (GM0363)?")
    assert problem.suggestion == "GM0363"


@pytest.mark.parametrize("asked", ["GM9999", "Atlantis", "", "  "])
def test_dissimilar_name_has_no_suggestion(asked: str) -> None:
    assert refuse(asked).suggestion is ABSENT


def test_empty_name_is_refused_with_an_example() -> None:
    assert refuse(" ").detail.en == "Give a name or code, such as GM0363."


def test_unknown_municipality_in_a_path_is_not_found() -> None:
    with pytest.raises(NotFound) as missed:
        DIRECTORY.get_municipality("GM9999", where="path", location="code")
    assert [(problem.where, problem.location) for problem in missed.value.problems] == [("path", "code")]


@pytest.mark.parametrize(
    ("attribution", "language", "words"),
    [
        (APPROXIMATE_ATTRIBUTION.en, "nl", "bij benadering"),
        (APPROXIMATE_ATTRIBUTION.en, "en", "approximate"),
        (APPROXIMATE_ATTRIBUTION.en, None, "approximate"),
        ("Kadaster, 2026 (CC BY 4.0)", "nl", "Kadaster, 2026 (CC BY 4.0)"),
    ],
)
def test_attribution_of_approximate_boundaries_is_in_the_language_of_the_page(
    attribution: str, language: str | None, words: str
) -> None:
    edition = NamedEdition(2026, True, True, "npm", attribution, datetime.now(UTC))

    assert words in edition.render_attribution(language)
