"""A file as records: the layout is known by the headings of its first table that has any sensors."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem
from app.files.located_problem import Origin
from app.files.reading_account import column_letters
from app.files.table import Cell, Row, Table, TableSource
from app.records.layouts.amsterdam import AmsterdamLayout
from app.records.layouts.headings import PUBLIC_CODE
from app.records.layouts.identity import IdentityTransform
from app.records.layouts.notices import AssumptionLog, count_cells
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.register_layout import RegisterLayout
from app.records.layouts.row_transforms import (
    AssumedTransform,
    OwnerTransform,
    RegisteredTransform,
    read_defaults,
)
from app.records.layouts.sensrnet import SensrnetCsvLayout, SensrnetLayout
from app.records.layouts.table_mapping import Layout, RowTransform, TableMapping
from app.records.record import Record

BATCH_ROWS: Final = 2000
_SHOWN_HEADINGS: Final = 12


def open_records(source: TableSource, context: ReadingContext) -> "LayoutReader":
    """The file as records of sensors, in whichever layout it is.

    Raises: InvalidRequest where no layout is recognised, or a value for all rows cannot be used.
    """
    return LayoutReader(source, context)


class LayoutReader:
    """A `RecordReader`; goes through the file once."""

    def __init__(self, source: TableSource, context: ReadingContext) -> None:
        self._context = context
        self._assumptions = AssumptionLog()
        self._tables = source.read_tables()
        self._is_text = source.format == "csv"
        self._unused: dict[str, None] = {}
        self._mappings: dict[str | None, TableMapping] = {}
        self._rows: list[Row] = []
        self._late_problems: dict[int, list[Problem]] = {}
        self._defaults = read_defaults(context, self._assumptions)
        self._layout, self._first, self._first_mapping = self._recognise()
        self._reading = self._first
        self._transforms = self._list_transforms()

    @property
    def layout(self) -> str:
        """own, amsterdam, sensrnet or sensrnet-csv."""
        return self._layout.name

    @property
    def assumptions(self) -> list[LocalizedText]:
        """Assumptions, as sentences; complete once all records are read."""
        return self._assumptions.sentences

    @property
    def unused_headings(self) -> list[str]:
        """Columns of which nothing is taken over."""
        return list(self._unused)

    @property
    def late_problems(self) -> Mapping[int, Sequence[Problem]]:
        """Problems that need whole columns, by the number (from 0) of the record; complete once all are read."""
        return self._late_problems

    def asks(self, field: str) -> bool:
        """Whether the layout has a place for this field; what it does not ask is given for all rows at once."""
        return self._layout.asks(field)

    def find_heading(self, origin: Origin, field: str, value: object = None) -> str | None:
        """The heading under which a value of a field stood; None where the table has no such column."""
        mapping = self._mappings.get(origin.table)
        if mapping is None:
            return None
        if field == "location" and mapping.locations:
            return mapping.locations.find(
                origin.row, self._find_cells(origin), value
            ) or mapping.headings.get(field)
        indexes = next((column.indexes for column in mapping.columns if column.name == field), ())
        if value is not None and len(indexes) > 1 and (cells := self._find_cells(origin)):
            for index in indexes:
                if cells[index] == value:
                    return self._reading.headings[index]
        return mapping.headings.get(field)

    def _find_cells(self, origin: Origin) -> Sequence[Cell]:
        """The cells of a row that was read last; nothing of one that is long gone."""
        if self._reading.name != origin.table:
            return ()
        index = bisect_left(self._rows, origin.row, key=lambda row: row.number)
        found = self._rows[index : index + 1]
        return found[0].cells if found and found[0].number == origin.row else ()

    def read_records(self) -> Iterator[list[Record]]:
        """Some records at a time, in the order of the file. Raises: InvalidRequest, also where there are none."""
        count = 0
        for table, mapping in self._list_mapped():
            first = count
            self._mappings[table.name] = mapping
            self._unused.update(dict.fromkeys(mapping.unused))
            rows = iter(table.rows)
            self._reading = table
            while some := list(islice(rows, BATCH_ROWS)):
                self._rows = some
                self._report_unread(mapping, table, some)
                if mapping.locations:
                    mapping.locations.note(some)
                records = mapping.read_rows(table, some, is_text=self._is_text)
                count += len(records)
                if records:
                    yield records
            for row, problem in mapping.list_late_problems():
                self._late_problems.setdefault(first + row, []).append(problem)
        if not count:
            raise InvalidRequest(
                LocalizedText(
                    "Er staan geen sensoren in het bestand. Vul onder de kolomkoppen een rij in voor elke sensor.",
                    "There are no sensors in the file. Fill in a row for each sensor below the headings.",
                )
            )

    def _report_unread(self, mapping: TableMapping, table: Table, rows: Sequence[Row]) -> None:
        """Name the columns of which nothing is taken over, where they are filled."""
        for index in mapping.unread:
            filled = sum(row.cells[index] is not None for row in rows)
            if filled and table.headings[index]:
                self._unused[table.headings[index]] = None
            elif filled:
                self._assumptions.count(
                    f"unread {table.name} {index}", filled, partial(_describe_unread, column_letters(index))
                )

    def _list_mapped(self) -> Iterator[tuple[Table, TableMapping]]:
        yield self._first, self._complete(self._first_mapping)
        for table in self._tables:
            mapping = None if self._is_auxiliary(table) else self._layout.map_table(table)
            if mapping is not None:
                yield table, self._complete(mapping)
            elif table.headings and not self._is_auxiliary(table):
                self._report_skipped(table.name)

    def _complete(self, mapping: TableMapping) -> TableMapping:
        if self._owner is None and not mapping.headings.keys() & {"owner", PUBLIC_CODE}:
            raise InvalidRequest(
                LocalizedText(
                    "Het bestand zegt niet van wie de sensoren zijn. Kies de eigenaar (--owner), of voeg een kolom "
                    "Eigenaar toe.",
                    "The file does not say whose sensors they are. Choose the owner (--owner), or add a column Owner.",
                )
            )
        return replace(mapping, transforms=[*mapping.transforms, *self._transforms])

    def _list_transforms(self) -> list[RowTransform]:
        self._owner = self._layout.find_owner()
        context = self._context
        transforms: list[RowTransform] = [IdentityTransform(self._owner, context, self._assumptions)]
        if self._owner is not None:
            transforms.append(OwnerTransform(self._owner, self._context.organisations.names.get(self._owner)))
        transforms.append(RegisteredTransform(self._defaults, context.find_registered))
        if assumptions := self._layout.list_assumptions():
            transforms.append(AssumedTransform(assumptions, self._context.find_registered, self._assumptions))
        return transforms

    def _recognise(self) -> tuple[Layout, Table, TableMapping]:
        layouts: list[Layout] = [
            AmsterdamLayout(self._context, self._assumptions),
            SensrnetLayout(self._context, self._assumptions),
            SensrnetCsvLayout(self._context, self._assumptions),
            RegisterLayout(self._context, self._assumptions),
        ]
        seen: list[Table] = []
        for table in self._tables:
            for layout in layouts:
                if table.is_hidden or (layout.name == "own" and self._is_auxiliary(table, layout)):
                    continue
                mapping = layout.map_table(table)
                if mapping is not None:
                    for passed in seen:
                        if not self._is_auxiliary(passed, layout):
                            self._report_skipped(passed.name)
                    return layout, table, mapping
            seen.append(table)
        raise _refuse_tables(seen)

    def _is_auxiliary(self, table: Table, layout: Layout | None = None) -> bool:
        name = (table.name or "").strip().lower()
        return table.is_hidden or name in (layout or self._layout).auxiliary_sheets

    def _report_skipped(self, name: str | None) -> None:
        self._assumptions.add(
            f"table {name}",
            LocalizedText(
                f"Het blad {name} is overgeslagen: de kolomkoppen zijn niet die van sensoren.",
                f"The sheet {name} was passed over: its headings are not those of sensors.",
            ),
        )


def _describe_unread(letters: str, number: int) -> LocalizedText:
    cells = count_cells(number)
    return LocalizedText(
        f"Kolom {letters} heeft geen kop en is niet gebruikt: {cells.nl}. Geef de kolom een kop uit het sjabloon.",
        f"Column {letters} has no heading and was not used: {cells.en}. Give it a heading of the template.",
    )


def _refuse_tables(tables: Sequence[Table]) -> InvalidRequest:
    found = "; ".join(
        (f"{table.name}: " if table.name else "")
        + ", ".join(heading[:40] for heading in table.headings[:_SHOWN_HEADINGS] if heading)
        for table in tables[:5]
        if any(table.headings)
    )
    shown = LocalizedText(f" Gevonden: {found}.", f" Found: {found}.") if found else LocalizedText("", "")
    return InvalidRequest(
        LocalizedText(
            f"De kolomkoppen zijn niet die van sensoren.{shown.nl} Neem het sjabloon van het register, "
            "het formulier van Amsterdam of dat van SensRNet.",
            f"The headings are not those of sensors.{shown.en} Take the template of the register, "
            "Amsterdam's form or that of SensRNet.",
        )
    )
