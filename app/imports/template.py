"""The register's own Excel template, made from the description of the fields: lists, explanation and examples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.core.i18n import Language, LocalizedText
from app.imports.field_help import explain_content, explain_need
from app.records.layouts.headings import (
    EXAMPLE_SHEET,
    EXPLANATION_SHEET,
    LIST_HEADINGS,
    LIST_SHEET,
    SENSOR_SHEET,
)
from app.sensors.fields import FIELDS, Field, FieldKind, Needed
from app.sensors.registration.rules import years_later
from app.vocabularies.terms import Vocabularies

TEMPLATE_ROWS: Final = 10_000
"""Number of rows with drop-down lists; rows below may be filled in too."""

LOCATION_HEADINGS: Final = (
    LocalizedText("Breedtegraad", "Latitude"),
    LocalizedText("Lengtegraad", "Longitude"),
    LocalizedText("RD x", "RD x"),
    LocalizedText("RD y", "RD y"),
)
YES_NO: Final = (LocalizedText("Ja", "Yes"), LocalizedText("Nee", "No"))

_BOOLEANS: Final = "yesNo"
_BOLD: Final = Font(bold=True)
_MANDATORY_FILL: Final = PatternFill("solid", fgColor="FFF2CC")
_OPTIONAL_FILL: Final = PatternFill("solid", fgColor="DDEBF7")
_NUMBER_FORMATS: Final[Mapping[FieldKind, str]] = {FieldKind.DATE: "dd-mm-yyyy", FieldKind.NUMBER: "General"}
_CHOOSE: Final = LocalizedText("Kies een waarde uit de lijst.", "Choose a value from the list.")
_EXPLANATION_HEADINGS: Final = (
    LocalizedText("Kolom", "Column"),
    LocalizedText("Naam in de API", "Name in the API"),
    LocalizedText("Wanneer verplicht", "When mandatory"),
    LocalizedText("Wat u invult", "What to fill in"),
    LocalizedText("Keuzes", "Choices"),
)


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of the template; a field that is a list has several, and so has the location."""

    field: Field
    heading: LocalizedText
    is_mandatory: bool


def list_columns() -> list[TemplateColumn]:
    """The columns in the order of the fields; `Thema 1`, `Thema 2` for lists."""
    return [column for field in FIELDS for column in _list_columns(field)]


def _list_columns(field: Field) -> Iterator[TemplateColumn]:
    # The owner can also be chosen for the whole file.
    needed = field.needed is Needed.ALWAYS and field.name != "owner"
    if field.kind is FieldKind.POINT:
        yield from (TemplateColumn(field, heading, is_mandatory=False) for heading in LOCATION_HEADINGS)
    elif field.kind is FieldKind.TERMS:
        stem = LIST_HEADINGS[field.name]
        for number in range(1, field.most + 1):
            heading = LocalizedText(f"{stem.nl} {number}", f"{stem.en} {number}")
            yield TemplateColumn(field, heading, is_mandatory=needed and number == 1)
    else:
        yield TemplateColumn(field, field.label, is_mandatory=needed)


