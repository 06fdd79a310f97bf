"""Excel as a format: types that a spreadsheet knows, texts that stay texts, and what does not fit said in time."""

import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from app.core.errors import InvalidRequest
from app.files.writers import xlsx
from app.files.writers.schema import EXCEL, Column, ColumnKind, Layer
from app.files.writers.xlsx import MAX_TEXT_LENGTH, SheetColumn, write_sheet, write_xlsx
from app.spatial.crs import Crs
from tests.features.test_file_renderer import get
from tests.support.format_readers import read_workbook
from tests.support.register import Register

COLUMNS = (
    Column("name"),
    Column("themes", ColumnKind.TEXTS),
    Column("placedFrom", ColumnKind.DATE),
    Column("updatedAt", ColumnKind.MOMENT),
    Column("openData", ColumnKind.BOOLEAN),
    Column("heightM", ColumnKind.NUMBER),
    Column("version", ColumnKind.INTEGER),
)
POINTS = Layer("sensors", "Point", COLUMNS, Crs.CRS84)
AREAS = Layer("areas", "MultiPolygon", COLUMNS, Crs.CRS84)


def make_feature(number: int = 1, **properties: Any) -> bytes:
    geometry = {"type": "Point", "coordinates": [4.123456789012345, 52.5]}
    feature = {"type": "Feature", "id": f"s{number}", "geometry": geometry, "properties": properties}
    return json.dumps(feature).encode()


def write(path: Path, *features: bytes, layer: Layer = POINTS) -> Any:
    """The sheet as Excel has it, with styles."""
    write_xlsx(path, layer, [features])
    return openpyxl.load_workbook(path).worksheets[0]


def find_cell(sheet: Any, name: str, row: int = 2) -> Any:
    column = [cell.value for cell in sheet[1]].index(name) + 1
    return sheet.cell(row, column)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sensors.xlsx"


def test_heading_row_is_bold_and_frozen(path: Path) -> None:
    sheet = write(path, make_feature(name="Een"))
    assert sheet.title == "sensors"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == [
        "id",
        "longitude",
        "latitude",
        *(column.name for column in COLUMNS),
    ]
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for cell in sheet[2])


def test_values_have_the_type_of_their_column(path: Path) -> None:
    given: dict[str, Any] = {
        "themes": ["a", "b"],
        "placedFrom": "2026-03-01",
        "updatedAt": "2026-03-01T12:34:56Z",
        "openData": True,
        "heightM": -2.25,
        "version": 3,
    }
    sheet = write(path, make_feature(**given))
    expected = {
        "themes": "a|b",
        "placedFrom": datetime(2026, 3, 1),  # noqa: DTZ001 - Excel knows no zones
        "updatedAt": datetime(2026, 3, 1, 12, 34, 56),  # noqa: DTZ001 - as above
        "openData": True,
        "heightM": -2.25,
        "version": 3,
        "latitude": 52.5,
    }
    for name, value in expected.items():
        assert find_cell(sheet, name).value == value, name
    assert find_cell(sheet, "placedFrom").number_format == "yyyy-mm-dd"
    assert find_cell(sheet, "placedFrom").is_date
    assert find_cell(sheet, "openData").data_type == "b"
    assert find_cell(sheet, "name").value is None


@pytest.mark.parametrize("number", [0.1 + 0.2, 4.893212345678901, 1e-12 / 3, 123456789.12345678])
def test_number_of_many_digits_is_written_as_text(path: Path, number: float) -> None:
    cell = find_cell(write(path, make_feature(heightM=number)), "heightM")
    # Excel shows fifteen digits, and writes what it shows.
    assert cell.data_type == "s"
    assert float(cell.value) == number


@pytest.mark.parametrize("number", [0, 12.5, -0.001, 1e20, 1e-7, 123456789.123456, 0.000123456789012345])
def test_number_of_few_digits_is_written_as_number(path: Path, number: float) -> None:
    cell = find_cell(write(path, make_feature(heightM=number)), "heightM")
    assert (cell.data_type, cell.value) == ("n", number)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1), date(1850, 1, 1)])
