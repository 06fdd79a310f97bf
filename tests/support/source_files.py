"""Files made by the tests, and what is read from them."""

import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from app.core.errors import InvalidRequest
from app.files.readers import FileLimits, open_source
from app.files.table import Row, Table

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Contents(NamedTuple):
    table: Table
    rows: list[Row]

    @property
    def cells(self) -> list[list[object]]:
        return [list(row.cells) for row in self.rows]


def read_all(path: Path, limits: FileLimits | None = None) -> list[Contents]:
    with open_source(path, limits=limits) as source:
        contents = [Contents(table, list(table.rows)) for table in source.read_tables()]
        assert source.fraction_read == 1
    return contents


def read_one(path: Path, limits: FileLimits | None = None) -> Contents:
    (contents,) = read_all(path, limits)
    return contents


def read_warnings(path: Path) -> list[str]:
    """Sentences of the account on what was damaged or left out, without the advice, once all rows were read."""
    with open_source(path) as source:
        for table in source.read_tables():
            list(table.rows)
        sentences = [sentence.en for sentence in source.account.warnings]
    return [re.split(r"[;.] ", sentence)[0] for sentence in sentences]


def read_refusal(path: Path, limits: FileLimits | None = None) -> InvalidRequest:
    """The error that reading the file to its end raises, with its sentence in both languages."""
    with pytest.raises(InvalidRequest) as refused:
        read_all(path, limits)
    assert refused.value.detail is not None
    assert refused.value.detail.nl
    return refused.value


def why_refused(path: Path, limits: FileLimits | None = None) -> str:
    detail = read_refusal(path, limits).detail
    assert detail is not None
    return detail.en


def measure_peak(work: Callable[[], object]) -> int:
    """How many bytes Python's own objects took at most while the work was done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def forge_workbook(path: Path, rows: str, *, shared_strings: str | None = None, before: str = "") -> Path:
    """An Excel file whose only sheet has these rows, in XML as no program would write it."""
    relation = (
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}">'
            '<sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relation}</Relationships>")
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'{before}<worksheet xmlns="{_SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>',
        )
        if shared_strings is not None:
            archive.writestr("xl/sharedStrings.xml", shared_strings)
    return path


def rename_parts(path: Path, *names: tuple[str, str]) -> Path:
    """The Excel file with parts under another name, to which its relationships refer."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            renamed = part
            for old, new in names:
                renamed = renamed.replace(old, new)
                if part.endswith((".rels", "[Content_Types].xml")):
                    content = content.replace(old.encode(), new.encode())  # noqa: PLW2901 - the same part
            archive.writestr(renamed, content)
    return path
