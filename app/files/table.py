"""Tables with headings and rows of cells, the common form of every kind of file.

`files.readers` reads tables from files; `records.layouts` makes records of sensors from tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple, Protocol, Self

from shapely.geometry.base import BaseGeometry

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.reading_account import ReadingAccount
from app.spatial.crs import Crs

ANNOTATION_HEADING: Final = LocalizedText("Opmerkingen van het register", "Remarks of the register")
"""Heading of the column of remarks in an annotated file."""
ANNOTATION_HEADINGS: Final = frozenset(ANNOTATION_HEADING)
"""Headings of remarks in both languages; the column is skipped when the file is imported again."""


@dataclass(frozen=True, slots=True)
class InvalidCell:
    """A cell without a usable value; the field parser reports it.

    An error of Excel (`#N/A`), a formula that was never computed, a time of day, a number that lost its digits.
    """

    code: ProblemCode
    text: str
    detail: LocalizedText


class ShownNumber(float):
    """A number of Excel whose format shows more or something else than its digits, such as 42 as 00042.

    `shown` is what the cell shows, with a decimal point and without marks of thousands; None where that does not have
    the digits of the number, as in 1.20E+06. Two that are shown differently are not equal.
    """

    __slots__ = ("shown",)

    def __new__(cls, number: float, shown: str | None) -> Self:
        cell = super().__new__(cls, number)
        cell.shown = shown
        return cell

    shown: str | None

    def __getnewargs__(self) -> tuple[float, str | None]:  # type: ignore[override]
        """Arguments with which a copy of it is made, also in another process."""
        return float(self), self.shown

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ShownNumber) and self.shown == other.shown and float(self) == float(other)

    def __hash__(self) -> int:
        return hash((float(self), self.shown))


Cell = str | int | float | bool | date | list[Any] | dict[str, Any] | InvalidCell | None
"""Value of a cell: text without the spaces around it, None for an empty cell.

In CSV everything is text, numbers too. Lists and objects come from GeoJSON, GeoPackage and Parquet alone. A date may
be a `datetime`. In Excel a whole number is an int, and one that is not has the fifteen digits that Excel shows.
So the type of a cell of Excel says what Excel made of it: text, a number, a date, a truth value, or an `InvalidCell`.
"""

EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
"""Day 0 of a workbook that counts from 1900. Excel counts 29 February 1900, a day that never was."""


class Row(NamedTuple):
    """`number` is the row as its person sees it (from 1, the heading counted), or that of a feature (from 1)."""

    number: int
    cells: Sequence[Cell]
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, a layer or a file.

    `name` is that of the sheet or layer; None for files that are one table. `rows` can be gone through once, and
    holds few rows at a time; its rows have as many cells as there are headings. Empty rows are left out.
    A column without heading has an empty one; two columns may have the same.
    `crs` is that of the geometries, x or longitude first. `decimal_comma` is what the numbers of a CSV file are
    written with. `day_zero` is the day from which numbers count where they are days: other in a workbook of 1904.
    """

    name: str | None
    headings: tuple[str, ...]
    rows: Iterator[Row] = field(compare=False)
    crs: Crs = Crs.CRS84
    has_geometry: bool = False
    is_hidden: bool = False
    decimal_comma: bool = False
    day_zero: date = EXCEL_DAY_ZERO


class TableSource(Protocol):
    """An opened file."""

    @property
    def format(self) -> str:
        """xlsx, csv, geojson, gpkg or parquet."""
        ...

    @property
    def fraction_read(self) -> float:
        """From 0 to 1, for a progress bar."""
        ...

    @property
    def account(self) -> ReadingAccount:
        """Account of what was read so far."""
        ...

    def read_tables(self) -> Iterator[Table]:
        """The tables in their order; each is read to its end before the next begins.

        Raises: InvalidRequest, also while rows are read, where the file cannot be used as a whole.
        """
        ...
