"""The form in which a person says what each column is: its fields, what is guessed, and the mapping that it gives."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from app.core.i18n import Language
from app.imports.samples import Sample, SampledColumn
from app.records.layouts import HeadingMapping
from app.records.layouts.headings import find_nearest_heading
from app.records.layouts.mapping_document import find_target, list_targets, name_target
from app.sensors.fields import FIELDS, Field, FieldKind, Needed
from app.vocabularies.queries import Vocabularies

NOT_TAKEN: Final = ""
"""Value of a select for a column that is not taken over."""

_NEEDED_BESIDE: Final = frozenset(
    {
        "dpiaReference",
        "heightReference",
        "legalBasisText",
        "legalBasisUrl",
        "legitimateInterest",
        "retentionPeriod",
        "sensorTypeOther",
    }
)
"""Fields that the answer to another field makes mandatory: a height says above what it is, a public task its law."""

VALUE_FIELDS: Final = tuple(
    field
    for field in FIELDS
    if (field.needed is not Needed.NO and field.name not in ("reference", "owner"))
    or field.name in _NEEDED_BESIDE
)
"""Fields that a sensor must have, so that one value for all rows helps where a list has no column."""

_SUGGESTED: Final[Mapping[str, str]] = {
    "objectnummer": "reference",
    "objectnr": "reference",
    "station": "reference",
    "code": "reference",
    "lokaal_id": "reference",
    "localid": "reference",
    "nummer": "reference",
    "nr": "reference",
}
"""Targets of headings that lists use for their own number of an object, and that are no field's label."""


class ColumnChoice(NamedTuple):
    """A column beside a select: its name in the form, and what is chosen."""

    name: str
    column: SampledColumn
    chosen: str
    is_guess: bool


class Option(NamedTuple):
    value: str
    label: str


class ValueChoice(NamedTuple):
    """One value for all rows: the name in the form, the field, what is chosen, and the terms of its list."""

    name: str
    field: Field
    chosen: str
    options: tuple[Option, ...]


def list_columns(
    sample: Sample, given: Mapping[str, str], mapping: HeadingMapping | None
) -> list[ColumnChoice]:
    """The columns with what was chosen, what the mapping has, or what the heading suggests: each field once."""
    taken: set[str] = set()
    choices = []
    for index, column in enumerate(sample.columns):
        name = f"kolom-{index}"
        is_guess = False
        if name in given:
            chosen = given[name]
        elif mapping is not None:
            chosen = next(iter(mapping.find_targets(column.heading)), NOT_TAKEN)
        else:
            chosen = _suggest(column.heading)
            chosen = NOT_TAKEN if chosen in taken else chosen
            is_guess = chosen != NOT_TAKEN
        taken.add(chosen)
        choices.append(ColumnChoice(name, column, chosen, is_guess))
    return choices


def _suggest(heading: str) -> str:
    target = find_target(heading) or _SUGGESTED.get(heading.strip().casefold())
    if target is None and (nearest := find_nearest_heading(heading)):
        target = find_target(nearest)
    return target or NOT_TAKEN


def list_target_options(choices: Iterable[ColumnChoice], language: Language) -> list[Option]:
    """Fields that a column can be: the place first, then the fields; numbered lists where a heading has them."""
    numbered = {choice.chosen for choice in choices if choice.chosen and choice.chosen not in list_targets()}
    return [
        Option(target, name_target(target).render(language))
        for target in (*list_targets(), *sorted(numbered))
    ]


def list_values(
    given: Mapping[str, str], mapping: HeadingMapping | None, vocabularies: Vocabularies, language: Language
) -> list[ValueChoice]:
    """The fields of `VALUE_FIELDS` with what was chosen."""
    stored = mapping.values if mapping else {}
    return [
        ValueChoice(
            name := f"vast-{field.name}",
            field,
            given.get(name, _show(stored.get(field.name))),
            list_terms(field, vocabularies, language),
        )
        for field in VALUE_FIELDS
    ]


def list_terms(field: Field, vocabularies: Vocabularies, language: Language) -> tuple[Option, ...]:
    """The terms of the list of a field by label; nothing for a field without a list."""
    if field.vocabulary is None:
        return ()
    terms = vocabularies.by_name[field.vocabulary].terms
    return tuple(Option(code, term.label.render(language)) for code, term in terms.items())


def _show(value: Any) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return "" if value is None else str(value)


def write_document(sample: Sample, given: Mapping[str, str], former: HeadingMapping | None) -> dict[str, Any]:
    """The document of the mapping that the form gives.

    What the form cannot show stays as the former mapping has it: a second field of a column, own words, other values.
    """
    columns: dict[str, list[str]] = {}
    for choice in list_columns(sample, given, former):
        before = former.find_targets(choice.column.heading) if former else ()
        kept = before[:1] == (choice.chosen,)
        columns[choice.column.heading] = list(before) if kept else [choice.chosen] if choice.chosen else []
    values = dict(former.values) if former else {}
    for field in VALUE_FIELDS:
        name = f"vast-{field.name}"
        if name not in given:
            continue
        text = given[name].strip()
        if text and text == _show(values.get(field.name)):
            continue
        values.pop(field.name, None)
        if text:
            values[field.name] = [text] if field.kind is FieldKind.TERMS else text
    document: dict[str, Any] = {"columns": columns, "values": values}
    if len(sample.sheets) > 1 and sample.sheet:
        document["sheet"] = sample.sheet
    if former and former.words:
        document["words"] = {name: dict(words) for name, words in former.words.items()}
    return document
