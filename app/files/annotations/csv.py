"""CSV with a last column of remarks, in its own encoding and with its own delimiter."""

import csv
from collections.abc import Sequence
from pathlib import Path

from app.files.annotations.row_problems import FileProblems
from app.files.readers.csv import open_csv
from app.files.readers.limits import FileLimits
from app.files.table import ANNOTATION_HEADINGS


def annotate_csv(source: Path, destination: Path, problems: FileProblems) -> None:
    """Write the rows again, each as it stands."""
    with (
        open_csv(source, FileLimits()) as opened,
        # A remark may hold letters that the encoding of the file does not have.
        destination.open("w", encoding=opened.encoding, errors="replace", newline="") as content,
    ):
        rows = csv.writer(content, delimiter=opened.delimiter, lineterminator=opened.line_break)
        width = 0
        former: int | None = None
        for number, cells in opened.read_raw_rows():
            if not any(map(str.strip, cells)):
                rows.writerow(cells)
            elif width == 0:
                width = len(cells)
                former = _find_remarks(cells)
                rows.writerow([*_leave_out(cells, former), problems.heading])
            else:
                filled = cells + [""] * (width - len(cells))
                found = problems.find_row(None, number)
                remark = _defuse(found.remark) if found else ""
                rows.writerow([*_leave_out(filled[:width], former), remark])


def _find_remarks(headings: Sequence[str]) -> int | None:
    return next((place for place, name in enumerate(headings) if name.strip() in ANNOTATION_HEADINGS), None)


def _leave_out(cells: list[str], place: int | None) -> list[str]:
    return cells if place is None else cells[:place] + cells[place + 1 :]


def _defuse(remark: str) -> str:
    """A remark that begins with the name of a column that begins as a formula does."""
    return f"'{remark}" if remark[:1] in {"=", "+", "-", "@"} else remark
