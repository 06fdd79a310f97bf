"""The first rows of a file, by which a person says what its columns are."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.core.errors import InvalidRequest
from app.imports import samples
from app.imports.samples import list_unknown_words, looks_like_heading, read_sample
from app.records.layouts import HeadingMapping, ReadingContext

LIST = "Overzicht beheer\n;;\nObjectnr;Soort;Datum\nK-1;Dome;1-3-2026\nK-2;Bolide;2-3-2026\nK-3;Dome;\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_text(LIST.replace("Overzicht beheer", "Overzicht beheer;;"), encoding="utf-8")
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    book.active.title = "Toelichting"  # type: ignore[union-attr]
    book.active.append(["Lees dit eerst"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Camera's")
    sheet.append(["nr", "soort"])
    sheet.append([1, "Dome"])
    book.create_sheet("Oud").append(["nr"])
    path = tmp_path / "upload.xlsx"
    book.save(path)
    return path


def test_sample_finds_headings_below_a_title_with_examples(path: Path) -> None:
    sample = read_sample(path, "lijst.csv")
    assert (sample.sheets, sample.sheet, sample.heading_row) == ((), None, 3)
    assert sample.columns == (
        ("A", "Objectnr", ("K-1", "K-2", "K-3")),
        ("B", "Soort", ("Dome", "Bolide")),
        ("C", "Datum", ("1-3-2026", "2-3-2026")),
    )
    assert sample.account.delimiter == ";"


def test_sample_takes_the_row_that_a_person_chose(path: Path) -> None:
    sample = read_sample(path, "lijst.csv", heading_row=4)
    assert [column.heading for column in sample.columns] == ["K-1", "Dome", "1-3-2026"]
    assert read_sample(path, "lijst.csv", heading_row=2).heading_row == 1


@pytest.mark.parametrize("sheet", [None, "Camera's"])
def test_sample_of_workbook_names_its_sheets(workbook: Path, sheet: str | None) -> None:
    sample = read_sample(workbook, "lijst.xlsx", sheet=sheet)
    assert (sample.sheets, sample.sheet) == (("Toelichting", "Camera's", "Oud"), "Camera's")
    assert [column.heading for column in sample.columns] == ["nr", "soort"]


def test_sample_of_large_file_ends_at_its_sheet(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "_MAX_WHOLE_BYTES", 10)
    sample = read_sample(workbook, "lijst.xlsx")
    assert (sample.sheets, sample.sheet) == (("Toelichting", "Camera's"), "Camera's")


def test_sample_of_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InvalidRequest):
        read_sample(path, "lijst.xlsx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Soort sensor", True), ("2026-01-01T00:00:00Z", False), ("https://a.nl", False), ("", False)],
)
def test_heading_is_words(text: str, *, expected: bool) -> None:
    assert looks_like_heading(text) is expected


def test_unknown_words_are_those_of_lists_without_a_meaning(path: Path, context: ReadingContext) -> None:
    mapping = HeadingMapping({"Objectnr": ("reference",), "Soort": ("sensorType",)})
    assert list_unknown_words(path, "lijst.csv", mapping, context) == {"sensorType": ["Dome", "Bolide"]}
    told = replace(mapping, words={"sensorType": {"dome": "optical_camera"}})
    assert list_unknown_words(path, "lijst.csv", told, context) == {"sensorType": ["Bolide"]}
    everything = replace(mapping, words={"sensorType": {"*": "optical_camera"}})
    assert list_unknown_words(path, "lijst.csv", everything, context) == {}
