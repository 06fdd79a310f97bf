"""The first rows of an uploaded file, by which a person says what its columns are; and the own words in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from app.files.isolation import open_isolated_source
from app.files.readers.heading_row import HeadingTest
from app.files.reading_account import ReadingAccount, column_letters
from app.files.table import Cell, InvalidCell, Table, TableSource
from app.records.cell_parsers import split_list
from app.records.layouts import HeadingMapping, ReadingContext, make_heading_test
from app.records.layouts.columns import make_reader
from app.records.layouts.headings import is_passed_over
from app.records.layouts.notices import AssumptionLog
from app.records.value_words import ANYTHING_ELSE, fold_value
from app.sensors.fields import FIELD_BY_NAME, FieldKind
from app.sensors.plain_text import NO_VALUES

SAMPLED_ROWS: Final = 200
"""Rows from which examples come."""

SEARCHED_ROWS: Final = 100_000
"""Rows in which own words are looked for."""

MAX_WORDS: Final = 40
"""Own words of one field that a person is asked about."""

_EXAMPLES: Final = 3
_MAX_WHOLE_BYTES: Final = 5_000_000
_SHOWN_CHARACTERS: Final = 40
_MAX_HEADING: Final = 60


class SampledColumn(NamedTuple):
    """A column with a heading: its letters, the heading, and the first different values."""

    letter: str
    heading: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The sheets of a file, and of the chosen one the columns with examples.

    `account` is that of all of its tables, of which the first rows were read.
    """

    account: ReadingAccount
    sheets: tuple[str, ...]
    sheet: str | None
    heading_row: int | None
    columns: tuple[SampledColumn, ...]


def looks_like_heading(text: str) -> bool:
    """Whether a text can be a heading: words, no number, day or address."""
    return text[:1].isalpha() and len(text) <= _MAX_HEADING and "://" not in text


def read_sample(
    path: Path, file_name: str, *, sheet: str | None = None, heading_row: int | None = None
) -> Sample:
    """The first rows of the sheet of this name, by default of the first with rows; the headings are in `heading_row`.

    A large file is read no further than that sheet, and its account ends there.
    Raises: InvalidRequest where the file cannot be read.
    """
    is_heading: HeadingTest = looks_like_heading if heading_row is None else heading_row
    sheets: list[str] = []
    chosen: Table | None = None
    columns: tuple[SampledColumn, ...] = ()
    with open_isolated_source(path, file_name=file_name, is_heading=is_heading) as source:
        for table in source.read_tables():
            if table.is_hidden or not any(table.headings):
                continue
            sheets.append(table.name or "")
            rows = [row.cells for row in islice(table.rows, SAMPLED_ROWS)]
            if rows and (chosen is None if sheet is None else table.name == sheet):
                chosen, columns = table, _sample_columns(table, rows)
                if path.stat().st_size > _MAX_WHOLE_BYTES:
                    # The next table would come after the last row of this one.
                    break
        account = source.account
    name = chosen.name if chosen else None
    row = next((table.heading_row for table in account.tables if table.name == name), None)
    return Sample(account, tuple(filter(None, sheets)), name, row, columns)


def _sample_columns(table: Table, rows: Sequence[Sequence[Cell]]) -> tuple[SampledColumn, ...]:
    return tuple(
        SampledColumn(column_letters(index), heading, _list_examples(row[index] for row in rows))
        for index, heading in enumerate(table.headings)
        if heading and not is_passed_over(heading)
    )


def _list_examples(cells: Iterable[Cell]) -> tuple[str, ...]:
    texts = (_show(cell) for cell in cells if cell is not None)
    return tuple(islice(dict.fromkeys(texts), _EXAMPLES))


def _show(cell: Cell) -> str:
    text = cell.text if isinstance(cell, InvalidCell) else str(cell)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def list_unknown_words(
    path: Path, file_name: str, mapping: HeadingMapping, context: ReadingContext
) -> Mapping[str, Sequence[str]]:
    """The words of each list that neither the register nor the mapping has, in the order of the file.

    Raises: InvalidRequest where the file cannot be read.
    """
    with open_isolated_source(path, file_name=file_name, is_heading=make_heading_test([mapping])) as source:
        found = _collect_words(source, mapping)
    return {
        name: unknown
        for name, words in found.items()
        if (unknown := list(islice(_leave_known(name, words, mapping, context), MAX_WORDS)))
    }


def _collect_words(source: TableSource, mapping: HeadingMapping) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for table in source.read_tables():
        listed = [
            (index, target)
            for index, heading in enumerate(table.headings)
            for target in mapping.find_targets(heading)
            if target in FIELD_BY_NAME and FIELD_BY_NAME[target].vocabulary is not None
        ]
        if table.is_hidden or not listed or not mapping.reads_sheet(table.name):
            continue
        for row in islice(table.rows, SEARCHED_ROWS):
            for index, name in listed:
                cell = row.cells[index]
                if cell is not None and not isinstance(cell, InvalidCell) and cell not in NO_VALUES:
                    found.setdefault(name, {}).setdefault(str(cell))
    return found


def _leave_known(
    name: str, words: Iterable[str], mapping: HeadingMapping, context: ReadingContext
) -> Iterator[str]:
    """The words, and items of lists, that are no terms: each once."""
    field = FIELD_BY_NAME[name]
    read = make_reader(field, context, AssumptionLog())
    terms = context.vocabularies.by_name[field.vocabulary or ""].terms
    translated = mapping.words.get(name, {})
    seen: set[str] = set()
    for word in words:
        for item in map(str, split_list(word) if field.kind is FieldKind.TERMS else [word]):
            folded = fold_value(item)
            if folded in seen or folded in translated or ANYTHING_ELSE in translated:
                continue
            seen.add(folded)
            meant = read(item)
            if any(one not in terms for one in (meant if isinstance(meant, list) else [meant])):
                yield item
