"""The template: its sheets and lists, and a round trip of filled-in values."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from app.core.errors import InvalidRequest
from app.core.i18n import LANGUAGES, Language
from app.files.readers import open_source
from app.imports.template import list_columns, write_template
from app.records.layouts import ReadingContext, open_records
from app.records.layouts.headings import EXAMPLE_SHEET, EXPLANATION_SHEET, LIST_SHEET, SENSOR_SHEET
from app.records.record import Record
from app.sensors.fields import FIELDS, Field, FieldKind
from app.sensors.registration.field_parsers import ValidationContext, read_value
from app.spatial.crs import Crs
from tests.support.layout_tables import drop_empty
from tests.support.sensors import TODAY


def make_template(context: ReadingContext, language: Language) -> openpyxl.Workbook:
    content = io.BytesIO()
    write_template(content, context.vocabularies, language, TODAY)
    return openpyxl.load_workbook(content)


def read_file(path: Path, context: ReadingContext) -> list[Record]:
    with open_source(path) as source:
        reader = open_records(source, context)
        records = [record for batch in reader.read_records() for record in batch]
        assert reader.layout == "own"
        assert reader.unused_headings == []
        return records


def fill_in(
    sheet: Worksheet, row: int, record: Mapping[str, Any], context: ReadingContext, language: Language
) -> None:
    """Fill in a record as a person does: labels instead of codes, lists over several columns."""
    rest = {
        name: list(value)
        for name, value in record.items()
        if isinstance(value, list) and name != "operatingArea"
    }
    for index, column in enumerate(list_columns(), start=1):
        name, value = column.field.name, record.get(column.field.name)
        if name in rest:
            value = rest[name].pop(0) if rest[name] else None
        if column.field.vocabulary and value is not None:
            value = context.vocabularies.label(name, value).render(language)
        sheet.cell(row, index, _write_cell(column.heading.en, value, language))


def _write_cell(heading: str, value: Any, language: Language) -> Any:
    if isinstance(value, shapely.Point):
        return {"Latitude": value.y, "Longitude": value.x}.get(heading)
    if isinstance(value, shapely.Polygon):
        return value.wkt
    if isinstance(value, bool):
        return {("nl", True): "Ja", ("nl", False): "Nee", ("en", True): "Yes", ("en", False): "No"}[
            language, value
        ]
    return "; ".join(value) if isinstance(value, list) else value


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_has_sheets_for_sensors_explanation_examples_and_lists(
    context: ReadingContext, language: Language
) -> None:
    workbook = make_template(context, language)
    sheets = [
        sheet.render(language) for sheet in (SENSOR_SHEET, EXPLANATION_SHEET, EXAMPLE_SHEET, LIST_SHEET)
    ]
    assert workbook.sheetnames == sheets
    assert workbook[sheets[3]].sheet_state == "hidden"
    sensors = workbook[sheets[0]]
    assert sensors.max_row == 1
    assert sensors.freeze_panes == "B2"
    assert all(cell.comment for cell in sensors[1])
    headings = [str(cell.value) for cell in sensors[1]]
    assert len(set(headings)) == len(headings)
    assert headings[0] == {"nl": "Referentie *", "en": "Reference *"}[language]
    assert {"nl": "Thema 8", "en": "Theme 8"}[language] in headings
    explained = [row[1] for row in workbook[sheets[1]].iter_rows(min_row=2, values_only=True)]
    assert explained == [field.name for field in FIELDS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_lists_have_labels_of_terms(context: ReadingContext, language: Language) -> None:
    workbook = make_template(context, language)
    sensors, lists = workbook.worksheets[0], workbook.worksheets[3]
    offered: dict[str, list[Any]] = {}
    for validation in sensors.data_validations.dataValidation:
        if validation.type == "list":
            title, _, places = validation.formula1.partition("!")
            assert title == lists.title
            labels = [cell.value for (cell,) in lists[places.replace("$", "")]]
            for area in validation.sqref.ranges:
                assert (area.min_row, area.max_row) == (2, 10_001)
                for place in range(area.min_col, area.max_col + 1):
                    offered[str(sensors.cell(1, place).value)] = labels
    for column in list_columns():
        heading = column.heading.render(language) + (" *" if column.is_mandatory else "")
        if column.field.vocabulary:
            terms = context.vocabularies.by_name[column.field.vocabulary].terms.values()
            assert offered.pop(heading) == [term.label.render(language) for term in terms]
    yes_or_no = {"nl": ["Ja", "Nee"], "en": ["Yes", "No"]}[language]
    assert offered == {
        column.heading.render(language): yes_or_no
        for column in list_columns()
        if column.field.kind is FieldKind.BOOLEAN
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_unchanged_template_is_refused(tmp_path: Path, context: ReadingContext, language: Language) -> None:
    write_template(tmp_path / "sjabloon.xlsx", context.vocabularies, language, TODAY)
    with pytest.raises(InvalidRequest, match="no sensors in the file"):
        read_file(tmp_path / "sjabloon.xlsx", context)


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_examples_are_valid(tmp_path: Path, context: ReadingContext, language: Language) -> None:
    workbook = make_template(context, language)
    sensors, examples = workbook.worksheets[0], workbook.worksheets[2]
    for row, cells in enumerate(examples.iter_rows(min_row=2, values_only=True), start=2):
        for column, cell in enumerate(cells, start=1):
            sensors.cell(row, column, f"echt-{row}" if column == 1 else cell)
    workbook.save(tmp_path / "ingevuld.xlsx")
    records = read_file(tmp_path / "ingevuld.xlsx", context)
    assert [record.given["sensorType"] for record in records] == ["sound", "optical_camera"]
    assert records[1].given["retentionPeriod"] == "P28D"
    for record in records:
        assert not record.problems
        reading = ValidationContext(context.vocabularies, {}, frozenset(), Crs.CRS84, TODAY)
        for field in FIELDS:
            if field.kind is not FieldKind.ORGANISATION:
                read_value(reading, field, record.given.get(field.name))
        assert not reading.problems


# Texts that XML and a cell can hold, and that stay the same when stripped.
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20).map(
    "x{}".format
)
_DAYS = st.dates(date(1990, 1, 1), date(2031, 12, 31)).map(date.isoformat)
# Excel stores fifteen digits.
_PLACES = st.builds(
    shapely.Point, st.decimals(4, 6, places=7).map(float), st.decimals("51.5", 53, places=7).map(float)
)
_AREA = shapely.orient_polygons(shapely.box(4.5, 52.0, 4.75, 52.25))


def _values(field: Field, context: ReadingContext) -> st.SearchStrategy[Any]:
    if field.kind in (FieldKind.TERM, FieldKind.TERMS):
        terms = st.sampled_from(list(context.vocabularies.by_name[field.name].terms))
        return (
            terms
            if field.kind is FieldKind.TERM
            else st.lists(terms, min_size=1, max_size=field.most, unique=True)
        )
    strategies: dict[FieldKind, st.SearchStrategy[Any]] = {
        FieldKind.TEXT: _TEXTS,
        FieldKind.URL: st.just("https://example.org/een?twee=3#vier"),
        FieldKind.DATE: _DAYS,
        FieldKind.NUMBER: st.integers(1, 300) | st.decimals(1, 300, places=3).map(float),
        FieldKind.BOOLEAN: st.booleans(),
        FieldKind.DURATION: st.sampled_from(["P28D", "P6M", "PT72H"]),
        FieldKind.ORGANISATION: st.just(context.owner),
        FieldKind.POINT: _PLACES,
        FieldKind.AREA: st.just(_AREA),
    }
    if field.name == "operatingArea":
        return st.just(_AREA) | st.lists(st.sampled_from(["GM0363", "GM0344"]), min_size=1, unique=True)
    return strategies[field.kind]


def _records(context: ReadingContext) -> st.SearchStrategy[dict[str, Any]]:
    optional = {
        field.name: _values(field, context) for field in FIELDS if field.name not in ("reference", "owner")
    }
    always = {"reference": _TEXTS, "owner": st.just(context.owner)}
    return st.fixed_dictionaries(always, optional=optional)


@pytest.mark.parametrize("language", LANGUAGES)
def test_filled_in_template_is_read_back(tmp_path: Path, context: ReadingContext, language: Language) -> None:
    path = tmp_path / "ingevuld.xlsx"

    # A workbook is slow to write: failures are not shrunk.
    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(st.lists(_records(context), min_size=1, max_size=4))
    def check(records: list[dict[str, Any]]) -> None:
        workbook = make_template(context, language)
        for row, record in enumerate(records, start=2):
            fill_in(workbook.worksheets[0], row, record, context, language)
        workbook.save(path)
        read = read_file(path, replace(context, owner=None))
        assert not [record.problems for record in read if record.problems]
        assert [drop_empty(record.given) for record in read] == records

    check()
