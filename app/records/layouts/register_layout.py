"""The register's own table: a column for each field, under its wire name or its label in either language."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NoReturn

from app.core.errors import InvalidRequest
from app.core.i18n import LANGUAGES, LocalizedText
from app.files.table import Row, Table
from app.records.cell_parsers import parse_text
from app.records.coordinates import find_coordinates
from app.records.layouts.addresses import AddressReader
from app.records.layouts.columns import CellColumn, ReadCell, find_listed_words, make_reader, read_list_part
from app.records.layouts.headings import (
    EXAMPLE_REFERENCES,
    EXAMPLE_SHEET,
    EXPLANATION_SHEET,
    LIST_SHEET,
    PUBLIC_CODE,
    find_field,
    find_nearest_heading,
    find_numbered,
    is_derived,
    is_passed_over,
    is_public_code,
)
from app.records.layouts.location_columns import LocationColumns
from app.records.layouts.locations import LocationReader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.table_mapping import Assumption, RowTransform, TableMapping
from app.sensors.fields import FIELD_BY_NAME, Field

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
        coordinates = find_coordinates([self._name_coordinate(heading) for heading in table.headings])
        numbered, unknown, unread = self._find_fields(table, coordinates.indexes)
        if not numbered.keys() & {"reference", PUBLIC_CODE} and len(numbered) < _MIN_FIELDS:
            return None
        _refuse_twice(table, coordinates.doubled)
        if coordinates.single is not None and not table.has_geometry:
            _refuse_single(table.headings[coordinates.single])
        for columns_of_field in numbered.values():
            for number in {number for number, _ in columns_of_field}:
                _refuse_twice(table, [index for each, index in columns_of_field if each == number])
        found = {name: [index for _, index in sorted(some)] for name, some in numbered.items()}
        columns = [self._make_column(name, sorted(some), table) for name, some in numbered.items()]
        headings = {name: table.headings[indexes[0]] for name, indexes in found.items()}
        transforms: list[RowTransform] = []
        last_transforms: list[RowTransform] = []
        is_placed = table.has_geometry or bool(coordinates.indexes)
        if is_placed:
            transforms.append(LocationReader(table, coordinates, self._assumptions))
        if "postcode" in found and "houseNumber" in found:
            last_transforms.append(AddressReader(self._context, self._assumptions))
            if not is_placed:
                headings["location"] = headings["postcode"]
        self._report_unknown(unknown)
        locations = None if table.has_geometry else LocationColumns(table.headings, coordinates)
        return TableMapping(
            columns,
            transforms,
            headings,
            self._assumptions,
            unknown,
            _make_example_test(found),
            locations,
            unread,
            last_transforms=last_transforms,
        )

    def _make_column(self, name: str, numbered: Sequence[tuple[int, int]], table: Table) -> CellColumn:
        indexes = [index for _, index in numbered]
        if name == PUBLIC_CODE:
            return CellColumn(name, indexes, parse_text)
        field = FIELD_BY_NAME[name]
        read = self._make_reader(field, table)
        numbers = [number for number, _ in numbered]
        is_part = numbers[-1] > 0 and len(numbers) < field.most
        return CellColumn(
            name,
            indexes,
            partial(read_list_part, read, numbers) if is_part else read,
            self._find_listed_words(field),
            is_part=is_part,
        )

    def _list_targets(self, heading: str) -> Sequence[str]:
        """The headings of the register that a heading of the file stands for."""
        return (heading,)

    def _name_coordinate(self, heading: str) -> str:
        """The heading by which a column of coordinates is known."""
        return heading

    def _make_reader(self, field: Field, table: Table) -> ReadCell:
        return make_reader(field, self._context, self._assumptions, table)

    def _find_listed_words(self, field: Field) -> frozenset[str]:
        return find_listed_words(field, self._context)

    def _find_fields(
        self, table: Table, taken: Sequence[int]
    ) -> tuple[dict[str, list[tuple[int, int]]], list[str], list[int]]:
        """The columns of each field, each after its number (0 where it has none), and those of no field.

        These are headings that are unknown, and columns that are named only where they are filled.
        """
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        unknown = []
        unread = []
        for index, heading in enumerate(table.headings):
            if index in taken:
                continue
            targets = self._list_targets(heading)
            for target in targets:
                if name := find_field(target):
                    found[name].append((0, index))
                elif is_public_code(target):
                    found[PUBLIC_CODE].append((0, index))
                elif item := find_numbered(target):
                    found[item[0]].append((item[1], index))
                elif is_passed_over(target):
                    continue
                elif not target or is_derived(target):
                    unread.append(index)
                else:
                    unknown.append(target)
            if heading and not targets and not is_passed_over(heading):
                unknown.append(heading)
        return dict(found), unknown, unread

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


def _refuse_single(heading: str) -> NoReturn:
    raise InvalidRequest(
        LocalizedText(
            f"De kolom {heading} is maar één van twee coördinaten. Voeg de kolom van de andere toe, of verwijder deze.",
            f"The column {heading} is one of two coordinates. Add the column of the other, or remove this one.",
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
