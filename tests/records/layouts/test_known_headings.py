"""Headings by which readers find the row of the headings."""

import pytest

from app.records.layouts import is_known_heading


@pytest.mark.parametrize(
    "heading",
    [
        *("Referentie", "sensorType", "Wat meet de sensor?", "Thema 1", "Breedtegraad", "RD x", "Locatie"),
        *(
            "Kies soort / type sensor",
            "Naam apparaat",
            "Registratienummer",
            "Remarks of the register",
            "Naam *",
        ),
    ],
)
def test_heading_of_a_layout_is_known(heading: str) -> None:
    assert is_known_heading(heading)


@pytest.mark.parametrize(
    "text", ["", "?", "Sensoren gemeente Testdam 2026", "Geluidsensor", "2026-10-01", "AMS-1"]
)
def test_other_text_is_not_known(text: str) -> None:
    assert not is_known_heading(text)