def test_date_before_march_1900_is_written_as_text(path: Path, day: date) -> None:
    cell = find_cell(write(path, make_feature(placedFrom=day.isoformat())), "placedFrom")
    if day < date(1900, 3, 1):
        assert cell.value == day.isoformat()
    else:
        assert cell.value.date() == day


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "+31 20 1234567",
        "@SUM(A1)",
        "007",
        "1e5",
        "TRUE",
        "'s-Gravenhage",
    ],
)
def test_text_like_another_type_is_written_as_text(path: Path, text: str) -> None:
    cell = find_cell(write(path, make_feature(name=text)), "name")
    assert cell.value == text
    assert cell.data_type == "s"
    # The text format keeps the value unchanged when a person edits the cell.
    assert cell.number_format == "@"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("een\ntwee\r\ndrie\tvier", "een\ntwee\r\ndrie\tvier"),
        ("  rand  ", "  rand  "),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("bel\x07 en \x1f einde\ufffe", "bel en  einde"),
        ("日本語 🚲", "日本語 🚲"),
        ("een _x000D_ twee", "een _x005F_x000D_ twee"),
        ("é" * MAX_TEXT_LENGTH, "é" * MAX_TEXT_LENGTH),
    ],
    ids=lambda text: text[:12],
)
def test_special_characters_in_text_read_back_equal(path: Path, text: str, kept: str) -> None:
    assert find_cell(write(path, make_feature(name=text)), "name").value == kept


def test_text_longer_than_a_cell_is_refused(path: Path) -> None:
    with pytest.raises(InvalidRequest) as refused:
        write(path, make_feature(name="é" * (MAX_TEXT_LENGTH + 1)))
    assert refused.value.problems[0].code == "too_long"
    assert refused.value.problems[0].suggestion == "geopackage"


def test_more_rows_than_excel_can_hold_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    batch = [make_feature(number) for number in range(2)]
    write_xlsx(path, POINTS, [batch, batch[:1]])
    with pytest.raises(InvalidRequest) as refused:
        write_xlsx(path, POINTS, [batch, batch])
    assert refused.value.problems[0].code == "too_many_rows"


def test_sheet_that_needs_zip64_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_BYTES", 20_000)
    with pytest.raises(InvalidRequest):
        write_xlsx(path, POINTS, [[make_feature(number, name="x" * 500)] for number in range(40)])


def test_row_numbers_continue_across_batches(path: Path) -> None:
    batches = [[make_feature(number) for number in range(first, first + 7)] for first in range(0, 21, 7)]
    write_xlsx(path, POINTS, batches)
    rows = read_workbook(path.read_bytes())
    assert [row[0] for row in rows[1:]] == [f"s{number}" for number in range(21)]


def test_search_too_large_for_excel_is_refused_with_advice(
    filled: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    for limit in (100, 1_000_000):
        answer = get(filled, f"f=xlsx&limit={limit}")
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("application/problem+json")
        (problem,) = answer.json()["errors"]
        assert (problem["location"], problem["code"]) == ("f", "too_many_rows")
        assert "GeoPackage" in problem["detail"]


def test_search_is_answered_as_a_workbook(filled: Register) -> None:
    answer = get(filled, "f=xlsx&sensorType=optical_camera&limit=1000000")
    assert answer.headers["content-type"] == EXCEL.media_type
    assert answer.headers["content-disposition"] == 'attachment; filename="sensors.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.max_row == 2
    assert find_cell(sheet, "sensorType").value == "optical_camera"


def test_pages_link_to_the_workbook(filled: Register) -> None:
    page = filled.client.get("/v1/collections/sensors/items", headers={"Accept": "text/html"}).text
    assert "f=xlsx" in page


def test_sheet_of_texts_like_formulas_has_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    texts = ["=1+1", "+31 20 1234567", "-5", "@SUM(A1)", "\t=1"]

    write_sheet(
        path, "teksten", [SheetColumn("Tekst", ColumnKind.TEXT)], [[(ColumnKind.TEXT, pa.array(texts))]]
    )

    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
