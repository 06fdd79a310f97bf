"""Detection of the layout of a file, the tables that are read, and values for all rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.table import InvalidCell
from app.records.layouts import ReadingContext, open_records
from app.records.layouts.reader import BATCH_ROWS
from app.records.record import RecordReader
from tests.support.layout_tables import (
    Tables,
    list_codes,
    list_english,
    make_table,
    read_one,
    read_tables,
    tabulate,
)

SOUND = {"reference": "a", "name": "A", "sensorType": "sound"}


def test_headings_unknown_are_listed_with_advice(context: ReadingContext) -> None:
    tables = make_table(["Boom", "Soort"], [1, 2], name="Bomen"), make_table(["Bank"], [1], name="Banken")
    with pytest.raises(InvalidRequest, match=r"Found: Bomen: Boom, Soort; Banken: Bank\. Take the template"):
        open_records(Tables(*tables), context)


def test_file_without_tables_is_refused(context: ReadingContext) -> None:
    with pytest.raises(InvalidRequest, match="not those of sensors"):
        open_records(Tables(), context)


def test_file_with_headings_only_is_refused(context: ReadingContext) -> None:
    with pytest.raises(InvalidRequest, match="no sensors in the file"):
        read_tables(context, make_table(["reference", "name"]))


def test_tables_of_sensors_are_read_and_others_reported(context: ReadingContext) -> None:
    reader, records = read_tables(
        context,
        make_table(["Boom", "Naam", "Naam", "x", "x"], [1, 2, 3, 4, 5], name="Bomen"),
        make_table(["reference"], ["hidden"], name="Verborgen", is_hidden=True),
        tabulate(SOUND, name="Centrum"),
        make_table(["reference"], ["example"], name="Voorbeelden"),
        tabulate(SOUND, name="Noord"),
        make_table(["Bank"], [1], name="Banken"),
    )
    assert [record.origin.table for record in records] == ["Centrum", "Noord"]
    assert list_english(reader.assumptions) == [
        "The sheet Bomen was passed over: its headings are not those of sensors.",
        "The sheet Banken was passed over: its headings are not those of sensors.",
    ]


def test_rows_are_read_in_batches_in_order(context: ReadingContext) -> None:
    rows = [[f"s-{number}", f"Sensor {number}"] for number in range(2 * BATCH_ROWS + 1)]
    reader: RecordReader = open_records(Tables(make_table(["reference", "name"], *rows)), context)
    batches = list(reader.read_records())
    assert [len(batch) for batch in batches] == [BATCH_ROWS, BATCH_ROWS, 1]
    assert [record.given["reference"] for batch in batches for record in batch] == [
        reference for reference, _ in rows
    ]
    assert batches[-1][0].origin.row == 2 * BATCH_ROWS + 2


def test_cell_invalid_is_a_problem_of_its_field(context: ReadingContext) -> None:
    gone = InvalidCell(
        ProblemCode.FORMULA_NOT_COMPUTED, "=B2", LocalizedText("Niet berekend.", "Not computed.")
    )
    record = read_one(
        context, tabulate({**SOUND, "name": gone, "themes 1": gone, "summary": "x", "lon": gone, "lat": 52.3})
    )
    assert list_codes(record) == [
        ("formula_not_computed", "/name"),
        ("formula_not_computed", "/themes"),
        ("formula_not_computed", "/location"),
    ]
    assert record.given["name"] == "=B2"


def test_values_for_all_rows_fill_empty_cells(context: ReadingContext) -> None:
    defaults = {
        "visibility": "Intern",
        "visibilityReason": "geheim",
        "themes": "environment_noise|Milieu: afval",
        "openData": "nee",
    }
    _, (given, empty) = read_tables(
        replace(context, defaults=defaults),
        tabulate({**SOUND, "visibility": "public"}, {**SOUND, "visibility": None}),
    )
    assert (given.given["visibility"], empty.given["visibility"]) == ("public", "internal")
    assert empty.given["themes"] == ["environment_noise", "environment_waste"]
    assert empty.given["openData"] is False


@pytest.mark.parametrize(
    ("defaults", "codes"),
    [
        ({"kleur": "rood"}, [("invalid_default", "/kleur")]),
        (
            {"reference": "x", "location": "52, 4"},
            [("invalid_default", "/reference"), ("invalid_default", "/location")],
        ),
        (
            {"sensorType": "geluidsensr", "placedFrom": "ooit"},
            [("unknown_value", "/sensorType"), ("invalid_date", "/placedFrom")],
        ),
        ({"operator": "Nergens BV"}, [("unknown_organisation", "/operator")]),
    ],
)
def test_value_for_all_rows_invalid_is_refused_at_once(
    context: ReadingContext, defaults: Mapping[str, Any], codes: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        open_records(Tables(tabulate(SOUND)), replace(context, defaults=defaults))
    assert [(problem.code, problem.location) for problem in refused.value.problems] == codes


def test_fields_are_found_by_heading(context: ReadingContext) -> None:
    headings = ["Referentie *", "Thema 2", "Thema 1", "RD y", "RD x"]
    reader, (record,) = read_tables(
        context, make_table(headings, ["a", None, "Milieu: geluid", 487_370, 121_363])
    )
    names = ("reference", "themes", "location", "model")
    assert {name: reader.find_heading(record.origin, name) for name in names} == {
        "reference": "Referentie *", "themes": "Thema 1", "location": "RD y", "model": None,
    }  # fmt: skip
    assert reader.asks("model")
