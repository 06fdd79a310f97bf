"""Columns of cells as the values of fields, thousands at a time; each distinct text is read once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.table import EXCEL_DAY_ZERO, Cell, InvalidCell, Table
from app.records.cell_parsers import (
    fold_text,
    is_serial,
    lacks_scheme,
    parse_boolean,
    parse_date,
    parse_duration,
    parse_number,
    parse_text,
    split_list,
)
from app.records.layouts.areas import Refused, read_area
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.sensors.fields import Field, FieldKind
from app.sensors.plain_text import EMPTY_WORDS
from app.vocabularies.terms import Vocabulary

ReadCell = Callable[[Any], Any]
"""A cell that is not empty (several cells: those of one list) as a value. May raise: Refused."""

_MAX_CACHED: Final = 4_000
_TEXT_OR_EMPTY: Final = frozenset({str, type(None)})


@dataclass(frozen=True, slots=True)
class ListPart:
    """Some items of a list by their numbers, from 1: the file has no columns for the others."""

    items: Mapping[int, Sequence[Any]]

    def complete(self, registered: Sequence[Any]) -> list[Any] | None:
        """The list with the registered items in the places that the file does not have."""
        last = max(len(registered), *self.items)
        places = (self.items.get(number, registered[number - 1 : number]) for number in range(1, last + 1))
        return list(dict.fromkeys(item for items in places for item in items)) or None


def read_list_part(read: ReadCell, numbers: Sequence[int], cells: Any) -> ListPart:
    """The items of numbered columns such as `Thema 2`; `read` gives those of one cell."""
    some = cells if isinstance(cells, tuple) else (cells,)
    return ListPart(
        {number: () if cell is None else read(cell) or () for number, cell in zip(numbers, some, strict=True)}
    )


def read_only_one(read: ReadCell, cells: Any) -> Any:
    """The value of a field with several columns, of which a row fills one. Raises: Refused where they differ."""
    filled = list(dict.fromkeys(cell for cell in cells if cell is not None))
    if len(filled) > 1:
        shown = " | ".join(map(str, filled))
        detail = LocalizedText(
            "Deze gegevens staan in meer kolommen, en die zijn niet gelijk. Vul er één in.",
            "Several columns have this, and they are not the same. Fill in one of them.",
        )
        raise Refused(Problem(ProblemCode.INVALID_VALUE, "", detail, shown[:255]))
    return read(filled[0]) if filled else None


class UnusableCell(NamedTuple):
    """Stands for a value that cannot be used: the cell as it was, and what is wrong with it."""

    cell: object
    problem: Problem


class _ParseCache(dict[Any, Any]):
    """Cache of the value of each distinct text of a column; emptied when it is full."""

    def __init__(self, read: ReadCell) -> None:
        super().__init__({None: None})
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        value = self._read(cell)
        if len(self) >= _MAX_CACHED:
            self.clear()
            self[None] = None
        self[cell] = value
        return value


class CellColumn:
    """One field, and the column or columns of a table in which it stands.

    `listed_words` are words for nothing that are values here; with `is_part` an empty cell has a value too.
    After `read`, `refuses` says whether any value ever was an `UnusableCell`.
    """

    def __init__(
        self,
        name: str,
        indexes: Sequence[int],
        read: ReadCell,
        listed_words: frozenset[str] = frozenset(),
        *,
        is_part: bool = False,
    ) -> None:
        self.name = name
        self._are_tuples = is_part or len(indexes) > 1
        self.listed_words = listed_words
        self.refuses = False
        self.indexes = tuple(indexes)
        # Plain text needs no parsing: the validation of a record checks each text.
        self._is_plain = read is _read_text and len(indexes) == 1
        self._read = read
        self._cache = _ParseCache(self._try_reading)

    def read(self, columns: Sequence[Sequence[Cell]], *, is_text: bool) -> Sequence[Any]:
        """The value in each row of all columns of a table; `is_text` says that no cell is anything but text."""
        some = [columns[index] for index in self.indexes]
        # Values that are equal but differ in type, such as 1 and True, are not cached.
        is_text = is_text or all(_TEXT_OR_EMPTY.issuperset(map(type, cells)) for cells in some)
        if self._are_tuples:
            rows = zip(*some, strict=True)
            return list(map(self._cache.__getitem__ if is_text else self._try_reading, rows))
        if is_text:
            return some[0] if self._is_plain else list(map(self._cache.__getitem__, some[0]))
        return [None if cell is None else self._try_reading(cell) for cell in some[0]]

    def _try_reading(self, cell: Any) -> Any:
        for each in cell if isinstance(cell, tuple) else (cell,):
            if isinstance(each, InvalidCell):
                self.refuses = True
                return UnusableCell(each.text, Problem(each.code, f"/{self.name}", each.detail, each.text))
        try:
            return self._read(cell)
        except Refused as refused:
            self.refuses = True
            problem = refused.problem
            if not problem.location:
                problem = replace(problem, location=f"/{self.name}")
            return UnusableCell(problem.value if isinstance(cell, tuple) else cell, problem)


def make_reader(
    field: Field,
    context: ReadingContext,
    assumptions: AssumptionLog,
    table: Table | None = None,
    aliases: Mapping[str, str] | None = None,
) -> ReadCell:
    """How the cells of a field are read; `aliases` gives other spellings (folded) of the terms of its list."""
    if field.vocabulary is not None:
        spellings = _list_spellings(context.vocabularies.by_name[field.vocabulary], aliases or {})
        return partial(_read_term if field.kind is FieldKind.TERM else _read_terms, spellings)
    directory = context.directory if field.name == "operatingArea" else None
    readers: dict[FieldKind, ReadCell] = {
        FieldKind.URL: partial(_read_address, assumptions),
        FieldKind.DATE: partial(_read_day, assumptions, table.day_zero if table else EXCEL_DAY_ZERO),
        FieldKind.ORGANISATION: partial(_read_organisation, context, field.name),
        FieldKind.AREA: partial(read_area, name=field.name, directory=directory),
        FieldKind.NUMBER: partial(parse_number, decimal_comma=table is not None and table.decimal_comma),
        FieldKind.BOOLEAN: parse_boolean,
        FieldKind.DURATION: parse_duration,
    }
    return readers.get(field.kind, _read_text)


def find_listed_words(field: Field, context: ReadingContext) -> frozenset[str]:
    """Words for nothing that the list of a field has as a code or label, such as `none`, in any case."""
    if field.vocabulary is None:
        return frozenset()
    spellings = _list_spellings(context.vocabularies.by_name[field.vocabulary], {})
    return frozenset(word for word in EMPTY_WORDS if fold_text(word) in spellings)


def _list_spellings(vocabulary: Vocabulary, aliases: Mapping[str, str]) -> dict[str, str]:
    """Codes by folded spelling; codes take precedence over labels, labels over former labels, those over aliases."""
    spellings = {fold_text(code): code for code in vocabulary.terms}
    for code, term in vocabulary.terms.items():
        for label in term.label:
            spellings.setdefault(fold_text(label), code)
    for label, code in vocabulary.former_labels.items():
        spellings.setdefault(fold_text(label), code)
    return dict(aliases) | spellings


def _read_term(spellings: Mapping[str, str], cell: Cell) -> Any:
    return spellings.get(fold_text(cell), cell) if isinstance(cell, str) else cell


def _read_terms(spellings: Mapping[str, str], cell: Any) -> list[Any] | None:
    cells = cell if isinstance(cell, tuple) else (cell,)
    items = [item for each in cells for item in split_list(each)]
    terms: list[Any] = []
    for item in items:
        term = _read_term(spellings, item)
        parts = [fold_text(part) for part in item.split(",")] if isinstance(item, str) else []
        # Some labels hold a comma, so a comma separates only where all of its parts are terms.
        if term == item and len(parts) > 1 and all(part in spellings for part in parts):
            terms += [spellings[part] for part in parts]
        else:
            terms.append(term)
    return [term for index, term in enumerate(terms) if term not in terms[:index]] or None


def _read_text(cell: Cell) -> Any:
    if not isinstance(cell, date):
        return parse_text(cell)
    detail = LocalizedText(
        "Deze cel is een datum, en hier hoort tekst. Waarschijnlijk heeft Excel er een datum van gemaakt. Geef de cel "
        "de opmaak Tekst en typ opnieuw wat er moet staan, bijvoorbeeld 12-1.",
        "This cell is a date, and text belongs here. Excel has probably made a date of it. Format the cell as Text "
        "and type again what it should be, for instance 12-1.",
    )
    raise Refused(Problem(ProblemCode.DATE_IN_TEXT, "", detail, cell.isoformat()))


def _read_address(assumptions: AssumptionLog, cell: Cell) -> Any:
    if not lacks_scheme(cell):
        return cell
    assumptions.add(
        "scheme",
        LocalizedText(
            f"Webadressen zonder https:// ervoor, zoals {cell}, zijn gelezen met https:// ervoor.",
            f"Web addresses without https:// in front, such as {cell}, were read with https:// in front.",
        ),
    )
    return f"https://{cell}"


def _read_day(assumptions: AssumptionLog, day_zero: date, cell: Cell) -> Any:
    day = parse_date(cell, day_zero)
    if is_serial(cell):
        assumptions.add(
            "serial",
            LocalizedText(
                f"Getallen in een kolom met datums zijn gelezen zoals Excel dagen telt: {cell} is {day}.",
                f"Numbers in a column of dates were read as Excel counts days: {cell} is {day}.",
            ),
        )
    return day


def _read_organisation(context: ReadingContext, name: str, cell: Cell) -> str:
    found = context.organisations.find(cell)
    if isinstance(found, Problem):
        raise Refused(Problem(found.code, f"/{name}", found.detail, found.value, found.suggestion))
    return found
