"""Friday afternoon: an officer has a hundred sensors in Amsterdam's own workbook, and wants to go home."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from app.bootstrap.paths import GRID
from app.cli.command import app
from app.cli.database import console
from app.cli.error_messages import errors
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import Settings
from app.spatial.crs import add_grid
from tests.support.amsterdam_form import VITAL_INTERESTS, fill_form, make_row, needs_form
from tests.support.organisations import make_municipality
from tests.support.sensors import load_cities

pytestmark = needs_form

TODAY: Final = dutch_date()
Run = Callable[..., Result]

BAD: Final[dict[int, tuple[dict[str, Any], str, str]]] = {
    # Row of the sheet: what is wrong with it, under which heading it is said, and under which code.
    11: ({"Kies soort / type sensor": "Geluidsensr"}, "Kies soort / type sensor", "unknown_value"),
    21: ({"Thema 2 (niet verplicht)": "Milieu: gelui"}, "Thema 2 (niet verplicht)", "unknown_value"),
    31: ({"Referentie": None}, "Referentie", "required"),
    41: ({"Wanneer wordt de sensor verwijderd?": "31-12-9999"}, "Wanneer wordt de sensor verwijderd?", "end_too_far"),
    51: ({"Wanneer wordt de sensor verwijderd?": "binnenkort"}, "Wanneer wordt de sensor verwijderd?", "invalid_date"),
    61: (
        {"Worden er persoonsgegevens verwerkt?": "Misschien"},
        "Worden er persoonsgegevens verwerkt?",
        "unknown_value",
    ),
    71: ({"Wat meet de sensor?": "druk " * 60}, "Wat meet de sensor?", "too_long"),
    81: ({"Latitude": 4.9, "Longitude": 52.37}, "Latitude", "swapped_axes"),
    91: ({"Referentie": "ASD-003"}, "Referentie", "repeated_reference"),
}  # fmt: skip

VALID: Final = 100 - len(BAD) - 1
"""Two rows with one reference are both refused: either may be the right one."""


def make_rows(*, corrected: bool = False) -> list[list[Any]]:
    """A hundred rows: fixed and mobile ones, some with personal data, and unless corrected a few that are wrong."""
    rows = []
    for number in range(1, 101):
        cells: dict[str, Any] = {}
        if number % 20 == 4:
            area = {4: "Amsterdam", 24: "GM0363", 44: "Centrum"}.get(number, "Amsterdam; Utrecht")
            cells |= {
                "Latitude": None,
                "Longitude": None,
                "In welk gebied bevindt zich de mobiele sensor?": area,
            }
        if number % 20 == 5:
            cells |= {
                "Worden er persoonsgegevens verwerkt?": "Ja",
                "Wettelijke grondslag": VITAL_INTERESTS,
                "Privacyverklaring": "https://www.amsterdam.nl/privacy",
            }
        if not corrected and number + 1 in BAD:
            cells |= BAD[number + 1][0]
        rows.append(make_row(number, TODAY, **cells))
    return rows


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    fill_form(tmp_path / "vrijdag.xlsx", make_rows())
    return tmp_path / "vrijdag.xlsx"


@pytest.fixture
def database(fresh_database: str) -> str:
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session)
        make_municipality(session)
    engine.dispose()
    return fresh_database


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = Settings(database_url=database)
    for module in ("app.cli.database", "app.cli.imports.import_file", "app.cli.imports.list_imports"):
        monkeypatch.setattr(f"{module}.get_settings", lambda: settings)
    for screen in (console, errors):
        monkeypatch.setattr(screen, "width", 220)
    return lambda *words: CliRunner().invoke(app, ["import", *words, "--set", "dpiaStatus=pre_scan_done"])


def count(url: str, statement: str) -> Any:
    engine = create_engine(sqlalchemy_url(url))
    try:
        with engine.connect() as connection:
            return connection.scalar(text(statement))
    finally:
        engine.dispose()


def read_count(result: Result, name: str) -> int:
    found = re.search(rf"^ *{name} +([\d.]+) *$", result.output, re.MULTILINE)
    assert found, result.output
    return int(found[1].replace(".", ""))


def test_dry_run_reports_refused_rows_and_writes_nothing(workbook: Path, database: str, run: Run) -> None:
    result = run(str(workbook), "--owner", "GM0363", "--dry-run")
    assert result.exit_code == 1, result.output
    assert (read_count(result, "nieuw"), read_count(result, "geweigerd")) == (VALID, 100 - VALID)
    for row, (_, heading, _) in BAD.items():
        line = re.search(
            rf"Sensorregistratie +│[^│]*\b{row}\b[^│]*│[^│]*│ +[A-Z] {re.escape(heading)}", result.output
        )
        assert line, f"row {row} is not named under {heading}:\n{result.output}"
    assert "sound" in result.output, "the nearest term is offered"
    assert "Geheim" not in result.output
    assert count(database, "SELECT count(*) FROM register.sensor") == 0
    assert count(database, "SELECT count(*) FROM register.sensor_import") == 0


def test_import_with_valid_rows_imports_rows_without_problems(
    workbook: Path, database: str, run: Run
) -> None:
    refused = run(str(workbook), "--owner", "GM0363")
    assert refused.exit_code == 1
    assert count(database, "SELECT count(*) FROM register.sensor") == 0
    taken = run(str(workbook), "--owner", "GM0363", "--valid-rows")
    assert taken.exit_code == 1
    assert "Deze sensoren staan nu in het register" in taken.output
    assert count(database, "SELECT count(*) FROM publication.published_sensor") == VALID - 2
    assert count(database, "SELECT count(*) FROM register.sensor_version WHERE mobility = 'mobile'") == 5
    assert count(database, "SELECT count(*) FROM audit.audit_entry WHERE action = 'import_sensors'") == 1


def test_corrected_workbook_adds_missing_sensors_once(
    workbook: Path, database: str, run: Run, tmp_path: Path
) -> None:
    run(str(workbook), "--owner", "GM0363", "--valid-rows")
    corrected = tmp_path / "verbeterd.xlsx"
    fill_form(corrected, make_rows(corrected=True))
    result = run(str(corrected), "--owner", "GM0363")
    assert result.exit_code == 0, result.output
    assert (read_count(result, "nieuw"), read_count(result, "ongewijzigd")) == (100 - VALID, VALID)
    again = run(str(corrected), "--owner", "GM0363")
    assert (again.exit_code, read_count(again, "ongewijzigd")) == (0, 100)
    assert count(database, "SELECT count(*) FROM register.sensor_version") == 100


def test_remarks_are_written_into_workbook_with_colours(workbook: Path, run: Run, tmp_path: Path) -> None:
    remarks = tmp_path / "opmerkingen.xlsx"
    run(str(workbook), "--owner", "GM0363", "--dry-run", "--remarks", str(remarks))
    returned = openpyxl.load_workbook(remarks)
    sheet = returned["Sensorregistratie"]
    headings = [cell.value for cell in sheet[1]]
    column = headings.index("Opmerkingen van het register") + 1
    assert {row for row in range(2, 102) if sheet.cell(row, column).value} >= set(BAD)
    assert sheet.cell(10, column).value is None or 10 in BAD
    wrong = sheet.cell(11, headings.index("Kies soort / type sensor") + 1)
    assert (wrong.value, wrong.fill.fill_type) == ("Geluidsensr", "solid")
    assert {"Types", "Themas", "JaNee", "Wettelijke Grondslagen"} <= set(returned.sheetnames)
    assert sheet.data_validations.count >= 10, "the drop-down lists are still there"


def test_undo_withdraws_whole_import(workbook: Path, database: str, run: Run) -> None:
    taken = run(str(workbook), "--owner", "GM0363", "--valid-rows")
    found = re.search(r"imports undo ([0-9a-f-]{36})", taken.output)
    assert found
    undone = CliRunner().invoke(app, ["imports", "undo", found[1]])
    assert undone.exit_code == 0, undone.output
    assert f"{VALID} ingetrokken" in undone.output
    assert count(database, "SELECT count(*) FROM publication.published_sensor") == 0
    again = run(str(workbook), "--owner", "GM0363", "--valid-rows")
    assert read_count(again, "nieuw") == VALID, again.output
