"""The register's own table: a column for each field, under its wire name or its label in either language."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LANGUAGES, LocalizedText
from app.files.table import Row, Table
from app.records.coordinates import find_coordinates
from app.records.layouts.columns import CellColumn, make_reader
from app.records.layouts.headings import (
    EXAMPLE_REFERENCES,
    EXAMPLE_SHEET,
    EXPLANATION_SHEET,
    LIST_SHEET,
    find_field,
    find_nearest_heading,
    find_numbered,
    is_passed_over,
)
from app.records.layouts.location_columns import LocationColumns
from app.records.layouts.locations import AddressReader, LocationReader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.table_mapping import Assumption, RowTransform, TableMapping
from app.sensors.fields import FIELD_BY_NAME

_MIN_FIELDS: Final = 3
"""Fewer known headings, and no reference among them, may be chance."""


class RegisterLayout:
    """One sensor a row; lists in one cell or in numbered columns."""

    name = "own"
    auxiliary_sheets = frozenset(
        sheet.render(language).lower()
        for sheet in (EXPLANATION_SHEET, EXAMPLE_SHEET, LIST_SHEET)
        for language in LANGUAGES
    )

    def __init__(self, context: ReadingContext, assumptions: AssumptionLog) -> None:
        self._context = context
        self._assumptions = assumptions

    def asks(self, name: str) -> bool:
        return name in FIELD_BY_NAME

    def find_owner(self) -> str | None:
        return self._context.owner

    def list_assumptions(self) -> list[Assumption]:
        return []

    def map_table(self, table: Table) -> TableMapping | None:
        coordinates = find_coordinates(table.headings)
        numbered, unknown = self._find_fields(table, coordinates.indexes)
        if "reference" not in numbered and len(numbered) < _MIN_FIELDS:
            return None
        _refuse_twice(table, coordinates.doubled)
        for columns_of_field in numbered.values():
            for number in {number for number, _ in columns_of_field}:
                _refuse_twice(table, [index for each, index in columns_of_field if each == number])
        found = {name: [index for _, index in sorted(some)] for name, some in numbered.items()}
        columns = [
            CellColumn(
                name, indexes, make_reader(FIELD_BY_NAME[name], self._context, self._assumptions, table)
            )
            for name, indexes in found.items()
        ]
        headings = {name: table.headings[indexes[0]] for name, indexes in found.items()}
        transforms: list[RowTransform] = []
        is_placed = table.has_geometry or bool(coordinates.indexes)
        if is_placed:
            transforms.append(LocationReader(table, coordinates, self._assumptions))
        if "postcode" in found and "houseNumber" in found:
            transforms.append(AddressReader(self._context.geocoder, self._assumptions))
            if not is_placed:
                headings["location"] = headings["postcode"]
        self._report_unknown(unknown)
        locations = None if table.has_geometry else LocationColumns(table.headings, coordinates)
        return TableMapping(columns, transforms, headings, unknown, _make_example_test(found), locations)

    def _find_fields(
        self, table: Table, taken: Sequence[int]
    ) -> tuple[dict[str, list[tuple[int, int]]], list[str]]:
        """The columns of each field, each after its number (0 where it has none), and the headings of no field."""
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        unknown = []
        for index, heading in enumerate(table.headings):
            if index in taken:
                continue
            if name := find_field(heading):
                found[name].append((0, index))
            elif item := find_numbered(heading):
                found[item[0]].append((item[1], index))
            elif not is_passed_over(heading):
                unknown.append(heading)
        return dict(found), unknown

    def _report_unknown(self, headings: Sequence[str]) -> None:
        for heading in headings:
            if nearest := find_nearest_heading(heading):
                self._assumptions.add(
                    f"heading {heading}",
                    LocalizedText(
                        f"De kolom {heading} is overgeslagen. Bedoelt u {nearest}?",
                        f"The column {heading} was passed over. Did you mean {nearest}?",
                    ),
                )


def _refuse_twice(table: Table, indexes: Sequence[int]) -> None:
    if len(indexes) > 1:
        first, second = (table.headings[index] for index in indexes[:2])
        raise InvalidRequest(
            LocalizedText(
                f"Twee kolommen betekenen hetzelfde: {first} en {second}. Verwijder er één.",
                f"Two columns have the same meaning: {first} and {second}. Remove one of them.",
            )
        )


def _make_example_test(found: Mapping[str, Sequence[int]]) -> Callable[[Row], bool] | None:
    if "reference" not in found:
        return None
    column = found["reference"][0]

    def is_example(row: Row) -> bool:
        cell = row.cells[column]
        return isinstance(cell, str) and cell in EXAMPLE_REFERENCES

    return is_example
