"""The account of how a file was read: as sentences for its person, and as JSON."""

from collections.abc import Iterator
from typing import Any, Final

from app.core.formatting import count_rows
from app.core.i18n import LocalizedText
from app.files.reading_account import ReadingAccount, TableAccount
from app.sensors.fields import FIELD_LABELS

_MAX_SHOWN: Final = 10
"""Maximum number of rows, columns and ranges that one sentence lists."""

_FORMATS: Final = {
    "csv": "CSV",
    "xlsx": "Excel",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "parquet": "GeoParquet",
}
_DELIMITERS: Final = {
    ";": LocalizedText("puntkomma's", "semicolons"),
    ",": LocalizedText("komma's", "commas"),
    "\t": LocalizedText("tabs", "tabs"),
    "|": LocalizedText("verticale strepen", "vertical bars"),
}
_SHEET_FORMATS: Final = frozenset({"csv", "xlsx"})

_COUNT: Final = {"type": "integer", "minimum": 0}
_ROW: Final = {"type": "integer", "minimum": 1}
_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}

ACCOUNT_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "How the file was read, to compare with the file itself. Absent for a source that is no file.",
    "properties": {
        "sentences": {**_TEXTS, "description": "The same in words."},
        "encoding": {**_TEXT, "description": "CSV: the name of the encoding."},
        "encodingExample": {
            "type": "object",
            "description": "CSV: the first cell with a character beyond ASCII.",
            "properties": {"row": _ROW, "column": _TEXT, "text": _TEXT},
        },
        "delimiter": {**_TEXT, "description": "CSV: the character between cells."},
        "decimalMark": {"type": "string", "enum": [",", "."], "description": "CSV: the decimal mark."},
        "dateSystem": {
            "type": "string",
            "enum": ["1900", "1904"],
            "description": "Excel: the year from which the workbook counts its days.",
        },
        "tables": {
            "type": "array",
            "description": "Sheets, layers, or the file as one table, of which rows were read.",
            "items": {
                "type": "object",
                "properties": {
                    "name": _TEXT,
                    "isHidden": {"type": "boolean"},
                    "headingRow": _ROW,
                    "skippedRows": {
                        "type": "array",
                        "description": "Rows above the headings.",
                        "items": {"type": "object", "properties": {"row": _ROW, "text": _TEXT}},
                    },
                    "columns": {
                        "type": "array",
                        "description": "Every column, with the fields that its cells gave: none where none was used.",
                        "items": {
                            "type": "object",
                            "properties": {"column": _TEXT, "heading": _TEXT, "fields": _TEXTS},
                        },
                    },
                    "untakenColumns": {
                        "type": "array",
                        "description": "Filled cells without a heading above them.",
                        "items": {
                            "type": "object",
                            "properties": {
                                "column": _TEXT,
                                "cells": _COUNT,
                                "firstRow": _ROW,
                                "example": _TEXT,
                            },
                        },
                    },
                    "rows": {**_COUNT, "description": "Number of rows that are not empty."},
                    "firstRow": _ROW,
                    "lastRow": _ROW,
                    "hiddenRowCount": _COUNT,
                    "hiddenRows": {
                        "type": "array",
                        "description": "The first and last row of each of the first runs.",
                        "items": {"type": "array", "items": _ROW, "minItems": 2, "maxItems": 2},
                    },
                    "hiddenColumns": _TEXTS,
                    "mergedRangeCount": _COUNT,
                    "mergedRanges": _TEXTS,
                },
            },
        },
        "unreadTables": {**_TEXTS, "description": "Sheets and layers of which nothing was read."},
        "defaults": {
            "type": "array",
            "description": "The values given for all rows, and how many rows each has filled.",
            "items": {"type": "object", "properties": {"field": _TEXT, "rows": _COUNT}},
        },
    },
}


def write_account(account: ReadingAccount) -> dict[str, Any]:
    """The account as JSON in both languages: each of `sentences` is a pair; what is empty is absent."""
    example = account.encoding_example
    return _drop_empty(
        {
            "sentences": [list(sentence) for sentence in describe_account(account)],
            "encoding": account.encoding,
            "encodingExample": example
            and {"row": example.row, "column": example.letter, "text": example.text},
            "delimiter": account.delimiter,
            "decimalMark": account.decimal_mark,
            "dateSystem": account.date_system,
            "tables": [_write_table(table) for table in account.tables],
            "unreadTables": [name for name in account.unread_tables if name],
            "defaults": [{"field": one.field, "rows": one.rows} for one in account.defaults],
        }
    )


def _write_table(table: TableAccount) -> dict[str, Any]:
    return _drop_empty(
        {
            "name": table.name,
            "isHidden": table.is_hidden or None,
            "headingRow": table.heading_row,
            "skippedRows": [{"row": row.number, "text": row.text} for row in table.skipped_rows],
            "columns": [
                {"column": column.letter, "heading": column.heading, "fields": list(column.fields)}
                for column in table.columns
            ],
            "untakenColumns": [
                {
                    "column": column.letter,
                    "cells": column.cells,
                    "firstRow": column.first_row,
                    "example": column.example,
                }
                for column in table.untaken_columns
            ],
            "rows": table.rows,
            "firstRow": table.first_row,
            "lastRow": table.last_row,
            "hiddenRowCount": table.hidden_row_count or None,
            "hiddenRows": [list(run) for run in table.hidden_rows],
            "hiddenColumns": list(table.hidden_columns),
            "mergedRangeCount": table.merged_range_count or None,
            "mergedRanges": list(table.merged_ranges),
        }
    )


def _drop_empty(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, [])}


