"""A file as records: the layout is known by the headings of its first table that has any sensors."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.located_problem import Origin
from app.files.reading_account import AppliedDefault, ReadingAccount, TableAccount, column_letters
from app.files.table import Cell, Row, Table, TableSource
from app.records.layouts.amsterdam import AmsterdamLayout
from app.records.layouts.heading_mapping import HeadingMapping, order_mappings
from app.records.layouts.headings import PUBLIC_CODE
from app.records.layouts.identity import IdentityTransform
from app.records.layouts.mapped_layout import MappedLayout
from app.records.layouts.notices import AssumptionLog
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
_SPREADSHEETS: Final = ("csv", "xlsx")
_UNKNOWN_HEADINGS: Final = LocalizedText(
    "Deze kolomkoppen zijn nog niet gekoppeld.", "These headings are not mapped yet."
)


def open_records(source: TableSource, context: ReadingContext) -> "LayoutReader":
    """The file as records of sensors, in whichever layout it is.

    Raises: InvalidRequest where no layout is recognised, or a value for all rows cannot be used.
    """
    return LayoutReader(source, context)


class LayoutReader:
    """A `RecordReader`; goes through the file once."""

    def __init__(self, source: TableSource, context: ReadingContext) -> None:
        self._source = source
        self._context = context
        self._assumptions = AssumptionLog()
        self._tables = source.read_tables()
        self._is_text = source.format == "csv"
        self._unused: dict[str, None] = {}
        self._mappings: dict[str | None, TableMapping] = {}
        self._headings: dict[str | None, Sequence[str]] = {}
        self._rows: list[Row] = []
        self._late_problems: dict[int, list[Problem]] = {}
        self._layout, self._first, self._first_mapping = self._recognise()
        values = self.mapping.values if self.mapping else {}
        self._defaults = read_defaults(
            replace(context, defaults={**values, **context.defaults}), self._assumptions
        )
        self._reading = self._first
        self._transforms = self._list_transforms()

    @property
    def layout(self) -> str:
        """own, amsterdam, sensrnet, sensrnet-csv, or mapped where a mapping of headings was used."""
        return self._layout.name

    @property
    def mapping(self) -> HeadingMapping | None:
        """The mapping of headings that the file is read with."""
        return self._layout.mapping if isinstance(self._layout, MappedLayout) else None

    @property
    def assumptions(self) -> list[LocalizedText]:
        """Assumptions, as sentences; complete once all records are read."""
        return self._assumptions.sentences

    @property
    def account(self) -> ReadingAccount:
        """The account of the file with the fields of its columns; complete once all records are read."""
        account = self._source.account
        filled = self._registered.filled
        return replace(
            account,
            tables=tuple(map(self._add_fields, account.tables)),
            defaults=tuple(AppliedDefault(name, filled[name]) for name in self._defaults),
        )

    def _add_fields(self, table: TableAccount) -> TableAccount:
        mapping = self._mappings.get(table.name)
        if mapping is None:
            return table
        fields = mapping.list_fields()
        columns = (
            column._replace(fields=tuple(fields.get(index, ()))) for index, column in enumerate(table.columns)
        )
        return replace(table, columns=tuple(columns))

    @property
    def unused_headings(self) -> list[str]:
        """Columns of which nothing is taken over."""
        return list(self._unused)

    @property
    def late_problems(self) -> Mapping[int, Sequence[Problem]]:
        """Problems that need whole columns, by the number (from 0) of the record; complete once all are read."""
        return self._late_problems

    def find_letter(self, origin: Origin, heading: str) -> str | None:
        """The letters of the column with this heading; None where the file is no spreadsheet."""
        headings = self._headings.get(origin.table, ()) if self._source.format in _SPREADSHEETS else ()
        return column_letters(headings.index(heading)) if heading in headings else None

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
            self._headings[table.name] = table.headings
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
            heading = table.headings[index]
            # Filled cells without a heading are in the account.
            if heading and any(row.cells[index] is not None for row in rows):
                self._unused[heading] = None

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
                    "Het bestand zegt niet van wie de sensoren zijn. Kies de eigenaar (op de opdrachtregel: --owner), "
                    "of voeg een kolom Eigenaar toe.",
                    "The file does not say whose sensors they are. Choose the owner (on the command line: --owner), "
                    "or add a column Owner.",
                )
            )
        return replace(mapping, transforms=[*mapping.transforms, *self._transforms, *mapping.last_transforms])

    def _list_transforms(self) -> list[RowTransform]:
        self._owner = self._layout.find_owner()
        context = self._context
        transforms: list[RowTransform] = [IdentityTransform(self._owner, context, self._assumptions)]
        if self._owner is not None:
            transforms.append(OwnerTransform(self._owner, self._context.organisations.names.get(self._owner)))
        self._registered = RegisteredTransform(self._defaults, context.find_registered)
        transforms.append(self._registered)
        if assumptions := self._layout.list_assumptions():
            transforms.append(AssumedTransform(assumptions, self._context.find_registered, self._assumptions))
        return transforms

    def _recognise(self) -> tuple[Layout, Table, TableMapping]:
        layouts = self._list_layouts()
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

    def _list_layouts(self) -> list[Layout]:
        """The layouts in the order in which they are tried: a mapping was made for this very list."""
        context, log = self._context, self._assumptions
        if context.mapping is not None:
            return [MappedLayout(context, log, context.mapping)]
        return [
            *(
                MappedLayout(context, log, mapping, is_remembered=True)
                for mapping in order_mappings(context.remembered)
            ),
            AmsterdamLayout(context, log),
            SensrnetLayout(context, log),
            SensrnetCsvLayout(context, log),
            RegisterLayout(context, log),
        ]

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
            "het formulier van Amsterdam of dat van SensRNet, of geef met een koppeling aan wat uw kolommen zijn.",
            f"The headings are not those of sensors.{shown.en} Take the template of the register, "
            "Amsterdam's form or that of SensRNet, or say by a mapping what your columns are.",
        ),
        problems=[Problem(ProblemCode.UNKNOWN_HEADINGS, "mapping", _UNKNOWN_HEADINGS)],
    )
