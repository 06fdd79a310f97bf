"""Small files that would cost their reader its life, its time or the memory of the machine."""

import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyogrio.raw import write_arrow
from shapely import Point, to_wkb

from tests.support.source_files import forge_workbook

_PAGE_BYTES = 4096
_LEVELS = 15
_INTERIOR_PAGE = 5
_CELL_BYTES = 5


def make_endless_geopackage(path: Path) -> Path:
    """A layer whose tree has pages that share their children: some 580 to the power of 15 rows in 100 kB."""
    _write_geopackage(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE filler (content BLOB)")
        database.execute("INSERT INTO filler VALUES (?)", [bytes(_PAGE_BYTES * _LEVELS)])
        database.commit()
        ((root,),) = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sensoren'")
        ((last,),) = database.execute("PRAGMA page_count")
    content = bytearray(path.read_bytes())
    pages = range(last - _LEVELS + 1, last + 1)
    _write_page(content, pages[0], bytes(content[(root - 1) * _PAGE_BYTES : root * _PAGE_BYTES]))
    for child, page in zip(pages, [*pages[1:], root], strict=True):
        _write_page(content, page, _make_interior_page(child))
    path.write_bytes(content)
    return path


def make_nested_geopackage(path: Path, depth: int) -> Path:
    """A geometry that is a collection of a collection, and so on."""
    _write_geopackage(path)
    nested = (
        struct.pack("<2sBBi", b"GP", 0, 1, 28992) + struct.pack("<BII", 1, 7, 1) * depth + to_wkb(Point(1, 2))
    )
    with closing(sqlite3.connect(path)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE sensoren SET geom = ?", [nested])
        database.commit()
    return path


def make_bracket_workbook(path: Path) -> Path:
    """A number format of many brackets, which an expression of openpyxl goes through once for each of them."""
    forge_workbook(path, '<row r="1"><c r="A1" s="0"><v>1</v></c></row>')
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/styles.xml",
            '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
            f'<numFmt numFmtId="164" formatCode="{"[" * 200_000}"/></numFmts>'
            '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>',
        )
    return path


def make_large_parquet(path: Path, elements: int) -> Path:
    """One row with a list of so many equal values, which take a few bytes each a million."""
    values = pa.repeat(pa.scalar(1, pa.int8()), elements)
    lists = pa.ListArray.from_arrays(pa.array([0, elements], pa.int32()), values)
    pq.write_table(pa.table({"ref": lists}), path, compression="zstd", data_page_size=1 << 30)
    return path


def _write_geopackage(path: Path) -> None:
    table = pa.table(
        {
            # Headings that are known: of others no row is read.
            **{heading: ["A1"] for heading in ("reference", "sensorType", "summary", "measures", "purpose")},
            "geom": pa.array([to_wkb(Point(121_394, 487_383))], pa.binary()),
        },
        metadata=None,
    )
    write_arrow(
        table,
        path,
        layer="sensoren",
        driver="GPKG",
        geometry_name="geom",
        geometry_type="Point",
        crs="EPSG:28992",
    )


def _make_interior_page(child: int) -> bytes:
    """A page of a table's tree that is full of pointers to the same child. Source: SQLite's file format, 1.6."""
    cells = (_PAGE_BYTES - 12) // (_CELL_BYTES + 2)
    begin = _PAGE_BYTES - cells * _CELL_BYTES
    header = struct.pack(">BHHHBI", _INTERIOR_PAGE, 0, cells, begin, 0, child)
    pointers = b"".join(struct.pack(">H", begin + number * _CELL_BYTES) for number in range(cells))
    return (header + pointers).ljust(begin, b"\0") + struct.pack(">IB", child, 1) * cells


def _write_page(content: bytearray, page: int, written: bytes) -> None:
    content[(page - 1) * _PAGE_BYTES : page * _PAGE_BYTES] = written
