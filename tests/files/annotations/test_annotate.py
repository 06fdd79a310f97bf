"""Files of each other format come back as they were, with remarks."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import SameFileError
from typing import Any

import pyarrow.parquet as pq
import pyogrio.raw
import pytest

from app.core.errors import InvalidRequest, Problem
from app.core.i18n import Language, LocalizedText
from app.files.annotations import annotate_file
from app.files.located_problem import LocatedProblem, Origin
from app.sensors.fields import FIELD_LABELS
from tests.files.readers import test_geojson as geojson
from tests.files.readers import test_geopackage as geopackage
from tests.files.readers import test_parquet as parquet
from tests.support.annotations import find
from tests.support.source_files import forge_workbook, read_one

HEADING = "Opmerkingen van het register"


def feature(ref: str, remark: str | None = None) -> dict[str, Any]:
    """As of the tests of GeoJSON, with a remark."""
    remarks = {} if remark is None else {HEADING: remark}
    return geojson.feature() | {"properties": {"ref": ref} | remarks}


def remark(path: Path, *found: tuple[int, str, str], table: str | None = None) -> Path:
    """The file with remarks: of each the row, the heading and the words."""
    destination = path.with_name(f"met opmerkingen{path.suffix}")
    problems = [find(row, heading, table=table, detail=detail) for row, heading, detail in found]
    annotate_file(path, destination, problems, "nl", FIELD_LABELS)
    return destination


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_keeps_encoding_delimiter_and_line_breaks(tmp_path: Path, encoding: str) -> None:
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


def test_a_remark_is_no_formula_and_its_letters_fit(tmp_path: Path) -> None:
    path = tmp_path / "sensoren.csv"
    path.write_bytes("=1+1,é\nA1,B1\n".encode("cp1252"))
    remarked = remark(path, (2, "=1+1", "fout → 東京"))
    assert remarked.read_text("cp1252").splitlines()[1] == "A1,B1,'=1+1: fout ? ??."


def test_geojson_gets_a_property(tmp_path: Path) -> None:
    features = [feature("A1", "oud"), feature("é"), feature("A3")]
    path = geojson.write(tmp_path, *features, name="sensoren", bbox=[1, 2.5, 3, 4])
    written = json.loads(remark(path, (2, "ref", "fout"), (3, "ref", "leeg")).read_text())
    assert written == {
        "type": "FeatureCollection",
        "features": [
            feature("A1"),
            feature("é", "ref: fout."),
            feature("A3", "ref: leeg."),
        ],
        "name": "sensoren",
        "bbox": [1, 2.5, 3, 4],
    }


@pytest.mark.parametrize("separator", ["\x1e", ""])
def test_a_sequence_stays_a_sequence(tmp_path: Path, separator: str) -> None:
    texts = [json.dumps(feature(ref)) for ref in ("A1", "A2")]
    path = geojson.write_text(tmp_path, "".join(f"{separator}{text}\n" for text in texts))
    lines = remark(path, (2, "ref", "fout")).read_text().split("\n")
    assert lines[0] == separator + texts[0]
    assert lines[1] == separator + json.dumps(feature("A2", "ref: fout."))
    assert lines[2:] == [""]


def test_a_collection_of_nothing_stays_one(tmp_path: Path) -> None:
    path = geojson.write(tmp_path, name="leeg")
    assert json.loads(remark(path).read_text()) == {
        "type": "FeatureCollection",
        "features": [],
        "name": "leeg",
    }


def test_a_geopackage_gets_a_field_and_is_whole(tmp_path: Path) -> None:
    path = geopackage.write(tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TRIGGER harm AFTER UPDATE ON sensoren BEGIN DELETE FROM sensoren; END")
    remarked = remark(path, (2, "ref", "fout"), table="sensoren")
    contents = read_one(remarked)
    assert contents.table.headings[-1] == HEADING
    assert [row.cells[-1] for row in contents.rows] == [None, "ref: fout."]
    assert [row.geometry for row in contents.rows] == [row.geometry for row in read_one(path).rows]
    with closing(sqlite3.connect(path)) as before, closing(sqlite3.connect(remarked)) as after:
        query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
        kept = after.execute(query).fetchall()
        assert kept
        assert sorted([*kept, ("harm",)]) == before.execute(query).fetchall()
    _, _, geometries, fields = pyogrio.raw.read(remarked)
    assert len(geometries) == 2
    assert list(fields[-1]) == [None, "ref: fout."]
    again = remark(remarked.rename(path), (1, "ref", "nieuw"), table="sensoren")
    assert [row.cells[-1] for row in read_one(again).rows] == ["ref: nieuw.", None]


def test_parquet_gets_a_column_and_keeps_its_geometries(tmp_path: Path) -> None:
    columns = {"ref": ["A1", "A2"], "themes": [["a"], None], "plek": [None, None]}
    path = parquet.write(tmp_path, columns, parquet.describe(None))
    remarked = remark(path, (2, "ref", "fout"))
    table = pq.read_table(remarked)
    assert table.drop_columns(HEADING).to_pydict() == columns
    assert table[HEADING].to_pylist() == [None, "ref: fout."]
    assert table.schema.metadata[b"geo"] == pq.read_schema(path).metadata[b"geo"]
    again = remark(remarked.rename(path), (1, "ref", "nieuw"))
    assert pq.read_table(again)[HEADING].to_pylist() == ["ref: nieuw.", None]


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"%PDF")
    with pytest.raises(InvalidRequest):
        remark(path)


@pytest.mark.parametrize("is_link", [False, True])
@pytest.mark.parametrize("name", ["a.csv", "a.geojson", "a.gpkg", "a.parquet", "a.xlsx"])
def test_a_file_is_never_written_over_itself(tmp_path: Path, name: str, is_link: bool) -> None:
    path = write_any(tmp_path, name)
    before = path.read_bytes()
    destination = tmp_path / f"link{path.suffix}" if is_link else path
    if is_link:
        destination.symlink_to(path)
    with pytest.raises(SameFileError) as refused:
        annotate_file(path, destination, [find(1, "ref")], "nl", FIELD_LABELS)
    assert refused.value.filename == str(destination)
    assert path.read_bytes() == before
    assert set(tmp_path.iterdir()) == {path, destination}


def write_any(folder: Path, name: str) -> Path:
    """A file of the kind that the name says."""
    match name.rpartition(".")[2]:
        case "csv":
            path = folder / name
            path.write_text("ref\nA1\n")
        case "geojson":
            path = geojson.write(folder, feature("A1"))
        case "gpkg":
            path = geopackage.write(folder)
        case "parquet":
            path = parquet.write(folder, {"ref": ["A1"], "plek": [None]}, parquet.describe(None))
        case _:
            path = forge_workbook(folder / name, '<row><c t="str"><v>ref</v></c></row>')
    return path


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path, destination = tmp_path / "sensoren.geojson", tmp_path / "opmerkingen.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}}, {"ty')
    destination.write_text("van gisteren")
    with pytest.raises(InvalidRequest):
        annotate_file(path, destination, [], "nl", FIELD_LABELS)
    assert destination.read_text() == "van gisteren"
    assert set(tmp_path.iterdir()) == {path, destination}
    path.write_text(json.dumps(feature("A1")))
    annotate_file(path, destination, [find(1, "ref")], "nl", FIELD_LABELS)
    assert "ref: klopt niet." in destination.read_text()
    assert set(tmp_path.iterdir()) == {path, destination}


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    path = write_any(tmp_path, "a.csv")
    nowhere = tmp_path / "nergens"
    for destination, wrong, error in (
        (nowhere / "a.csv", nowhere, FileNotFoundError),
        (tmp_path, tmp_path, IsADirectoryError),
    ):
        with pytest.raises(error) as refused:
            annotate_file(path, destination, [], "nl", FIELD_LABELS)
        assert refused.value.filename == str(wrong)


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
def test_a_field_without_a_column_is_named_by_its_label(
    tmp_path: Path, language: Language, remarks: str
) -> None:
    path, destination = write_any(tmp_path, "a.csv"), tmp_path / "b.csv"
    detail = LocalizedText("Vul dit in.", "Fill this in.")
    problems = [
        LocatedProblem(Origin(None, 2), heading, Problem("required", location, detail), is_warning)
        for heading, location, is_warning in (
            (None, "/reference", False),
            (None, "/postcode", True),
            ("Kenmerk", "/bgtId", False),
            (None, "", False),
        )
    ]
    annotate_file(path, destination, problems, language, FIELD_LABELS)
    assert destination.read_text().splitlines()[1] == f"A1;{remarks}"
