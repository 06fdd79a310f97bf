"""The format of a file follows from its content; other formats are refused with advice."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import InvalidRequest
from app.files.readers import FileLimits, open_source
from tests.support.source_files import read_one, why_refused

EXPORT = "Open it in QGIS or ArcGIS and export it as GeoJSON or CSV."


def zip_names(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t ", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"\xff\xfe", "The file is empty."),
        (
            b"%PDF-1.7 ...",
            "This is a PDF. Excel (.xlsx), CSV, GeoJSON, GeoPackage and GeoParquet are read. Export the data as",
        ),
        (b"\x00\x00\x27\x0a\x00\x00", "This is a shapefile."),
        (b"\x1f\x8b\x08\x00", "This is compressed by gzip."),
        (
            b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "Workbook".encode("utf-16-le"),
            "This is an old Excel workbook (.xls).",
        ),
        (
            b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "This is an Excel workbook with a password. Take the password off",
        ),
        (b"<!DOCTYPE html><table>", "This is a web page."),
        (b"<table><tr><td>Referentie</td></tr></table>", "This is a web page."),
        (
            b"<?xml version='1.0'?><!-- x --><kml xmlns='http://www.opengis.net/kml/2.2'/>",
            "This is a KML file. Open it in QGIS or ArcGIS and export it as GeoJSON or CSV.",
        ),
        (b"\xef\xbb\xbf<gpx version='1.1'><wpt/></gpx>", "This is a GPX file. Open it in QGIS"),
        (
            b"<?xml version='1.0'?><wfs:FeatureCollection xmlns:gml='http://www.opengis.net/gml/3.2'>",
            "This is a GML file. Open it in QGIS",
        ),
        (
            b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook>",
            "This is an Excel workbook in XML. Open it in Excel",
        ),
        (b"<?xml version='1.0'?><sensors/>", "This is an XML file."),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "This is an Access database. Export the table as CSV."),
        (
            b'{"displayFieldName":"","geometryType":"esriGeometryPoint","features":[]}',
            "This is Esri JSON. Request it from the server as GeoJSON (f=geojson), or export it as GeoJSON or CSV",
        ),
        (b'{"features":[{"attributes":{"ref":"A1"},"geometry":{"x":4.9,"y":52.3}}]}', "This is Esri JSON."),
        (
            b'{"@iot.nextLink":"http://x/Things?$skip=1","value":[{"@iot.id":1}]}',
            "This is an answer of a SensorThings server. Export the data as GeoJSON or CSV.",
        ),
        (b'{"value":[{"name":"x","@iot.id":1}]}', "This is an answer of a SensorThings server."),
        (b'[{"@iot.id":1}]', "This is an answer of a SensorThings server."),
        (b'{"type":"Topology","objects":{}}', "This is TopoJSON or CityJSON."),
        (b'[ {"ref": "A1"} ]', "This is JSON, but no GeoJSON."),
        (b"PK\x03\x04 and then nothing", "The file is damaged"),
        (b"PAR1 and then nothing", "The Parquet file is damaged"),
        (b"SQLite format 3\x00 and then nothing", "The GeoPackage file is damaged"),
    ],
)
def test_unsupported_format_is_refused_by_name(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert why_refused(path).startswith(reason)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["sensoren.shp", "sensoren.dbf"], f"This is a zipped shapefile. {EXPORT}"),
        (["doc.kml"], "This is a zipped KML file (.kmz). Open it in QGIS"),
        (["a.gdb/a00000001.gdbtable"], "This is a zipped geodatabase of Esri. Open it in QGIS"),
        (["mimetype", "content.xml"], "This is an OpenDocument file (.ods). Open it in Excel"),
        (["xl/workbook.bin"], "This is a binary Excel workbook (.xlsb)."),
        (["word/document.xml"], "This is a Word document."),
        (["sensoren.csv"], "This is a zip file. Unpack it"),
    ],
)
def test_unsupported_archive_is_refused_by_name(tmp_path: Path, names: list[str], reason: str) -> None:
    assert why_refused(zip_names(tmp_path / "file.zip", *names)).startswith(reason)


def test_geojson_with_words_of_other_formats_in_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": '
        '{"attributes": "x", "@iot.id": 1, "esriGeometry": "y"}}]}'
    )
    assert read_one(path).cells == [["x", 1, "y"]]


@pytest.mark.parametrize("text", ["<5 dB>;naam\nA1;x\n", "<Null>;naam\nA1;x\n", "[ref];naam\nA1;x\n"])
def test_csv_that_begins_with_a_bracket_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text)
    assert read_one(path).cells == [["A1", "x"]]


def test_sqlite_file_without_geopackage_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE notes (note TEXT)")
    assert why_refused(path) == "This is an SQLite file, but no GeoPackage."


def test_format_is_detected_whatever_the_file_name(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text("reference,name\nA1,Camera\n")
    assert read_one(path).cells == [["A1", "Camera"]]


def test_text_with_suffix_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text("reference,name\n")
    with pytest.raises(InvalidRequest) as refused, open_source(path, file_name="Sensoren.XLSX"):
        pass
    assert refused.value.detail is not None
    assert refused.value.detail.nl.startswith("Het bestand heet .xlsx maar is dat niet.")


def test_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("reference\n" + "A1\n" * 1_000_000)
    assert why_refused(path, FileLimits(file_bytes=2_000_000)).startswith(
        "The file is 3 MB; more than 2 MB is not read."
    )
