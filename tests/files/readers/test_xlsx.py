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
from app.files.reading_account import ReadColumn, SkippedRow, TableAccount, UntakenColumn
from app.files.table import InvalidCell, ShownNumber
from tests.support.source_files import (
    forge_workbook,
    measure_peak,
    read_all,
    read_one,
    rename_parts,
    why_refused,
)
from tests.support.waiting import soon_computed

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


def test_workbook_of_1904_says_from_which_day_it_counts(tmp_path: Path) -> None:
    path = save(tmp_path, [["datum"], [44834]], epoch=CALENDAR_MAC_1904)
    with open_source(path) as source:
        (table,) = source.read_tables()
        assert table.day_zero == date(1904, 1, 1)
        assert source.account.date_system == "1904"
    with open_source(save(tmp_path, [["datum"], [44834]])) as source:
        (table,) = source.read_tables()
        assert table.day_zero == date(1899, 12, 30)
        assert source.account.date_system == "1900"


def save_formatted(folder: Path, *cells: tuple[Any, str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([f"kop {number}" for number in range(len(cells))])
    for column, (value, number_format) in enumerate(cells, start=1):
        sheet.cell(2, column, value).number_format = number_format
    path = folder / "sensoren.xlsx"
    book.save(path)
    return path


def test_number_that_is_shown_otherwise_has_its_value_and_what_is_shown(tmp_path: Path) -> None:
    path = save_formatted(
        tmp_path,
        (42, "00000"),
        (1001, '"CAM-"0000'),
        (52.3676001, "0.00"),
        (42, "0"),
        (4.5, "General"),
        (12e5, "0.00E+00"),
    )
    (cells,) = read_one(path).cells
    assert [(float(cell), cell.shown) for cell in cells if isinstance(cell, ShownNumber)] == [
        (42, "00042"),
        (1001, "CAM-1001"),
        (52.3676001, "52.37"),
        (12e5, None),
    ]
    assert cells[3:5] == [42, 4.5]
    assert cells[0] not in (42, ShownNumber(42, "0042"))


@pytest.mark.parametrize(
    ("number", "is_lost"),
    [
        (867543210123456, False),
        (8931440301234567890, True),
        (7e23, True),
        (-1e15, True),
        (999999999999999, False),
    ],
)
def test_number_of_more_digits_than_excel_stores_is_invalid(
    tmp_path: Path, number: float, is_lost: bool
) -> None:
    ((cell,),) = read_one(save(tmp_path, [["ref"], [number]])).cells
    if is_lost:
        assert isinstance(cell, InvalidCell)
        assert cell.code == "digits_lost"
        assert cell.detail.en.startswith("Excel has made a number of more than fifteen digits of this")
    else:
        assert cell == number


def test_time_of_day_is_invalid(tmp_path: Path) -> None:
    ((cell,),) = read_one(save_formatted(tmp_path, (0.5208333333333334, "h:mm:ss"))).cells
    assert isinstance(cell, InvalidCell)
    assert (cell.code, cell.text) == ("time_of_day", "12:30:00")


def test_expensive_number_format_is_read_quickly(tmp_path: Path) -> None:
    path = save_formatted(
        tmp_path,
        # openpyxl takes about half a minute for these brackets.
        (1, "[" * 300_000),
        *((1, mark * (40_000 // len(mark))) for mark in ('"', "0", "[h", ";", "\\", "General")),
    )
    with soon_computed():
        assert len(read_one(path).rows) == 1


def test_what_was_read_of_each_sheet_is_accounted_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sensoren"
    for row in (["Lijst van 2026"], [], ["Ref", "Naam", None, "Type"], ["A1", "x", "los", "y"]):
        sheet.append(row)
    sheet["A9"] = "A9"
    sheet["A10"] = "A10"
    sheet["F10"] = "ver weg"
    sheet.merge_cells("D3:E3")
    for number in (9, 10):
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("Lijsten").append(["Ja"])
    book.save(tmp_path / "a.xlsx")
    with open_source(tmp_path / "a.xlsx", is_heading={"Ref", "Naam", "Type"}.__contains__) as source:
        tables = source.read_tables()
        table = next(tables)
        assert table.headings == ("Ref", "Naam", "", "Type", "", "")
        assert [(row.number, row.cells[0]) for row in table.rows] == [(4, "A1"), (9, "A9"), (10, "A10")]
        next(tables)
        account = source.account
    assert (account.format, account.unread_tables) == ("xlsx", ("Lijsten",))
    assert account.tables == (
        TableAccount(
            "Sensoren",
            heading_row=3,
            skipped_rows=(SkippedRow(1, "Lijst van 2026"),),
            columns=tuple(map(ReadColumn, "ABCDEF", ("Ref", "Naam", "", "Type", "", ""))),
            untaken_columns=(UntakenColumn("C", 1, 4, "los"), UntakenColumn("F", 1, 10, "ver weg")),
            rows=3,
            first_row=4,
            last_row=10,
            hidden_row_count=2,
            hidden_rows=((9, 10),),
            hidden_columns=("B",),
            merged_range_count=1,
            merged_ranges=("D3:E3",),
        ),
    )


def test_filled_cell_far_to_the_right_is_accounted_for(tmp_path: Path) -> None:
    path = save(
        tmp_path, [["ref"], *(["A1"] for _ in range(200)), ["A2", None, "los"], [None, None, "ook los"]]
    )
    with open_source(path) as source:
        assert [len(list(table.rows)) for table in source.read_tables()] == [201]
        assert source.account.tables[0].untaken_columns == (("C", 2, 202, "los"),)


def test_damaged_text_is_warned_about(tmp_path: Path) -> None:
    with open_source(save(tmp_path, [["naam"], ["cafÃ©"]])) as source:
        list(source.read_tables())
        (warning,) = source.account.warnings
    assert warning.en == "The text seems to be encoded in UTF-8 twice: cafÃ©. Correct it in the source."


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


@pytest.mark.parametrize(
    "names",
    [
        [("styles.xml", "styles2.xml")],
        [("styles.xml", "Styles.xml")],
        [("workbook.xml", "workbook22.xml")],
        [("workbook.xml", "workbook22.xml"), ("styles.xml", "styles3.xml")],
    ],
)
def test_number_of_a_workbook_with_renamed_parts_is_read_as_it_is_shown(
    tmp_path: Path, names: list[tuple[str, str]]
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Referentie"])
    book.worksheets[0].append([42])
    book.worksheets[0]["A2"].number_format = "00000"
    path = tmp_path / "sensoren.xlsx"
    book.save(path)
    assert read_one(rename_parts(path, *names)).cells == [[ShownNumber(42, "00042")]]


@pytest.mark.parametrize("name", ["sharedStrings2.xml", "SharedStrings.xml"])
def test_shared_strings_under_another_name_are_read(tmp_path: Path, name: str) -> None:
    path = forge_workbook(
        tmp_path / "a.xlsx",
        '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>',
        shared_strings="<sst><si><t>kop</t></si><si><t>Dam</t></si></sst>",
    )
    assert read_one(rename_parts(path, ("sharedStrings.xml", name))).cells == [["Dam"]]


def test_pronunciation_in_an_inline_text_is_left_out(tmp_path: Path) -> None:
    pronounced = "<r><t>東</t></r><r><t>京</t></r><rPh sb='0' eb='2'><t>トウキョウ</t></rPh>"
    rows = "".join(
        f'<row><c t="inlineStr"><is>{text}</is></c></row>'
        for text in ("<t>kop</t>", pronounced, "<rPh sb='0' eb='1'><t>ダム</t></rPh><t>Dam</t>")
    )
    assert read_one(forge_workbook(tmp_path / "a.xlsx", rows)).cells == [["東京"], ["Dam"]]


@pytest.mark.parametrize("kind", ["s", "b", "n", "str", "e", "d"])
def test_value_without_text_is_an_empty_cell_of_any_kind(tmp_path: Path, kind: str) -> None:
    heading = '<c t="inlineStr"><is><t>kop</t></is></c>'
    rows = f'<row>{heading}{heading}</row><row><c t="{kind}"><v></v></c><c><v>7</v></c></row>'
    assert read_one(forge_workbook(tmp_path / "a.xlsx", rows)).cells == [[None, 7]]