def write_template(
    destination: Path | BinaryIO, vocabularies: Vocabularies, language: Language, today: date
) -> None:
    """Write the template: an empty sheet to fill in, an explanation, examples, and a hidden sheet with the lists."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - of a new workbook
    sheet.title = SENSOR_SHEET.render(language)
    choices = _list_choices(vocabularies, language, today)
    _write_explanation(workbook.create_sheet(EXPLANATION_SHEET.render(language)), choices, language)
    examples = workbook.create_sheet(EXAMPLE_SHEET.render(language))
    lists = workbook.create_sheet(LIST_SHEET.render(language))
    ranges = _write_lists(lists, choices)
    for each in (sheet, examples):
        _write_headings(each, language)
    _add_validations(sheet, ranges, language, today)
    for row in _make_examples(vocabularies, language, today):
        examples.append(row)
    lists.sheet_state = "hidden"
    workbook.save(destination)


def _list_choices(vocabularies: Vocabularies, language: Language, today: date) -> dict[str, list[str]]:
    """Labels of each list that are valid today."""
    choices = {
        field.vocabulary: [
            term.label.render(language)
            for term in vocabularies.by_name[field.vocabulary].terms.values()
            if term.is_valid(today)
        ]
        for field in FIELDS
        if field.vocabulary
    }
    return choices | {_BOOLEANS: [text.render(language) for text in YES_NO]}


def _name_list(field: Field) -> str | None:
    return _BOOLEANS if field.kind is FieldKind.BOOLEAN else field.vocabulary


def _write_lists(sheet: Worksheet, choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write a column for each list, and return the cell range of each."""
    ranges = {}
    for index, (name, labels) in enumerate(choices.items(), start=1):
        letter = get_column_letter(index)
        sheet[f"{letter}1"] = name
        for row, label in enumerate(labels, start=2):
            sheet[f"{letter}{row}"] = label
        ranges[name] = f"{sheet.title}!${letter}$2:${letter}${len(labels) + 1}"
    return ranges


def _write_headings(sheet: Worksheet, language: Language) -> None:
    for index, column in enumerate(list_columns(), start=1):
        cell = sheet.cell(1, index)
        heading = column.heading.render(language)
        cell.value = f"{heading} *" if column.is_mandatory else heading
        cell.font = _BOLD
        cell.fill = _MANDATORY_FILL if column.is_mandatory else _OPTIONAL_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(_explain(column.field, language), "", height=120, width=320)
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = max(14, min(40, len(heading) + 4))
        # Text format: Excel would turn references and house numbers into numbers or dates.
        dimension.number_format = (
            "General" if column.field.is_geometry else _NUMBER_FORMATS.get(column.field.kind, "@")
        )
    sheet.freeze_panes = "B2"


def _explain(field: Field, language: Language) -> str:
    need = explain_need(field)
    mandatory = LocalizedText("Verplicht", "Mandatory").render(language)
    return explain_content(field).render(language) + (
        f"\n{mandatory}: {need.render(language)}." if need else ""
    )


