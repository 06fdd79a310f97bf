"""An Excel file comes back as it was, with remarks and colours."""

import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyogrio.raw
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.files.annotations import annotate_file
from app.files.located_problem import LocatedProblem
from app.sensors.fields import FIELD_LABELS
from tests.files.readers.test_xlsx import REAL
from tests.support.annotations import find
from tests.support.source_files import forge_workbook, read_all, read_one

RED, YELLOW = "FFF9C8C3", "FFFDF0B5"
HEADING = "Opmerkingen van het register"


def make(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sensoren"
    sheet.append(["Referentie", "Soort", "Datum", "Som"])
    sheet.append(["A1", "Camera", date(2026, 5, 1), 1])
    sheet.append(["A2", None, date(2026, 5, 2), 2])
    sheet.append(["A3", "Kamera", None, 3])
    sheet["A1"].font = Font(bold=True)
    sheet["D1"].font = Font(italic=True)
    sheet["B4"].font = Font(bold=True)
    sheet["G3"].fill = PatternFill("solid", fgColor="FF00FF00")
    choice = DataValidation(type="list", formula1="Lijsten!$A$1:$A$2")
    sheet.add_data_validation(choice)
    choice.add("B2:B100")
    book.create_sheet("Lijsten").sheet_state = "hidden"
    book["Lijsten"].append(["Camera"])
    path = folder / "sensoren.xlsx"
    book.save(path)
    return path


def remark(path: Path, *problems: LocatedProblem) -> Path:
    destination = path.with_name("opmerkingen.xlsx")
    annotate_file(path, destination, problems, "nl", FIELD_LABELS)
    return destination


def read_colours(sheet: Worksheet) -> dict[str, str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.fill.fgColor.rgb for cell in cells if cell.fill.fill_type == "solid"}


def test_remarks_are_in_the_last_column_and_cells_are_coloured(tmp_path: Path) -> None:
    path = remark(
        make(tmp_path),
        find(3, "Soort", table="Sensoren", detail="Vul in"),
        find(3, None, table="Sensoren", detail="Dubbel"),
        find(4, "Soort", table="Sensoren", detail="Bedoelt u <Camera> & co?"),
        find(4, "Datum", table="Sensoren", detail="Geen datum", is_warning=True),
        find(4, "Elders", table="Sensoren", detail="Geen kolom"),
    )
    sheet = openpyxl.load_workbook(path)["Sensoren"]
    assert [cell.value for cell in sheet["E"]] == [
        HEADING,
        None,
        "Soort: Vul in. Dubbel.",
        "Soort: Bedoelt u <Camera> & co?. Let op: Datum: Geen datum. Elders: Geen kolom.",
    ]
    assert read_colours(sheet) == {"B3": RED, "B4": RED, "C4": YELLOW, "G3": "FF00FF00"}
    assert sheet["B4"].font.bold
    assert sheet["E1"].font.italic
    # And another program reads it as well.
    _, _, _, fields = pyogrio.raw.read(path, layer="Sensoren")
    assert list(fields[4]) == [None, "Soort: Vul in. Dubbel.", sheet["E4"].value]


def test_only_annotated_sheet_and_styles_change(tmp_path: Path) -> None:
    path = make(tmp_path)
    remarked = remark(path, find(3, "Soort", table="Sensoren"))
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(remarked) as after:
        assert before.namelist()[:-1] == [
            name for name in after.namelist() if name != "xl/styles.xml"
        ] or set(before.namelist()) == set(after.namelist())
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    book = openpyxl.load_workbook(remarked)
    (choice,) = book["Sensoren"].data_validations.dataValidation
    assert (choice.type, choice.formula1, str(choice.sqref)) == ("list", "Lijsten!$A$1:$A$2", "B2:B100")
    assert book["Lijsten"].sheet_state == "hidden"
    assert [row.cells[:4] for row in read_all(remarked)[0].rows] == [
        row.cells for row in read_all(path)[0].rows
    ]


def test_earlier_remarks_and_colours_are_removed(tmp_path: Path) -> None:
    first = remark(make(tmp_path), find(3, "Soort", table="Sensoren"), find(4, "Datum", table="Sensoren"))
    second = remark(first.rename(tmp_path / "weer.xlsx"), find(4, "Soort", table="Sensoren", detail="Anders"))
    sheet = openpyxl.load_workbook(second)["Sensoren"]
    assert [cell.value for cell in sheet["E"]] == [HEADING, None, None, "Soort: Anders."]
    assert sheet.max_column == 7
    assert read_colours(sheet) == {"B4": RED, "G3": "FF00FF00"}
    last = remark(second.rename(tmp_path / "weer.xlsx"))
    assert read_colours(openpyxl.load_workbook(last)["Sensoren"]) == {"G3": "FF00FF00"}


def test_repeated_annotation_adds_no_fills(tmp_path: Path) -> None:
    path = make(tmp_path)
    counts = []
    for _ in range(3):
        path = remark(path, find(3, "Soort", table="Sensoren")).rename(tmp_path / "weer.xlsx")
        with zipfile.ZipFile(path) as archive:
            counts.append(len(re.findall(rb"<fill>", archive.read("xl/styles.xml"))))
    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ('<row><c t="str"><v>ref</v></c></row><row><c><v>1</v></c></row>', [[1, "ref: klopt niet."]]),
        (
            (
                '<row r="3" spans="1:1"><c r="B3" t="str"><v>ref</v></c></row><row r="4"/>'
                "<row r='5' spans='1:1' ><c r='B5' s='0'><v>1</v></c><c r='C5' s='0'/><c r='D5' s='0' /></row>"
            ),
            [[None, 1, "ref: klopt niet."]],
        ),
    ],
)
def test_rows_without_numbers_or_cells_are_annotated(tmp_path: Path, rows: str, cells: list[object]) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", rows)
    number = read_one(path).rows[0].number
    remarked = remark(path, find(number, "ref", table="Blad1"))
    contents = read_one(remarked)
    assert contents.table.headings[-1] == HEADING
    assert contents.cells == cells


