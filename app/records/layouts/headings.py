"""Headings of the register's own table: wire names and labels, in either language."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from app.core.i18n import LocalizedText
from app.core.suggestions import find_nearest_spelling
from app.files.table import ANNOTATION_HEADINGS
from app.sensors.fields import DERIVED_LABELS, FIELDS, FieldKind
from app.sensors.registration.validation import READ_ONLY

SENSOR_SHEET: Final = LocalizedText("Sensoren", "Sensors")
EXPLANATION_SHEET: Final = LocalizedText("Uitleg", "Explanation")
EXAMPLE_SHEET: Final = LocalizedText("Voorbeelden", "Examples")
LIST_SHEET: Final = LocalizedText("Lijsten", "Lists")

EXAMPLE_REFERENCES: Final = frozenset({"VOORBEELD-1", "VOORBEELD-2", "EXAMPLE-1", "EXAMPLE-2"})
"""References of the example rows of the template; rows with these are never sensors."""

LIST_HEADINGS: Final[Mapping[str, LocalizedText]] = {
    "themes": LocalizedText("Thema", "Theme"),
    "gdprBases": LocalizedText("Grondslag", "Legal basis"),
    "dataTypes": LocalizedText("Soort gegevens", "Type of data"),
    "processing": LocalizedText("Verwerking", "Processing"),
}
"""Text before the number when a list has a column for each item: `Thema 1`."""

PUBLIC_CODE: Final = "publicCode"
"""Wire name of the registration number, by which a row can name its sensor."""

# Columns that spreadsheet and GIS programs add to a table.
_PROGRAM_COLUMNS: Final = frozenset({"id", "fid", "ogc_fid", "objectid", "gml_id"})

_ADDITIONS: Final = re.compile(
    r"\*|\((niet verplicht|verplicht|optional|mandatory)\)|[(\[](m|meters?|metres?|°|graden|deg|degrees)[)\]]"
)
_NUMBERED: Final = re.compile(r"(.*[^\s_\d])[\s_]*(\d{1,2})")


def fold_heading(heading: str) -> str:
    """The heading to compare by: without capitals, marks of what is mandatory, units and punctuation at its end."""
    return " ".join(_ADDITIONS.sub(" ", heading.casefold()).split()).rstrip(" ?:.")


def find_field(heading: str) -> str | None:
    """The wire name of the field that a heading means."""
    return _fields_by_heading().get(fold_heading(heading))


def find_numbered(heading: str) -> tuple[str, int] | None:
    """The list, and which of its items, that a heading such as `Thema 3` means."""
    match = _NUMBERED.fullmatch(fold_heading(heading))
    name = _lists_by_heading().get(match[1]) if match else None
    return (name, int(match[2])) if match and name else None


def is_public_code(heading: str) -> bool:
    """Whether it is the heading of the registration number."""
    return fold_heading(heading) in _public_code_headings()


def is_passed_over(heading: str) -> bool:
    """Whether it is a column that only the register or a program writes; none of it is read back."""
    return fold_heading(heading) in _written_headings()


def is_derived(heading: str) -> bool:
    """Whether it is a property that the register derives; a person may have filled in something else."""
    return fold_heading(heading) in _derived_headings()


def find_nearest_heading(heading: str) -> str | None:
    """The heading that was probably meant."""
    return find_nearest_spelling(heading, _shown_headings(), fold=fold_heading, cutoff=0.8)


@cache
def _fields_by_heading() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for field in FIELDS:
        for spelling in (field.name, field.column, *field.label):
            spellings.setdefault(fold_heading(spelling), field.name)
    return spellings


@cache
def _lists_by_heading() -> dict[str, str]:
    stems = {}
    for field in FIELDS:
        if field.kind is FieldKind.TERMS:
            for spelling in (field.name, field.column, *field.label, *LIST_HEADINGS[field.name]):
                stems[fold_heading(spelling)] = field.name
    return stems


@cache
def _public_code_headings() -> frozenset[str]:
    return _fold_all({PUBLIC_CODE, *DERIVED_LABELS[PUBLIC_CODE]})


@cache
def _written_headings() -> frozenset[str]:
    statuses = {"registrationStatus", *DERIVED_LABELS["registrationStatus"]}
    return _fold_all({*statuses, *_PROGRAM_COLUMNS, *ANNOTATION_HEADINGS})


@cache
def _derived_headings() -> frozenset[str]:
    return _fold_all({*READ_ONLY, *(label for text in DERIVED_LABELS.values() for label in text)})


def _fold_all(headings: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold_heading, headings))


@cache
def _shown_headings() -> dict[str, str]:
    return {fold_heading(label): label for field in FIELDS for label in field.label}
