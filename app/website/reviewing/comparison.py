"""A submitted version beside the published one, field by field and in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geoalchemy2.shape import to_shape

from app.core.formatting import format_date, format_number
from app.core.i18n import LocalizedText
from app.places.typed_position import find_position
from app.records.layouts.reading_context import ReadingContext
from app.sensors.fields import FIELD_BY_NAME, Field, FieldKind
from app.sensors.presentation import Labels
from app.sensors.registration.version_record import SensorVersion
from app.website.registering.steps import STEPS
from app.website.registering.summary import word_answer
from app.website.registering.typed_answers import write_answers

REMOVAL: Final = "removedOn"
"""The one field of a version that the form in steps does not ask for."""

_REMOVAL_GROUP: Final = LocalizedText("Verwijdering", "Removal")
_AREA: Final = LocalizedText("een vlak (zie de kaart)", "an area (see the map)")
_OTHER_AREA: Final = LocalizedText("een ander vlak (zie de kaart)", "another area (see the map)")
_MOVED: Final = LocalizedText("Verplaatst over {metres} meter.", "Moved by {metres} metres.")


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field. `former` is None for a new registration and for a field that did not change; `link` is an address."""

    name: str
    label: str
    words: str
    former: str | None = None
    note: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of one step of the form."""

    path: str
    title: str
    fields: tuple[ComparedField, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Fields that are new or changed, those that stay as they are, and those without a value."""

    changed: tuple[FieldGroup, ...]
    unchanged: tuple[FieldGroup, ...]
    empty: tuple[ComparedField, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields, in the order of the page."""
        groups = (*self.changed, *self.unchanged)
        return (*(one.name for group in groups for one in group.fields), *(one.name for one in self.empty))

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of all fields by name."""
        fields = (*(one for group in (*self.changed, *self.unchanged) for one in group.fields), *self.empty)
        return {one.name: one.label for one in fields}


def compare_versions(
    submitted: SensorVersion, published: SensorVersion | None, labels: Labels, context: ReadingContext
) -> Comparison:
    """The fields of a submitted version beside those of the published one, None for a new registration."""
    answers = _write(submitted, context)
    former = _write(published, context) if published is not None else None
    groups = [(one.path, one.title, one.names) for one in STEPS]
    groups.insert(0, ("verwijdering", _REMOVAL_GROUP, (REMOVAL,)))
    changed: list[FieldGroup] = []
    unchanged: list[FieldGroup] = []
    empty: list[ComparedField] = []
    for path, title, names in groups:
        new, same = [], []
        for name in names:
            answer, before = answers.get(name), (former or {}).get(name)
            field = FIELD_BY_NAME[name]
            if not answer and not before:
                empty.append(ComparedField(name, labels.render(field.label), ""))
            elif former is not None and answer == before:
                same.append(_make(field, answer, None, labels))
            else:
                note = _describe_move(submitted, published, labels) if name == "location" else None
                new.append(_make(field, answer, None if former is None else before or "", labels, note))
        changed.extend(_group(path, title, new, labels))
        unchanged.extend(_group(f"{path}-gelijk", title, same, labels))
    return Comparison(tuple(changed), tuple(unchanged), tuple(empty))


def _group(
    path: str, title: LocalizedText, fields: Iterable[ComparedField], labels: Labels
) -> Iterable[FieldGroup]:
    found = tuple(fields)
    if found:
        yield FieldGroup(path, labels.render(title), found)


def _write(version: SensorVersion, context: ReadingContext) -> dict[str, Any]:
    answers = write_answers(version, context)
    if version.removed_on is not None:
        answers[REMOVAL] = version.removed_on.isoformat()
    return answers


def _make(
    field: Field,
    answer: str | list[str] | None,
    before: str | list[str] | None,
    labels: Labels,
    note: str | None = None,
) -> ComparedField:
    words = _word(field, answer, labels)
    former = None if before is None else _word(field, before, labels)
    if field.kind is FieldKind.AREA and words and words == former:
        words = labels.render(_OTHER_AREA)
    link = str(answer) if field.kind is FieldKind.URL and answer else None
    return ComparedField(field.name, labels.render(field.label), words, former, note, link)


def _word(field: Field, answer: str | list[str] | None, labels: Labels) -> str:
    if not answer:
        return ""
    match field.kind:
        case FieldKind.POINT:
            position = find_position(str(answer))
            return f"{position.lat:.5f}, {position.lon:.5f}" if position else str(answer)
        case FieldKind.AREA if "((" in str(answer):
            return labels.render(_AREA)
        case FieldKind.DATE:
            return format_date(str(answer), labels.language)
        case _:
            return word_answer(field, answer, labels)


def _describe_move(submitted: SensorVersion, published: SensorVersion | None, labels: Labels) -> str | None:
    if published is None or submitted.location_rd is None or published.location_rd is None:
        return None
    metres = to_shape(submitted.location_rd).distance(to_shape(published.location_rd))
    number = format_number(round(metres, 0 if metres >= 10 else 1), labels.language)
    return labels.render(_MOVED).format(metres=number)
