"""Amsterdam's real workbook, filled in as officers do: a hundred rows, most of them right."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

FORM: Final = Path(__file__).parents[3] / "shared/geodata/reference/amsterdam_bulk_form.xlsx"

needs_form = pytest.mark.skipif(not FORM.exists(), reason="the real workbook is not beside the repository")

HEADINGS: Final = (
    "Referentie", "Kies soort / type sensor", "Latitude", "Longitude",
    "In welk gebied bevindt zich de mobiele sensor?", "Wat meet de sensor?", "Waarvoor meet u dat?", "Thema 1",
    "Thema 2 (niet verplicht)", "Thema 3 (niet verplicht)", "Thema 4 (niet verplicht)", "Thema 5 (niet verplicht)",
    "Thema 6 (niet verplicht)", "Thema 7 (niet verplicht)", "Thema 8 (niet verplicht)",
    "Worden er persoonsgegevens verwerkt?", "Wettelijke grondslag", "Privacyverklaring",
    "Wanneer wordt de sensor verwijderd?", "Opmerking (niet verplicht)",
)  # fmt: skip

TYPES: Final = (
    "Aanwezigheid of nabijheidsensor",
    "Temperatuursensor",
    "Dichtheidssensor",
    "Druksensor",
    "Positie- of verplaatsingsensor",
    "Vloeistof- en gasstroomsensor",
    "Electriciteitssensor",
    "Chemiesensor",
    "Klimaatsensor",
    "Geluidsensor",
    "Optische / camera sensor",
)
VITAL_INTERESTS: Final = "Bescherming vitale belangen betrokkene(n) of van een andere natuurlijke persoon)"
"""The term as the form writes it, with an unmatched bracket."""


def make_row(number: int, today: date, **cells: Any) -> list[Any]:
    """A sound row of the form, with whatever the headings' cells say otherwise."""
    removed = today + timedelta(days=300 + number)
    row = dict.fromkeys(HEADINGS, None) | {
        "Referentie": f"ASD-{number:03}",
        "Kies soort / type sensor": TYPES[number % len(TYPES)],
        "Latitude": 52.36 + number / 5000,
        "Longitude": 4.88 + number / 5000,
        "Wat meet de sensor?": "Hoe druk het is",
        "Waarvoor meet u dat?": "Weten wanneer er meer handhavers nodig zijn.",
        "Thema 1": "Mobiliteit: voetganger",
        "Thema 2 (niet verplicht)": "Milieu: water, bodem, lucht",
        "Worden er persoonsgegevens verwerkt?": "Nee",
        # Half of the officers type a date, the others have a cell that is one.
        "Wanneer wordt de sensor verwijderd?": (
            datetime.combine(removed, datetime.min.time()) if number % 2 else f"{removed:%d-%m-%Y}"
        ),
        "Opmerking (niet verplicht)": "Vragen? Bel Marleen Geheim, 06-12345678",
    }
    return list((row | cells).values())


def fill_form(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    """Write the form with an organisation and these rows below the headings, all else as it was."""
    workbook = openpyxl.load_workbook(FORM)
    answers = (
        "Gemeente Amsterdam", "1011 PN", 1, None, "Amstel", "Amsterdam", "marleen.geheim@example.org",
        "06-12345678", None, "https://www.amsterdam.nl", "Marleen", None, "Geheim",
    )  # fmt: skip
    for number, answer in enumerate(answers, 1):
        workbook["Uw gegevens"].cell(number, 2, answer)
    sheet = workbook["Sensorregistratie"]
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    workbook.save(path)
