"""How the rows of one table become records: columns that are read, then transforms of whole rows."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from app.core.i18n import LocalizedText
from app.core.problems import Problem
from app.files.located_problem import Origin
from app.files.table import Cell, Row, Table
from app.records.layouts.cell_marks import clear_marks
from app.records.layouts.columns import CellColumn, UnusableCell
from app.records.layouts.day_order import DayOrder
from app.records.layouts.location_columns import LocationColumns
from app.records.layouts.notices import AssumptionLog
from app.records.record import Record
from app.sensors.fields import FIELD_BY_NAME, FieldKind


@dataclass(slots=True)
class RowBatch:
    """Some rows of a table, their cells by column, and what is made of each row."""

    rows: Sequence[Row]
    columns: Sequence[Sequence[Cell]]
    given: list[dict[str, Any]]
    problems: defaultdict[int, list[Problem]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, index: int, problem: Problem) -> None:
        self.problems[index].append(problem)


RowTransform = Callable[[RowBatch], None]
"""Changes what is given by the rows of a batch, or adds problems."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How a table is read.

    `headings` gives the heading of each field that the table has, `unused` those of which nothing is taken over.
    `is_example` says of a row that it explains and is no sensor; `locations` gives the columns with the location of
    a row, for tables that have columns of coordinates and no geometries. `unread` are other columns of which nothing
    is taken over; they are reported where they are filled. `read_by_transforms` gives the fields of columns that
    only a transform reads. `last_transforms` need the owner and the reference of a row, which other transforms give.
    """

    columns: Sequence[CellColumn]
    transforms: Sequence[RowTransform]
    headings: Mapping[str, str]
    assumptions: AssumptionLog
    unused: Sequence[str] = ()
    is_example: Callable[[Row], bool] | None = None
    locations: LocationColumns | None = None
    unread: Sequence[int] = ()
    read_by_transforms: Mapping[int, str] = field(default_factory=dict)
    last_transforms: Sequence[RowTransform] = ()
    day_orders: Mapping[int, DayOrder] = field(init=False)

    def __post_init__(self) -> None:
        dates = {
            column.indexes[0]: DayOrder(column.name)
            for column in self.columns
            if column.name in FIELD_BY_NAME and FIELD_BY_NAME[column.name].kind is FieldKind.DATE
        }
        object.__setattr__(self, "day_orders", dates)

    def list_fields(self) -> dict[int, list[str]]:
        """The wire names of what each column gives, by its index."""
        fields: defaultdict[int, list[str]] = defaultdict(list)
        for column in self.columns:
            for index in column.indexes:
                fields[index].append(column.name)
        for index in self.locations.indexes if self.locations else ():
            fields[index].append("location")
        for index, name in self.read_by_transforms.items():
            fields[index].append(name)
        return fields

    def list_late_problems(self) -> Iterator[tuple[int, Problem]]:
        """Problems that need whole columns, by the number (from 0) of the record, once all rows are read."""
        for order in self.day_orders.values():
            yield from order.list_problems()

    def read_rows(self, table: Table, rows: Sequence[Row], *, is_text: bool = False) -> list[Record]:
        """Records of some rows; `is_text` says that their cells are text, as those of a CSV file are."""
        if self.is_example:
            rows = [row for row in rows if not self.is_example(row)]
        if not rows:
            return []
        cells, is_text = self._clear_marks(
            table, list(zip(*(row.cells for row in rows), strict=True)), is_text=is_text
        )
        for index, order in self.day_orders.items():
            order.note(cells[index])
        names = [column.name for column in self.columns]
        values = [column.read(cells, is_text=is_text) for column in self.columns]
        batch = RowBatch(
            rows, cells, [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
        )
        if not names:
            batch.given = [{} for _ in rows]
        for column in self.columns:
            if column.refuses:
                _take_out_unusable(batch, column.name)
        for transform in self.transforms:
            transform(batch)
        return [
            Record(Origin(table.name, row.number), given, tuple(batch.problems.get(index, ())))
            for index, (row, given) in enumerate(zip(rows, batch.given, strict=True))
        ]

    def _clear_marks(
        self, table: Table, cells: list[Sequence[Cell]], *, is_text: bool
    ) -> tuple[list[Sequence[Cell]], bool]:
        """The columns without words for nothing, and whether all cells are still text."""
        listed: dict[int, frozenset[str]] = dict.fromkeys(
            self.locations.indexes if self.locations else (), frozenset()
        )
        for column in self.columns:
            for index in column.indexes:
                listed[index] = listed.get(index, frozenset()) | column.listed_words
        for index, words in listed.items():
            cleared = clear_marks(
                cells[index], table.headings[index], words, self.assumptions, is_text=is_text
            )
            if cleared is not cells[index]:
                cells[index] = cleared
                is_text = is_text and {str, type(None)}.issuperset(map(type, cleared))
        return cells, is_text


def _always(_given: Mapping[str, Any]) -> bool:
    return True


class Assumption(NamedTuple):
    """A value that is taken for granted in the rows to which it applies, and the sentence that reports it."""

    name: str
    value: Any
    sentence: LocalizedText
    applies: Callable[[Mapping[str, Any]], bool] = _always


class Layout(Protocol):
    """A way in which people lay out their sensors in tables; one is made for each file."""

    @property
    def name(self) -> str: ...

    @property
    def auxiliary_sheets(self) -> frozenset[str]:
        """Names of sheets that belong to the layout and hold no sensors, in lower case."""
        ...

    def map_table(self, table: Table) -> TableMapping | None:
        """How to read the table; None where it is not laid out so. Tables are shown in their order, once each.

        Raises: InvalidRequest where it is, but cannot be used.
        """
        ...

    def find_owner(self) -> str | None:
        """The id of whose sensors they are: the one that was chosen, or that the file names for all of them.

        Raises: InvalidRequest where the layout should say so, and does not.
        """
        ...

    def list_assumptions(self) -> list[Assumption]:
        """Assumptions for sensors that are not registered yet, about fields that the layout does not have."""
        ...

    def asks(self, name: str) -> bool:
        """Whether the layout has a place for this field."""
        ...


def _take_out_unusable(batch: RowBatch, name: str) -> None:
    for index, given in enumerate(batch.given):
        value = given[name]
        if isinstance(value, UnusableCell):
            # The cell stays, so that the check does not call it missing.
            given[name] = value.cell
            batch.refuse(index, value.problem)