def test_namespace_prefix_of_tags_is_used(tmp_path: Path) -> None:
    path = make(tmp_path)
    prefixed = tmp_path / "prefix.xlsx"
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(prefixed, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name in {"xl/worksheets/sheet1.xml", "xl/styles.xml"}:
                part = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=")
            after.writestr(name, part)
    remarked = remark(prefixed, find(3, "Soort", table="Sensoren"))
    assert read_colours(openpyxl.load_workbook(remarked)["Sensoren"])["B3"] == RED
    assert read_all(remarked)[0].cells[1][-2:] == [2, "Soort: klopt niet."]


def test_large_sheet_is_annotated_in_pieces(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="str"><v>rij {number}</v></c></row>'
        for number in range(1, 10_001)
    )
    path = forge_workbook(tmp_path / "a.xlsx", rows)
    found = [find(number, "rij 1", table="Blad1", detail=f"fout {number}") for number in range(2, 10_001, 3)]
    remarked = read_one(remark(path, *found)).cells
    assert remarked[0] == ["rij 2", "rij 1: fout 2."]
    assert remarked[9_997] == ["rij 9999", None]
    assert remarked[9_996] == ["rij 9998", "rij 1: fout 9998."]


@pytest.mark.skipif(not REAL.exists(), reason="../shared is absent")
def test_form_of_amsterdam_with_remarks_has_its_drop_down_lists(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(REAL)
    book["Sensorregistratie"].append(["A1", "Kamera", 52.37, 4.89])
    book.save(tmp_path / "form.xlsx")
    name = "Kies soort / type sensor"
    remarked = openpyxl.load_workbook(
        remark(tmp_path / "form.xlsx", find(2, name, table="Sensorregistratie", detail="Onbekend"))
    )
    sheet = remarked["Sensorregistratie"]
    assert sheet["U1"].value == HEADING
    assert sheet["U2"].value == f"{name}: Onbekend."
    assert read_colours(sheet)["B2"] == RED
    lists = [one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert lists == [
        one.formula1
        for one in book["Sensorregistratie"].data_validations.dataValidation
        if one.type == "list"
    ]
    assert len(lists) == 4
    assert [one.sheet_state for one in remarked.worksheets] == ["visible", "visible", *["hidden"] * 4]
