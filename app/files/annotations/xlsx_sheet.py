"""A sheet of an Excel file, copied with a column of remarks and coloured cells.

Only the tags that change are rewritten, in the original bytes: drop-down lists, the values of formulas and everything
else in the sheet stay unchanged. Memory does not depend on the size of the sheet.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Final
from xml.parsers import expat

from openpyxl.utils import get_column_letter

from app.files.annotations.row_problems import RowAnnotation
from app.files.annotations.xlsx_styles import StyleEditor
from app.files.annotations.xml_tags import end_of_element, end_of_tag, replace_attribute, write_xml_text
from app.files.readers.xlsx_sheet import read_column
from app.files.readers.xml_stream import parse_pieces

# Just below the 32,767 characters that a cell of Excel can hold.
_REMARK_CHARACTERS: Final = 32_000


@dataclass(frozen=True, slots=True)
class SheetAnnotation:
    """Changes for a sheet: columns count from 0, and `columns` gives the column of each heading."""

    heading_row: int
    columns: dict[str, int]
    remarks_column: int
    heading: str
    find_row: Callable[[int], RowAnnotation | None]


@dataclass(slots=True)
class _Mark:
    """A cell to write: with a remark, or in a colour."""

    column: int
    is_problem: bool | None = None
    remark: str | None = None


@dataclass(slots=True)
class _Copy:
    """The bytes that have not been written yet, and what has to change in them."""

    content: IO[bytes]
    written: IO[bytes]
    waiting: bytearray = field(default_factory=bytearray)
    base: int = 0
    """Offset in the part of the first waiting byte."""
    changes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def read(self, size: int) -> bytes:
        piece = self.content.read(size)
        self.waiting += piece
        return piece

    def find_tag(self, begin: int) -> bytes:
        return bytes(self.waiting[begin - self.base : end_of_tag(self.waiting, begin - self.base)])

    def find_end(self, begin: int, reported: int) -> int:
        """Offset after the element that begins here; see `end_of_element`."""
        return self.base + end_of_element(self.waiting, begin - self.base, reported - self.base)

    def replace(self, begin: int, end: int, replacement: bytes) -> None:
        self.changes.append((begin, end, replacement))

    def write_until(self, end: int) -> None:
        """Write the bytes before this offset with their changes; a change that crosses it waits."""
        parts: list[bytes | bytearray] = []
        at = self.base
        while self.changes and self.changes[0][1] <= end:
            begin, until, replacement = self.changes.pop(0)
            parts += [self.waiting[at - self.base : begin - self.base], replacement]
            at = until
        if not self.changes:
            parts.append(self.waiting[at - self.base : end - self.base])
            at = end
        self.written.write(b"".join(parts))
        del self.waiting[: at - self.base]
        self.base = at


class SheetEditor:
    """Writes a sheet again, once."""

    def __init__(
        self, content: IO[bytes], written: IO[bytes], plan: SheetAnnotation, styles: StyleEditor
    ) -> None:
        self._copy = _Copy(content, written)
        self._plan = plan
        self._styles = styles
        self._parser = expat.ParserCreate()
        self._prefix: str | None = None
        self._row = 0
        self._column = -1
        self._marks: list[_Mark] = []
        self._style: int = 0
        self._left_out: int | None = None
        self._is_alone = False

    def write_sheet(self) -> None:
        """Raises: ExpatError, ValueError for what is damaged."""
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        for _ in parse_pieces(self._copy, self._parser):
            until = self._parser.CurrentByteIndex if self._left_out is None else self._left_out
            self._copy.write_until(max(until, self._copy.base))
        self._copy.write_until(self._copy.base + len(self._copy.waiting))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._prefix is None:
            self._prefix = name[: name.rfind(":") + 1]
        at = self._parser.CurrentByteIndex
        match name.removeprefix(self._prefix):
            case "dimension":
                # It would not include the remarks, and it is optional.
                self._left_out = at
            case "row":
                self._begin_row(at, attributes)
            case "c":
                self._begin_cell(at, attributes)

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        match name.removeprefix(self._prefix or ""):
            case "dimension" | "c" if self._left_out is not None:
                self._copy.replace(self._left_out, self._copy.find_end(self._left_out, at), b"")
                self._left_out = None
            case "row" if self._marks:
                self._end_row(at)

    def _begin_row(self, at: int, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = -1
        plan = self._plan
        found = plan.find_row(self._row)
        self._marks = []
        if self._row == plan.heading_row:
            self._marks = [_Mark(plan.remarks_column, remark=plan.heading)]
        elif found:
            coloured = {
                plan.columns[heading]: is_problem
                for heading, is_problem in found.are_problems.items()
                if heading in plan.columns
            }
            self._marks = [_Mark(column, coloured[column]) for column in sorted(coloured)]
            self._marks.append(_Mark(plan.remarks_column, remark=found.remark))
            self._marks.sort(key=lambda mark: mark.column)
        if self._marks:
            tag = self._copy.find_tag(at)
            self._is_alone = tag.endswith(b"/>")
            # The span no longer holds, and the attribute is optional.
            opened = replace_attribute(
                tag.removesuffix(b"/>") + b">" if self._is_alone else tag, b"spans", None
            )
            self._copy.replace(at, at + len(tag), opened)

    def _begin_cell(self, at: int, attributes: dict[str, str]) -> None:
        self._column = (
            read_column(attributes["r"].rstrip("0123456789")) if "r" in attributes else self._column + 1
        )
        before = b""
        while self._marks and self._marks[0].column < self._column:
            before += self._write_mark(self._marks.pop(0))
        if self._column == self._plan.remarks_column:
            if self._marks:
                before += self._write_mark(self._marks.pop(0))
            # The cell holds an earlier remark, or nothing.
            self._left_out = at
        if before:
            self._copy.replace(at, at, before)
        self._style = int(attributes.get("s", 0))
        style = self._style
        if self._marks and self._marks[0].column == self._column:
            style = self._styles.paint(style, is_problem=bool(self._marks.pop(0).is_problem))
        elif self._styles.is_painted(style):
            style = self._styles.clean(style)
        if style != self._style and self._left_out is None:
            tag = self._copy.find_tag(at)
            self._copy.replace(at, at + len(tag), replace_attribute(tag, b"s", str(style).encode()))

    def _end_row(self, at: int) -> None:
        cells = b"".join(map(self._write_mark, self._marks))
        self._marks = []
        if self._is_alone:
            cells += f"</{self._prefix}row>".encode()
        self._copy.replace(at, at, cells)

    def _write_mark(self, mark: _Mark) -> bytes:
        p = self._prefix
        place = f'r="{get_column_letter(mark.column + 1)}{self._row}"'
        if mark.remark is None:
            return f'<{p}c {place} s="{self._styles.paint(0, is_problem=bool(mark.is_problem))}"/>'.encode()
        # The heading has the style of the one beside it.
        style = f' s="{self._style}"' if self._row == self._plan.heading_row else ""
        text = write_xml_text(mark.remark[:_REMARK_CHARACTERS])
        return (
            f'<{p}c {place}{style} t="inlineStr"><{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is></{p}c>'
        ).encode()