def _add_validations(sheet: Worksheet, ranges: Mapping[str, str], language: Language, today: date) -> None:
    validations: dict[str, DataValidation] = {}
    for index, column in enumerate(list_columns(), start=1):
        field = column.field
        key = _name_list(field) or field.name
        validation = validations.get(key) or _make_validation(field, ranges, language, today)
        if validation is None:
            continue
        if key not in validations:
            validations[key] = validation
            sheet.add_data_validation(validation)
        letter = get_column_letter(index)
        validation.add(f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")


def _make_validation(
    field: Field, ranges: Mapping[str, str], language: Language, today: date
) -> DataValidation | None:
    validation: DataValidation
    if name := _name_list(field):
        validation = DataValidation(type="list", formula1=ranges[name], error=_CHOOSE.render(language))
    elif field.kind is FieldKind.DATE:
        validation = DataValidation(
            type="date",
            operator="between",
            # Excel has no dates before 1900: a warning lets the user enter one as text.
            errorStyle="warning",
            formula1="DATE(1900,1,1)",
            formula2=f"DATE({years_later(today, 10).year},12,31)",
            error=explain_content(field).render(language),
        )
    elif field.kind is FieldKind.NUMBER:
        validation = DataValidation(
            type="decimal",
            operator="between",
            formula1=f"{field.least:g}",
            formula2=f"{field.below:g}",
            error=explain_content(field).render(language),
        )
    else:
        return None
    validation.allow_blank = True
    validation.showErrorMessage = True
    validation.errorTitle = field.label.render(language)[:32]
    return validation


def _write_explanation(sheet: Worksheet, choices: Mapping[str, Sequence[str]], language: Language) -> None:
    sheet.append([heading.render(language) for heading in _EXPLANATION_HEADINGS])
    for field in FIELDS:
        headings = [column.heading.render(language) for column in _list_columns(field)]
        shown = (
            ", ".join(headings)
            if field.is_geometry
            else " – ".join(dict.fromkeys((headings[0], headings[-1])))
        )
        need = explain_need(field)
        name = _name_list(field)
        sheet.append(
            [
                shown,
                field.name,
                need.render(language) if need else "",
                explain_content(field).render(language),
                "; ".join(choices[name]) if name else "",
            ]
        )
    for letter, width in zip("ABCDE", (36, 24, 32, 60, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = _BOLD if cell.row == 1 else Font()
    sheet.freeze_panes = "A2"


def _make_examples(vocabularies: Vocabularies, language: Language, today: date) -> Iterator[list[Any]]:
    """Examples: a sound meter without, and a camera with personal data."""
    common = {"mobility": "fixed", "placedFrom": today, "activeUntil": years_later(today, 2)}
    for number, example in enumerate(_EXAMPLES, start=1):
        reference = LocalizedText(f"VOORBEELD-{number}", f"EXAMPLE-{number}")
        record: dict[str, Any] = {"reference": reference, **common, **example}
        yield list(_list_cells(record, vocabularies, language))


def _list_cells(record: Mapping[str, Any], vocabularies: Vocabularies, language: Language) -> Iterator[Any]:
    """The cells of a record, whose texts may be in both languages."""
    for field in FIELDS:
        value = record.get(field.name)
        columns = len(list(_list_columns(field)))
        if field.kind is FieldKind.TERMS:
            labels = [vocabularies.label(field.name, code).render(language) for code in value or ()]
            yield from labels + [None] * (columns - len(labels))
        elif field.kind is FieldKind.POINT:
            lon, lat = value or (None, None)
            yield from (lat, lon, None, None)
        elif field.kind is FieldKind.TERM and value:
            yield vocabularies.label(field.name, value).render(language)
        else:
            yield value.render(language) if isinstance(value, LocalizedText) else value


_EXAMPLES: Final[Sequence[Mapping[str, Any]]] = (
    {
        "name": LocalizedText("Geluidmeter op de Dam", "Sound meter on Dam square"),
        "sensorType": "sound",
        "measures": LocalizedText("Hoe hard het geluid is, in decibel", "How loud it is, in decibels"),
        "connectivity": "lora",
        "location": (4.8932, 52.3731),
        "heightM": 4,
        "heightReference": "ground",
        "mounting": "lamp_post",
        "purpose": LocalizedText(
            "Weten hoe luid het is op het plein.", "Knowing how loud it is on the square."
        ),
        "themes": ["environment_noise"],
        "personalData": "none",
    },
    {
        "name": LocalizedText("Camera bij de brug", "Camera at the bridge"),
        "sensorType": "optical_camera",
        "sensorSubtype": "bridge_lock",
        "measures": LocalizedText("Beelden van schepen en van de brug", "Images of ships and of the bridge"),
        "location": (4.9041, 52.3676),
        "viewDirectionDeg": 90,
        "viewAngleDeg": 60,
        "viewRangeM": 80,
        "purpose": LocalizedText(
            "De brug veilig op afstand bedienen.", "Operating the bridge safely from a distance."
        ),
        "themes": ["mobility_shipping", "safety_security_camera"],
        "personalData": "yes",
        "gdprBases": ["public_task"],
        "legalBasisText": LocalizedText("Wegenwet artikel 15", "Roads Act, article 15"),
        "legalBasisUrl": "https://wetten.overheid.nl/BWBR0001948",
        "privacyStatementUrl": "https://example.org/privacy",
        "dpiaStatus": "in_progress",
        "retentionKind": "fixed",
        "retentionPeriod": LocalizedText("28 dagen", "28 days"),
    },
)
