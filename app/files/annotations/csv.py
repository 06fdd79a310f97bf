"""CSV with a last column of remarks, in its own encoding and with its own delimiter."""

import csv
from collections.abc import Sequence
from pathlib import Path

from app.files.annotations.row_problems import FileProblems
from app.files.readers.csv import open_csv
from app.files.readers.heading_row import HeadingTest
from app.files.readers.limits import FileLimits
from app.files.table import ANNOTATION_HEADINGS


def annotate_csv(
    source: Path, destination: Path, problems: FileProblems, is_heading: HeadingTest | None
) -> None:
    """Copy the rows unchanged and add the column of remarks."""
    with (
        open_csv(source, FileLimits(), is_heading) as opened,
        # A remark may have characters that the encoding of the file lacks; they become question marks.
        destination.open("w", encoding=opened.encoding, errors="replace", newline="") as content,
    ):
        dialect = opened.dialect
        content.write(dialect.separator_line)
        rows = csv.writer(content, delimiter=dialect.delimiter, lineterminator=dialect.line_break)
        width = 0
        earlier: int | None = None
        for number, cells in opened.read_raw_rows():
            if number < opened.heading_row or not any(map(str.strip, cells)):
                rows.writerow(cells)
            elif number == opened.heading_row:
                width = len(cells)
                earlier = _find_annotation_column(cells)
                rows.writerow([*_drop_column(cells, earlier), problems.heading])
            else:
                filled = cells + [""] * (width - len(cells))
                found = problems.find_row(None, number)
                remark = _defuse(found.remark) if found else ""
                rows.writerow([*_drop_column(filled[:width], earlier), remark])


def _find_annotation_column(headings: Sequence[str]) -> int | None:
    return next((column for column, name in enumerate(headings) if name.strip() in ANNOTATION_HEADINGS), None)


def _drop_column(cells: list[str], column: int | None) -> list[str]:
    return cells if column is None else cells[:column] + cells[column + 1 :]


def _defuse(remark: str) -> str:
    """Put an apostrophe before a remark that a spreadsheet would run as a formula: it begins with a heading."""
    return f"'{remark}" if remark[:1] in {"=", "+", "-", "@"} else remark
