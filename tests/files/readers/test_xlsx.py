"""Excel files as people keep them."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.bootstrap.paths import ROOT
from app.files.readers import FileLimits, open_source
from app.files.table import InvalidCell
from tests.support.source_files import forge_workbook, measure_peak, read_all, read_one, why_refused

REAL = ROOT.parent / "shared" / "geodata" / "reference" / "amsterdam_bulk_form.xlsx"


def save(folder: Path, rows: list[list[Any]], **properties: Any) -> Path:
    book = openpyxl.Workbook()
    book.epoch = properties.get("epoch", book.epoch)
    for row in rows:
        book.worksheets[0].append(row)
    path = folder / "sensoren.xlsx"
    book.save(path)
    return path


def test_dates_and_numbers_are_read_with_their_type(tmp_path: Path) -> None:
    cells = [
        date(2026, 5, 1),
        datetime(2026, 5, 1, 8, 30),  # noqa: DTZ001 - Excel knows no zones
        12,
        12.0,
        52.3676001,
        True,
        " Kerk\xa0straat ",
        None,
        "007",
    ]
    path = save(tmp_path, [[f"kop {number}" for number in range(len(cells))], cells])
    (read,) = read_one(path).cells
    assert read == [*cells[:6], "Kerk\xa0straat", None, "007"]
    assert [type(cell) for cell in read[:6]] == [date, datetime, int, int, float, bool]


def test_dates_of_the_1904_system_are_correct(tmp_path: Path) -> None:
    path = save(tmp_path, [["datum"], [date(2026, 5, 1)]], epoch=CALENDAR_MAC_1904)
    assert read_one(path).cells == [[date(2026, 5, 1)]]


def test_number_out_of_range_for_a_date_is_reported(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["datum"])
    book.worksheets[0].append([9e9])
    book.worksheets[0]["A2"].number_format = "dd-mm-yyyy"
    book.save(tmp_path / "sensoren.xlsx")
    ((cell,),) = read_one(tmp_path / "sensoren.xlsx").cells
    assert isinstance(cell, InvalidCell)
    assert cell.code == "invalid_date"


def test_number_has_the_digits_that_excel_shows(tmp_path: Path) -> None:
    path = forge_workbook(
        tmp_path / "a.xlsx", "<row><c><v>1</v></c></row><row><c><v>4.9000000000000004</v></c></row>"
    )
    assert read_one(path).cells == [[4.9]]


def test_all_sheets_are_read_in_order_and_hidden_ones_are_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Sensoren"
    book.create_chartsheet("Grafiek")
    for name, state in (("Lijsten", "hidden"), ("Geheim", "veryHidden"), ("Leeg", "visible")):
        book.create_sheet(name).sheet_state = state
    book["Lijsten"].append(["Ja"])
    book.save(tmp_path / "sensoren.xlsx")
    tables = [contents.table for contents in read_all(tmp_path / "sensoren.xlsx")]
    assert [(table.name, table.is_hidden, table.headings) for table in tables] == [
        ("Sensoren", False, ()),
        ("Lijsten", True, ("Ja",)),
        ("Geheim", True, ()),
        ("Leeg", False, ()),
    ]


def test_empty_rows_and_columns_do_not_shift_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["B3"] = "Referentie"
    sheet["D3"] = "Naam"
    sheet["B6"] = "A1"
    sheet["E6"] = "een aantekening"
    sheet["D9"] = "los"
    sheet.merge_cells("B6:D6")
    book.save(tmp_path / "sensoren.xlsx")
    contents = read_one(tmp_path / "sensoren.xlsx")
    assert contents.table.headings == ("", "Referentie", "", "Naam", "")
    assert [(row.number, list(row.cells)) for row in contents.rows] == [
        (6, [None, "A1", None, None, "een aantekening"]),
        (9, [None, None, None, "los", None]),
    ]


def test_formula_is_read_by_its_stored_value(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>som</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>A9&amp;"x"</f><v>x</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f>""</f><v></v></c><c r="B4"><v>1</v></c></row>'
        '<row r="5"><c r="A5"><f>[1]Blad1!A1</f></c></row>'
        '<row r="6"><c r="A6" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    cells = [row[0] for row in read_one(forge_workbook(tmp_path / "a.xlsx", rows)).cells]
    assert cells[:3] == [2, "x", None]
    assert [(cell.code, cell.text) for cell in cells[3:] if isinstance(cell, InvalidCell)] == [
        ("formula_not_computed", ""),
        ("formula_error", "#DIV/0!"),
    ]


def test_formula_that_was_never_computed_is_reported(tmp_path: Path) -> None:
    ((cell,),) = read_one(save(tmp_path, [["som"], ["=1+1"]])).cells
    assert isinstance(cell, InvalidCell)
    assert cell.detail.en.startswith("This formula has not been computed yet.")


def test_rich_text_is_read_without_formatting_and_phonetics(tmp_path: Path) -> None:
    texts = (
        "<sst><si><t>kop</t></si>"
        '<si><r><rPr><b/></rPr><t xml:space="preserve">vet </t></r><r><t>en_x000D_niet</t></r></si>'
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si></sst>"
    )
    rows = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in range(3))
    path = forge_workbook(tmp_path / "a.xlsx", rows, shared_strings=texts)
    assert read_one(path).cells == [["vet en\rniet"], ["東京"]]


def test_million_empty_formatted_rows_are_read_quickly(tmp_path: Path) -> None:
    head = '<row r="1"><c r="A1" t="str"><v>Referentie</v></c></row>'
    empty = "".join(f'<row r="{number}" s="1" customFormat="1"/>' for number in range(2, 1_000_000))
    last = '<row r="1000000"><c r="A1000000" t="str"><v>A1</v></c></row>'
    contents = read_one(forge_workbook(tmp_path / "a.xlsx", head + empty + last))
    assert [(row.number, list(row.cells)) for row in contents.rows] == [(1_000_000, ["A1"])]


@pytest.mark.parametrize("value", ["<v>1</v>", ""])
def test_forty_thousand_columns_are_refused_only_with_values(tmp_path: Path, value: str) -> None:
    head = '<row r="1"><c r="A1"><v>1</v></c></row>'
    wide = f'<row r="2"><c r="A2"><v>2</v></c>{f"<c>{value}</c>" * 40_000}</row>'
    path = forge_workbook(tmp_path / "a.xlsx", head + wide)
    if value:
        reason = "Sheet 'Blad1' has a value in column 501 of row 2; more than 500 columns are not read."
        assert why_refused(path).startswith(reason)
    else:
        assert read_one(path).cells == [[2]]


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path, [["ref"], *([number] for number in range(50))])
    assert why_refused(path, FileLimits(rows=50)) == "The file has more than 50 rows. Hand it in in parts."


def test_workbook_with_macros_is_read_without_them(tmp_path: Path) -> None:
    path = save(tmp_path, [["ref"], ["A1"]])
    macro = path.rename(tmp_path / "sensoren.xlsm")
    assert read_one(macro).cells == [["A1"]]


@pytest.mark.skipif(not REAL.exists(), reason="../shared is absent")
def test_form_of_amsterdam_is_read() -> None:
    person, sensors, *lists = read_all(REAL)
    assert person.table.headings == ("Naam organisatie/bedrijf",)
    assert person.rows[0].cells == ["Postcode"]
    assert sensors.table.name == "Sensorregistratie"
    assert sensors.table.headings[:3] == ("Referentie", "Kies soort / type sensor", "Latitude")
    assert len(sensors.table.headings) == 20
    assert all(contents.table.is_hidden for contents in lists)


def test_formatted_cells_without_values_are_skipped(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["ref"])
    for row in range(2, 2_000):
        sheet.cell(row, 3).fill = PatternFill("solid", fgColor="FFFF00")
    sheet.append(["A1", " "])
    book.save(tmp_path / "a.xlsx")
    assert [(row.number, list(row.cells)) for row in read_one(tmp_path / "a.xlsx").rows] == [(2_000, ["A1"])]


def test_long_shared_string_in_every_cell_is_refused(tmp_path: Path) -> None:
    texts = f"<sst><si><t>{'x' * 500_000}</t></si></sst>"
    cell = '<c t="s"><v>0</v></c>'
    for rows in (
        # Cells in one row, in a few rows of one piece, and in a row that is long in the file too.
        f"<row>{cell * 400}</row>",
        f"<row>{cell * 4}</row>" * 100,
        f"<row>{(cell + '<!-- nothing stands here -->' * 50) * 400}</row>",
    ):
        path = forge_workbook(tmp_path / "a.xlsx", rows, shared_strings=texts)
        assert measure_peak(lambda path=path: why_refused(path)) < 30_000_000  # type: ignore[misc]
        assert "more than 10000000 characters in a few rows" in why_refused(path)


def test_sample_of_first_rows_is_limited_in_memory(tmp_path: Path) -> None:
    texts = f"<sst><si><t>{'x' * 400_000}</t></si></sst>"
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row><!--{"-x" * 40_000}-->'
        for number in range(1, 60)
    )
    path = forge_workbook(tmp_path / "a.xlsx", rows, shared_strings=texts)

    def read() -> None:
        with open_source(path, limits=FileLimits(expansion=10_000)) as source:
            assert [sum(1 for _ in table.rows) for table in source.read_tables()] == [58]

    assert measure_peak(read) < 10_000_000
