"""Tables as a file would give them, and reading them to their end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.files.reading_account import ReadingAccount
from app.files.table import Cell, Row, Table
from app.records.layouts import LayoutReader, ReadingContext, open_records
from app.records.record import Record


class Tables:
    """A source of which the tables are there already."""

    format = "xlsx"
    fraction_read = 1.0

    def __init__(self, *tables: Table) -> None:
        self._tables = tables

    @property
    def account(self) -> ReadingAccount:
        return ReadingAccount(self.format)

    def read_tables(self) -> Iterator[Table]:
        yield from self._tables


def make_table(
    headings: Sequence[str],
    *rows: Sequence[Cell],
    geometries: Sequence[BaseGeometry | None] = (),
    **more: Any,
) -> Table:
    """A table whose first row is the second of its sheet."""
    shapes = geometries or [None] * len(rows)
    numbered = (
        Row(number, tuple(cells), shape)
        for number, (cells, shape) in enumerate(zip(rows, shapes, strict=True), start=2)
    )
    return Table(more.pop("name", None), tuple(headings), numbered, has_geometry=bool(geometries), **more)


def tabulate(*records: Mapping[str, Cell], **more: Any) -> Table:
    """A table of records, with a column for each heading that any of them has."""
    headings = list(dict.fromkeys(heading for record in records for heading in record))
    return make_table(
        headings, *([record.get(heading) for heading in headings] for record in records), **more
    )


def read_tables(context: ReadingContext, *tables: Table) -> tuple[LayoutReader, list[Record]]:
    """The reader, and all of its records."""
    reader = open_records(Tables(*tables), context)
    return reader, [record for batch in reader.read_records() for record in batch]


def read_one(context: ReadingContext, table: Table) -> Record:
    _, records = read_tables(context, table)
    (record,) = records
    return record


def drop_empty(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def list_codes(record: Record) -> list[tuple[str, str]]:
    """The code of each problem and where it is."""
    return [(problem.code, problem.location) for problem in record.problems]


def list_english(sentences: Iterable[Any]) -> list[str]:
    return [sentence.en for sentence in sentences]
