"""Annotation of CSV files, and the checks that hold for every format."""

from pathlib import Path
from shutil import SameFileError

import openpyxl
import pytest

from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.annotations import annotate_file
from app.files.located_problem import LocatedProblem, Origin
from app.sensors.fields import FIELD_LABELS
from tests.files.readers import test_geojson as geojson
from tests.files.readers import test_geopackage as geopackage
from tests.files.readers import test_parquet as parquet
from tests.support.annotations import find
from tests.support.source_files import forge_workbook

HEADING = "Opmerkingen van het register"


def remark(path: Path, *found: tuple[int, str, str]) -> Path:
    """Write the file with remarks, each given as row, heading and text."""
    destination = path.with_name(f"met opmerkingen{path.suffix}")
    problems = [find(row, heading, detail=detail) for row, heading, detail in found]
    annotate_file(path, destination, problems, "nl", FIELD_LABELS)
    return destination


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_with_remarks_has_same_encoding_delimiter_and_line_breaks(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sensoren.csv"
    text = 'Referentie;Café\r\nA1;" 1,5"\r\n\r\n"A;2";\'=1\r\nA3\r\n'
    path.write_bytes(text.encode(encoding))
    remarked = remark(path, (4, "Café", 'te "hoog"'), (5, "Café", "leeg"))
    assert remarked.read_bytes().decode(encoding).split("\r\n") == [
        f"Referentie;Café;{HEADING}",
        "A1; 1,5;",
        "",
        '"A;2";\'=1;"Café: te ""hoog""."',
        "A3;;Café: leeg.",
        "",
    ]
    assert remarked.read_bytes()[:2] == path.read_bytes()[:2]
    again = remark(remarked.rename(path), (2, "Referentie", "nieuw"))
    assert again.read_bytes().decode(encoding).split("\r\n")[:2] == [
        f"Referentie;Café;{HEADING}",
        "A1; 1,5;Referentie: nieuw.",
    ]


def test_remark_in_csv_is_never_a_formula_and_fits_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "sensoren.csv"
    path.write_bytes("=1+1,é\nA1,B1\n".encode("cp1252"))
    remarked = remark(path, (2, "=1+1", "fout → 東京"))
    assert remarked.read_text("cp1252").splitlines()[1] == "A1,B1,'=1+1: fout ? ??."


def test_file_of_unknown_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"%PDF")
    with pytest.raises(InvalidRequest):
        remark(path)


@pytest.mark.parametrize("name", ["geojson", "geopackage", "parquet"])
def test_file_of_gis_format_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    path = {
        "geojson": lambda: geojson.write(tmp_path, geojson.feature()),
        "geopackage": lambda: geopackage.write(tmp_path),
        "parquet": lambda: parquet.write(tmp_path, {"ref": ["A1"], "plek": [None]}, parquet.describe(None)),
    }[name]()
    with pytest.raises(InvalidRequest) as refused:
        remark(path, (1, "ref", "fout"))
    assert refused.value.detail is not None
    assert "lijst van problemen" in refused.value.detail.nl
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("is_link", [False, True])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_source_as_destination_is_refused(tmp_path: Path, suffix: str, is_link: bool) -> None:
    path = (
        write_csv(tmp_path)
        if suffix == "csv"
        else forge_workbook(tmp_path / "a.xlsx", '<row><c t="str"><v>ref</v></c></row>')
    )
    before = path.read_bytes()
    destination = tmp_path / f"link{path.suffix}" if is_link else path
    if is_link:
        destination.symlink_to(path)
    with pytest.raises(SameFileError) as refused:
        annotate_file(path, destination, [find(1, "ref")], "nl", FIELD_LABELS)
    assert refused.value.filename == str(destination)
    assert path.read_bytes() == before
    assert set(tmp_path.iterdir()) == {path, destination}


def write_csv(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("ref\nA1\n")
    return path


def test_earlier_file_at_destination_is_replaced_only_by_a_complete_one(tmp_path: Path) -> None:
    path, destination = write_csv(tmp_path), tmp_path / "opmerkingen.csv"
    path.write_text('ref\n"A1\n')
    destination.write_text("van gisteren")
    with pytest.raises(InvalidRequest):
        annotate_file(path, destination, [], "nl", FIELD_LABELS)
    assert destination.read_text() == "van gisteren"
    assert set(tmp_path.iterdir()) == {path, destination}
    path.write_text("ref\nA1\n")
    annotate_file(path, destination, [find(2, "ref")], "nl", FIELD_LABELS)
    assert "ref: klopt niet." in destination.read_text()
    assert set(tmp_path.iterdir()) == {path, destination}


def test_destination_that_cannot_be_a_file_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path)
    missing = tmp_path / "nergens"
    for destination, named, error in (
        (missing / "a.csv", missing, FileNotFoundError),
        (tmp_path, tmp_path, IsADirectoryError),
    ):
        with pytest.raises(error) as refused:
            annotate_file(path, destination, [], "nl", FIELD_LABELS)
        assert refused.value.filename == str(named)


@pytest.mark.parametrize(
    ("language", "remarks"),
    [
        (
            "nl",
            "Referentie: Vul dit in. Let op: Postcode: Vul dit in. Kenmerk: Vul dit in. Vul dit in.",
        ),
        ("en", "Reference: Fill this in. Note: Postcode: Fill this in. Kenmerk: Fill this in. Fill this in."),
    ],
)
def test_field_without_column_is_named_by_its_label(tmp_path: Path, language: Language, remarks: str) -> None:
    path, destination = write_csv(tmp_path), tmp_path / "b.csv"
    detail = LocalizedText("Vul dit in.", "Fill this in.")
    problems = [
        LocatedProblem(Origin(None, 2), heading, Problem(ProblemCode.REQUIRED, location, detail), is_warning)
        for heading, location, is_warning in (
            (None, "/reference", False),
            (None, "/postcode", True),
            ("Kenmerk", "/bgtId", False),
            (None, "", False),
        )
    ]
    annotate_file(path, destination, problems, language, FIELD_LABELS)
    assert destination.read_text().splitlines()[1] == f"A1;{remarks}"


def test_remarks_stand_beside_headings_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "sensoren.csv"
    path.write_text("sep=;\nLijst 2026;\nref;naam\nA1;x\n")
    destination = tmp_path / "met.csv"
    annotate_file(
        path,
        destination,
        [find(3, "naam", detail="fout")],
        "nl",
        FIELD_LABELS,
        is_heading={"ref", "naam"}.__contains__,
    )
    assert destination.read_text() == f"sep=;\nLijst 2026;\nref;naam;{HEADING}\nA1;x;naam: fout.\n"


def test_remarks_in_a_sheet_stand_beside_headings_below_a_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sensoren"
    for row in (["Lijst 2026"], [], ["ref", "naam"], ["A1", "x"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    problem = find(4, "naam", detail="fout", table="Sensoren")
    annotate_file(
        tmp_path / "a.xlsx",
        tmp_path / "b.xlsx",
        [problem],
        "nl",
        FIELD_LABELS,
        is_heading={"ref", "naam"}.__contains__,
    )
    rows = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0].values
    assert list(rows) == [
        ("Lijst 2026", None, None),
        (None, None, None),
        ("ref", "naam", HEADING),
        ("A1", "x", "naam: fout."),
    ]
