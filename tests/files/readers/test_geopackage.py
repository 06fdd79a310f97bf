"""GeoPackages, those that mean harm too."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import shapely
from pyogrio.raw import write_arrow

from app.files.readers import FileLimits, open_source
from app.files.reading_account import ReadColumn
from app.files.table import InvalidCell
from app.spatial.crs import Crs
from tests.support.source_files import measure_peak, read_all, read_one, read_warnings, why_refused

DAM_RD = shapely.Point(121_394, 487_383)


def write(folder: Path, *, layer: str = "sensoren", crs: str = "EPSG:28992", append: bool = False) -> Path:
    """A GeoPackage as GDAL writes it, with two features, of which one has nothing but a reference."""
    path = folder / "sensoren.gpkg"
    table = pa.table(
        {
            "ref": ["A1", "A2"],
            "open": pa.array([True, None]),
            "placed": pa.array([date(2026, 5, 1), None]),
            "seen": pa.array([datetime(2026, 5, 1, 8, 30, tzinfo=UTC), None], pa.timestamp("ms", "UTC")),
            "height": pa.array([2.5, None]),
            "themes": pa.array(['["a", "b"]', None]),
            "geometry": pa.array([shapely.to_wkb(DAM_RD), None], pa.binary()),
        },
        metadata=None,
    )
    themes = pa.field("themes", pa.string(), metadata={"ARROW:extension:name": "arrow.json"})
    table = table.cast(table.schema.set(table.schema.get_field_index("themes"), themes))
    write_arrow(
        table,
        path,
        layer=layer,
        driver="GPKG",
        geometry_name="geometry",
        geometry_type="Point",
        crs=crs,
        append=append,
    )
    return path


def run(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as database:
        # GDAL's triggers call functions that SQLite itself does not have.
        names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for statement in (*(f"DROP TRIGGER {name}" for (name,) in names), *statements):
            database.execute(statement)
        database.commit()
    return path


def test_cells_have_the_type_of_their_column(tmp_path: Path) -> None:
    contents = read_one(write(tmp_path))
    assert contents.table.name == "sensoren"
    assert contents.table.crs is Crs.RD
    assert contents.table.headings == ("ref", "open", "placed", "seen", "height", "themes")
    moment = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    assert contents.cells == [
        ["A1", True, date(2026, 5, 1), moment, 2.5, ["a", "b"]],
        ["A2", None, None, None, None, None],
    ]
    assert [(row.number, row.geometry) for row in contents.rows] == [(1, DAM_RD), (2, None)]


@pytest.mark.parametrize(
    ("crs", "expected"), [("EPSG:4326", Crs.CRS84), ("EPSG:4258", Crs.CRS84), ("OGC:CRS84", Crs.CRS84)]
)
def test_degrees_are_read_longitude_first(tmp_path: Path, crs: str, expected: Crs) -> None:
    assert read_one(write(tmp_path, crs=crs)).table.crs is expected


def test_unsupported_crs_is_refused(tmp_path: Path) -> None:
    assert "'EPSG:31370' is not read" in why_refused(write(tmp_path, crs="EPSG:31370"))


def test_unread_layer_in_unsupported_crs_is_accepted(tmp_path: Path) -> None:
    """Such a layer is often a background map."""
    write(tmp_path)
    path = write(tmp_path, layer="achtergrond", crs="EPSG:31370", append=True)
    with open_source(path) as source:
        assert [len(list(table.rows)) for table in source.read_tables() if table.name == "sensoren"] == [2]


def test_each_layer_is_a_table(tmp_path: Path) -> None:
    write(tmp_path, layer="eerste")
    path = write(tmp_path, layer="tweede", append=True)
    assert [contents.table.name for contents in read_all(path)] == ["eerste", "tweede"]


def test_triggers_do_not_run_and_file_is_unchanged(tmp_path: Path) -> None:
    path = run(
        write(tmp_path),
        "CREATE TRIGGER harm AFTER INSERT ON sensoren BEGIN DELETE FROM sensoren; END",
        "CREATE TRIGGER more BEFORE UPDATE ON gpkg_contents BEGIN SELECT load_extension('harm'); END",
    )
    digest = hashlib.sha256(path.read_bytes()).digest()
    assert [row[0] for row in read_one(path).cells] == ["A1", "A2"]
    assert hashlib.sha256(path.read_bytes()).digest() == digest
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "view",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, 'x' AS ref FROM n",
        "SELECT 1 AS fid, load_extension('harm') AS ref",
    ],
)
def test_view_as_layer_is_refused(tmp_path: Path, view: str) -> None:
    path = run(write(tmp_path), "ALTER TABLE sensoren RENAME TO elders", f"CREATE VIEW sensoren AS {view}")
    run(path, "UPDATE gpkg_contents SET table_name = 'sensoren'", "DELETE FROM gpkg_geometry_columns")
    assert why_refused(path).startswith("Layer 'sensoren' is not an ordinary table.")


def test_view_as_list_of_layers_is_refused(tmp_path: Path) -> None:
    path = run(
        write(tmp_path),
        "ALTER TABLE gpkg_contents RENAME TO elders",
        "CREATE VIEW gpkg_contents AS SELECT * FROM elders",
    )
    assert why_refused(path) == "This is an SQLite file, but no GeoPackage."


def test_generated_columns_are_skipped(tmp_path: Path) -> None:
    path = run(write(tmp_path), "ALTER TABLE sensoren ADD COLUMN harm TEXT AS (hex(zeroblob(1000000000)))")
    assert "harm" not in read_one(path).table.headings


def test_file_with_an_unfinished_transaction_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    journal = tmp_path / "sensoren.gpkg-journal"
    journal.write_bytes(bytes(512))
    assert len(read_one(path).rows) == 2
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(1_000))
    assert why_refused(path).startswith("This GeoPackage was copied while a program had it open")
    assert journal.stat().st_size == 1_008


def test_copy_of_an_open_file_is_refused_without_its_log_and_read_with_it(tmp_path: Path) -> None:
    path = write(tmp_path)
    copy = tmp_path / "copy" / path.name
    copy.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.create_function("ST_IsEmpty", 1, lambda _: 1)
        for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0)
        database.execute("UPDATE sensoren SET ref = 'today'")
        database.commit()
        copy.write_bytes(path.read_bytes())
        log = path.with_name(f"{path.name}-wal").read_bytes()
        assert log
    assert why_refused(copy) == (
        "This GeoPackage was copied while a program had it open: the last changes are missing. Close the project in "
        "QGIS and copy the file again, or put the file whose name ends in -wal beside it. Or export the layer as "
        "GeoJSON."
    )
    copy.with_name(f"{path.name}-wal").write_bytes(log)
    before = copy.read_bytes()
    assert {row[0] for row in read_one(copy).cells} == {"today"}
    assert copy.read_bytes() == before
    assert sorted(file.name for file in copy.parent.iterdir()) == [path.name, f"{path.name}-wal"]


def test_multipoint_of_one_point_is_a_point(tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    shapes = [
        shapely.MultiPoint([(121687, 487315)]),
        shapely.MultiPoint([(121687, 487315), (121700, 487315)]),
    ]
    write_arrow(
        pa.table({"ref": ["A1", "A2"], "geom": shapely.to_wkb(shapes)}),
        path,
        driver="GPKG",
        layer="punten",
        geometry_name="geom",
        geometry_type="MultiPoint",
        crs="EPSG:28992",
    )
    assert [row.geometry for row in read_one(path).rows] == [shapely.Point(121687, 487315), shapes[1]]


def test_layers_are_accounted_for(tmp_path: Path) -> None:
    path = write(write(tmp_path).parent, layer="andere", append=True)
    with open_source(path) as source:
        tables = source.read_tables()
        assert len(list(next(tables).rows)) == 2
        next(tables)
        account = source.account
    (table,) = account.tables
    assert (account.format, account.unread_tables) == ("gpkg", ("andere",))
    assert (table.name, table.rows, table.first_row, table.last_row) == ("sensoren", 2, 1, 2)
    assert table.columns[0] == ReadColumn("A", "ref")


def test_value_of_another_type_than_its_column_is_read(tmp_path: Path) -> None:
    path = run(
        write(tmp_path),
        "UPDATE sensoren SET open = 'ja', placed = '1 mei', height = 9e999, themes = '[oeps', ref = x'00ff'",
    )
    ref, is_open, placed, _, height, themes = read_one(path).cells[0]
    assert isinstance(ref, InvalidCell)
    assert ref.code == "invalid_text"
    assert isinstance(height, InvalidCell)
    assert height.code == "invalid_number"
    assert [is_open, placed, themes] == ["ja", "1 mei", "[oeps"]


def test_invalid_geometry_is_refused_with_feature_number(tmp_path: Path) -> None:
    path = write(tmp_path)
    for blob in ("x'00'", "x'4750'", "x'475000FF'", "'POINT (4 52)'", "7", "x'47500001000000000101000000'"):
        run(path, f"UPDATE sensoren SET geom = {blob} WHERE ref = 'A2'")
        assert why_refused(path).startswith("The geometry of feature 2 in layer 'sensoren' cannot be read.")


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert why_refused(path).startswith("The GeoPackage file is damaged or incomplete.")


def test_file_over_a_limit_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert why_refused(path, FileLimits(rows=1)).startswith("The file has more than 1 rows.")
    assert why_refused(path, FileLimits(columns=3)).startswith("The file has 6 columns;")
    run(path, "UPDATE sensoren SET ref = printf('%.200000c', 'x')")
    assert why_refused(path, FileLimits(row_characters=100_000)).startswith("The GeoPackage file is damaged")


def test_memory_holds_one_row_at_a_time(tmp_path: Path) -> None:
    path = write(tmp_path)
    run(
        path,
        "WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 200)"
        " INSERT INTO sensoren (ref) SELECT printf('%.100000c', 'x') FROM counted",
    )

    def read() -> None:
        with open_source(path) as source:
            assert [sum(1 for _ in table.rows) for table in source.read_tables()] == [202]

    assert measure_peak(read) < 4_000_000


def test_geopackage_without_layers_is_refused(tmp_path: Path) -> None:
    path = run(
        write(tmp_path),
        "DELETE FROM gpkg_contents",
        "DELETE FROM gpkg_geometry_columns",
        "DROP TABLE sensoren",
    )
    assert why_refused(path) == "The GeoPackage has no layers with features."


def test_double_of_more_than_fifteen_digits_is_invalid(tmp_path: Path) -> None:
    path = run(write(tmp_path), "UPDATE sensoren SET height = 8931440301234567890 WHERE ref = 'A1'")
    cell = read_one(path).cells[0][4]
    assert isinstance(cell, InvalidCell)
    assert cell.code == "digits_lost"


def test_columns_of_bytes_and_computed_ones_are_named_as_not_read(tmp_path: Path) -> None:
    path = run(
        write(tmp_path),
        "ALTER TABLE sensoren ADD COLUMN foto BLOB",
        "ALTER TABLE sensoren ADD COLUMN hoogte REAL AS (height * 2)",
    )
    assert read_warnings(path) == ["Columns that were not read: foto, hoogte"]


def test_table_that_the_file_does_not_list_is_named_as_not_read(tmp_path: Path) -> None:
    path = run(write(tmp_path), "CREATE TABLE kasten (ref TEXT)", "CREATE TABLE layer_styles (name TEXT)")
    with open_source(path) as source:
        for table in source.read_tables():
            list(table.rows)
        assert source.account.unread_tables == ("kasten",)


def test_file_that_lists_none_of_its_tables_is_refused_with_their_names(tmp_path: Path) -> None:
    path = run(write(tmp_path), "DELETE FROM gpkg_geometry_columns", "DELETE FROM gpkg_contents")
    assert why_refused(path) == (
        "The GeoPackage lists no layers in gpkg_contents. These tables are in it: sensoren. Export the table to a new "
        "GeoPackage in QGIS."
    )


def test_table_of_older_gdal_without_geometry_is_read(tmp_path: Path) -> None:
    path = run(
        write(tmp_path),
        "DELETE FROM gpkg_geometry_columns",
        "UPDATE gpkg_contents SET data_type = 'aspatial', srs_id = NULL",
    )
    assert read_one(path).table.headings[1:3] == ("ref", "open")
    assert read_one(path).cells[0][1] == "A1"