def describe_account(account: ReadingAccount, *, with_tables: bool = True) -> list[LocalizedText]:
    """The account as sentences, in the order in which a person meets it in the file.

    Without tables where no layout has taken their columns yet.
    """
    return [
        _describe_format(account),
        *account.warnings,
        *(
            sentence
            for table in account.tables
            if with_tables and not table.is_hidden
            for sentence in _describe_table(table, is_sheet=account.format in _SHEET_FORMATS)
        ),
        *_describe_unread(account),
        *_describe_defaults(account),
    ]


def _describe_format(account: ReadingAccount) -> LocalizedText:
    dutch, english = [_FORMATS.get(account.format, account.format)], []
    english = list(dutch)
    if account.encoding is not None:
        dutch.append(f"tekens volgens {account.encoding}")
        english.append(f"encoded as {account.encoding}")
        if example := account.encoding_example:
            dutch[-1] += f" (bijvoorbeeld rij {example.row}, kolom {example.letter}: {example.text})"
            english[-1] += f" (for instance row {example.row}, column {example.letter}: {example.text})"
    if account.delimiter is not None:
        mark = _DELIMITERS.get(account.delimiter, LocalizedText(account.delimiter, account.delimiter))
        dutch.append(f"cellen gescheiden door {mark.nl}")
        english.append(f"cells separated by {mark.en}")
    if account.decimal_mark is not None:
        is_comma = account.decimal_mark == ","
        dutch.append(f"decimalen na een {'komma' if is_comma else 'punt'}")
        english.append(f"decimals behind a {'comma' if is_comma else 'point'}")
    if account.date_system == "1904":
        dutch.append("dagen geteld vanaf 1904")
        english.append("days counted from 1904")
    return LocalizedText(f"Gelezen als {', '.join(dutch)}.", f"Read as {', '.join(english)}.")


def _describe_table(table: TableAccount, *, is_sheet: bool) -> Iterator[LocalizedText]:
    used = sum(bool(column.fields) for column in table.columns)
    name = LocalizedText(*(f"{word} {table.name}: " if table.name else "" for word in ("Blad", "Sheet")))
    if not used:
        yield LocalizedText(_capitalise(f"{name.nl}geen sensoren."), _capitalise(f"{name.en}no sensors."))
        return
    dutch, english = [], []
    if is_sheet and table.heading_row is not None:
        dutch.append(f"kolomkoppen in rij {table.heading_row}")
        english.append(f"headings in row {table.heading_row}")
    first, last = table.first_row, table.last_row
    where = (
        LocalizedText(f" (rij {first} tot en met {last})", f" (rows {first} to {last})")
        if is_sheet and first is not None
        else LocalizedText("", "")
    )
    dutch.append(f"{count_rows(table.rows).nl} gelezen{where.nl}")
    english.append(f"{count_rows(table.rows).en} read{where.en}")
    dutch.append(f"{used} van {len(table.columns)} kolommen gebruikt")
    english.append(f"{used} of {len(table.columns)} columns used")
    yield LocalizedText(
        _capitalise(f"{name.nl}{', '.join(dutch)}."), _capitalise(f"{name.en}{', '.join(english)}.")
    )
    if table.skipped_rows:
        rows = _list(
            [f"{row.number} ({row.text})" if row.text else str(row.number) for row in table.skipped_rows]
        )
        yield LocalizedText(
            f"Overgeslagen boven de kolomkoppen: rij {rows}.", f"Skipped above the headings: row {rows}."
        )
    if table.hidden_row_count:
        rows = _list(
            [str(first) if first == last else f"{first}-{last}" for first, last in table.hidden_rows]
        )
        yield LocalizedText(
            f"Verborgen rijen zijn ook gelezen: {rows}.", f"Hidden rows were read too: {rows}."
        )
    if table.hidden_columns:
        columns = _list(table.hidden_columns)
        yield LocalizedText(
            f"Verborgen kolommen zijn ook gelezen: {columns}.", f"Hidden columns were read too: {columns}."
        )
    if table.merged_range_count:
        ranges = _list(table.merged_ranges)
        yield LocalizedText(
            f"Samengevoegde cellen hebben alleen links boven een waarde: {ranges}.",
            f"Merged cells have a value at the top left only: {ranges}.",
        )
    for column in table.untaken_columns:
        yield LocalizedText(
            f"Kolom {column.letter} heeft geen kop en is niet gebruikt (gevulde cellen: {column.cells}, de eerste in "
            f"rij {column.first_row}: {column.example}). Geef de kolom een kop uit het sjabloon.",
            f"Column {column.letter} has no heading and was not used (filled cells: {column.cells}, the first in row "
            f"{column.first_row}: {column.example}). Give the column a heading of the template.",
        )


def _describe_unread(account: ReadingAccount) -> Iterator[LocalizedText]:
    if names := [name for name in account.unread_tables if name]:
        yield LocalizedText(f"Niet gelezen: {_list(names)}.", f"Not read: {_list(names)}.")


def _describe_defaults(account: ReadingAccount) -> Iterator[LocalizedText]:
    for one in account.defaults:
        label = FIELD_LABELS[one.field]
        yield LocalizedText(
            f"Met de opgegeven waarde ingevuld: {label.nl}, in {count_rows(one.rows).nl}.",
            f"Filled in with the given value: {label.en}, in {count_rows(one.rows).en}.",
        )


def _list(items: list[str] | tuple[str, ...]) -> str:
    return ", ".join(items[:_MAX_SHOWN]) + (", …" if len(items) > _MAX_SHOWN else "")


def _capitalise(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
