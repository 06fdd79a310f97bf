"""The account of how a file was read, in words and as JSON."""

from app.core.i18n import LocalizedText
from app.files.reading_account import (
    AppliedDefault,
    CellExample,
    ReadColumn,
    ReadingAccount,
    SkippedRow,
    TableAccount,
    UntakenColumn,
)
from app.imports.account import describe_account, write_account

SHEET = TableAccount(
    "Sensoren",
    heading_row=3,
    skipped_rows=(SkippedRow(1, "Lijst 2026"),),
    columns=(ReadColumn("A", "Referentie", ("reference",)), ReadColumn("B", "Kast"), ReadColumn("C", "")),
    untaken_columns=(UntakenColumn("C", 2, 4, "rood"),),
    rows=1200,
    first_row=4,
    last_row=1203,
    hidden_row_count=3,
    hidden_rows=((5, 5), (9, 10)),
    hidden_columns=("B",),
    merged_range_count=1,
    merged_ranges=("D1:E1",),
)
BOOK = ReadingAccount(
    "xlsx",
    (SHEET, TableAccount("Lijst", is_hidden=True, rows=3)),
    ("Uitleg",),
    date_system="1904",
    warnings=(LocalizedText("Beschadigd.", "Damaged."),),
    defaults=(AppliedDefault("purpose", 1),),
)


def test_account_of_a_workbook_in_words() -> None:
    assert [sentence.nl for sentence in describe_account(BOOK)] == [
        "Gelezen als Excel, dagen geteld vanaf 1904.",
        "Beschadigd.",
        "Blad Sensoren: kolomkoppen in rij 3, 1.200 rijen gelezen (rij 4 tot en met 1203), 1 van 3 kolommen gebruikt.",
        "Overgeslagen boven de kolomkoppen: rij 1 (Lijst 2026).",
        "Verborgen rijen zijn ook gelezen: 5, 9-10.",
        "Verborgen kolommen zijn ook gelezen: B.",
        "Samengevoegde cellen hebben alleen links boven een waarde: D1:E1.",
        (
            "Kolom C heeft geen kop en is niet gebruikt (gevulde cellen: 2, de eerste in rij 4: rood). "
            "Geef de kolom een kop uit het sjabloon."
        ),
        "Niet gelezen: Uitleg.",
        "Met de opgegeven waarde ingevuld: Waarvoor meet u dat?, in 1 rij.",
    ]


def test_account_of_csv_in_words_shows_its_encoding_by_an_example() -> None:
    account = ReadingAccount(
        "csv",
        (
            TableAccount(
                None,
                heading_row=1,
                columns=(ReadColumn("A", "Naam", ("name",)),),
                rows=1,
                first_row=2,
                last_row=2,
            ),
            TableAccount("Lijst", rows=3),
        ),
        encoding="MacRoman",
        encoding_example=CellExample(2, "L", "Café"),
        delimiter=";",
        decimal_mark=",",
    )
    assert [sentence.en for sentence in describe_account(account)] == [
        (
            "Read as CSV, encoded as MacRoman (for instance row 2, column L: Café), cells separated by semicolons, "
            "decimals behind a comma."
        ),
        "Headings in row 1, 1 row read (rows 2 to 2), 1 of 1 columns used.",
        "Sheet Lijst: no sensors.",
    ]


def test_account_as_json_leaves_out_what_is_empty() -> None:
    written = write_account(BOOK)
    assert written["sentences"][1] == ["Beschadigd.", "Damaged."]
    assert "encoding" not in written
    sheet, hidden = written["tables"]
    assert sheet["columns"][0] == {"column": "A", "heading": "Referentie", "fields": ["reference"]}
    assert sheet["untakenColumns"] == [{"column": "C", "cells": 2, "firstRow": 4, "example": "rood"}]
    assert sheet["hiddenRows"] == [[5, 5], [9, 10]]
    assert hidden == {"name": "Lijst", "isHidden": True, "rows": 3}
    assert (written["unreadTables"], written["defaults"]) == (["Uitleg"], [{"field": "purpose", "rows": 1}])
