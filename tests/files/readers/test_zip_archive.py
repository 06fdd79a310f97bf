"""Excel files that mean harm, and files that are damaged."""

import struct
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.files.readers import FileLimits
from tests.support.source_files import forge_workbook, read_one, why_refused

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
TOO_LARGE = "that is too large or not to be trusted"
DAMAGED = "The Excel workbook is damaged."


def test_zip_bomb_is_refused_before_decompression(tmp_path: Path) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", ROW + " " * 30_000_000)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        assert TOO_LARGE in why_refused(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_zip_bomb_in_an_unused_part_is_refused(tmp_path: Path) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", ROW)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.bin", bytes(5_000_000))
    assert TOO_LARGE in why_refused(path)


def test_total_size_of_parts_is_limited(tmp_path: Path) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", ROW)
    assert TOO_LARGE in why_refused(path, FileLimits(expanded_bytes=500))


def test_archive_with_false_sizes_is_refused(tmp_path: Path) -> None:
    """The directory says 1,000 bytes, the content goes on: no more than 1,000 is ever unpacked."""
    path = forge_workbook(tmp_path / "a.xlsx", ROW + " " * 5_000_000)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", size), struct.pack("<L", 1_000)))
    assert why_refused(path).startswith(DAMAGED)


def test_too_many_or_duplicate_parts_are_refused(tmp_path: Path) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", ROW)
    assert why_refused(path, FileLimits(archive_parts=2)).startswith(DAMAGED)
    with (
        zipfile.ZipFile(path, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert why_refused(path).startswith(DAMAGED)


def test_document_type_is_refused(tmp_path: Path) -> None:
    entities = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">'
    path = forge_workbook(tmp_path / "a.xlsx", ROW, before=f"<!DOCTYPE worksheet [{entities}]>")
    assert why_refused(path).startswith(DAMAGED)


def test_endless_tag_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", f'<row x="{"x" * 12_000_000}"/>')
    tracemalloc.start()
    try:
        assert why_refused(path, FileLimits(expansion=10_000)).startswith(DAMAGED)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_endless_text_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = forge_workbook(tmp_path / "a.xlsx", f'<row><c t="str"><v>{"x" * 3_000_000}</v></c></row>')
    assert why_refused(path, FileLimits(expansion=10_000)).startswith(DAMAGED)


def test_size_of_shared_strings_is_limited(tmp_path: Path) -> None:
    texts = f"<sst>{'<si><t>a</t></si>' * 1_000}</sst>"
    path = forge_workbook(tmp_path / "a.xlsx", ROW, shared_strings=texts)
    assert "Hand the records in as CSV." in why_refused(path, FileLimits(shared_text_bytes=10_000))


def test_short_shared_strings_take_little_memory(tmp_path: Path) -> None:
    texts = f"<sst>{'<si><t>a</t></si>' * 50_000}</sst>"
    rows = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>49999</v></c></row>'
    path = forge_workbook(tmp_path / "a.xlsx", rows, shared_strings=texts)
    tracemalloc.start()
    try:
        assert read_one(path, FileLimits(expansion=10_000)).cells == [["a"]]
        assert tracemalloc.get_traced_memory()[1] < 2 * len(texts)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "rows",
    [
        "<row><c><v>twaalf</v></c></row>",
        "<row><c><v>1e999</v></c></row>",
        '<row><c t="s"><v>7</v></c></row>',
        '<row><c t="s"><v>-1</v></c></row>',
        '<row><c r="12"><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        "<row><c><v>1</v></row>",
    ],
)
def test_malformed_workbook_is_reported_as_damaged(tmp_path: Path, rows: str) -> None:
    assert why_refused(forge_workbook(tmp_path / "a.xlsx", rows)).startswith(DAMAGED)


def test_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    path.write_bytes(path.read_bytes()[:-100])
    assert why_refused(path).startswith("The file is damaged or was not sent completely.")
