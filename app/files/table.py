"""Tables with headings and rows of cells, the common form of every kind of file.

`files.readers` reads tables from files; `records.layouts` makes records of sensors from tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

from shapely.geometry.base import BaseGeometry

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.spatial.crs import Crs

ANNOTATION_HEADING: Final = LocalizedText("Opmerkingen van het register", "Remarks of the register")
"""Heading of the column of remarks in an annotated file."""
ANNOTATION_HEADINGS: Final = frozenset(ANNOTATION_HEADING)
"""Headings of remarks in both languages; the column is skipped when the file is imported again."""


@dataclass(frozen=True, slots=True)
class InvalidCell:
    """A cell without a usable value: `#N/A`, or a formula that was never computed; the field parser reports it."""

    code: ProblemCode
    text: str
    detail: LocalizedText


Cell = str | int | float | bool | date | list[Any] | dict[str, Any] | InvalidCell | None
"""Value of a cell: text without the spaces around it, None for an empty cell.

In CSV everything is text, numbers too. Lists and objects come from GeoJSON, GeoPackage and Parquet alone. A date may
be a `datetime`. In Excel a whole number is an int, and one that is not has the fifteen digits that Excel shows.
"""


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
    written with.
    """

    name: str | None
    headings: tuple[str, ...]
    rows: Iterator[Row] = field(compare=False)
    crs: Crs = Crs.CRS84
    has_geometry: bool = False
    is_hidden: bool = False
    decimal_comma: bool = False


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

    def read_tables(self) -> Iterator[Table]:
        """The tables in their order; each is read to its end before the next begins.

        Raises: InvalidRequest, also while rows are read, where the file cannot be used as a whole.
        """
        ...
