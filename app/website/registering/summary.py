"""The answers in words, for the page that shows all of them before they are sent: by step, and old beside new."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import shapely

from app.core.formatting import format_date, format_duration, format_number
from app.core.i18n import LocalizedText
from app.records.cell_parsers import parse_date, parse_duration
from app.records.layouts.areas import Refused, check_area, read_shape
from app.sensors.fields import FIELD_BY_NAME, Field, FieldKind
from app.sensors.presentation import UNITS, YES_NO, Labels
from app.sensors.registration.drafts import Answers
from app.website.registering.hints import find_label
from app.website.registering.steps import STEPS, Step
from app.website.registering.typed_answers import YES

_AREA: Final = LocalizedText(
    "een vlak met {corners} hoekpunten, rond {middle}", "an area with {corners} corners, round {middle}"
)


@dataclass(frozen=True, slots=True)
class AnswerInWords:
    """One answer; `former` is that of the version that is changed, where it differs."""

    name: str
    label: str
    words: str
    former: str | None
    has_problem: bool


@dataclass(frozen=True, slots=True)
class StepInWords:
    """The answers of one step; without those that were left open and have no problem."""

    step: Step
    title: str
    answers: tuple[AnswerInWords, ...]


def summarise(
    answers: Answers, former: Answers, wrong: Iterable[str], labels: Labels, *, is_change: bool
) -> list[StepInWords]:
    """The answers by step; of a change only what differs. `wrong` are the names of fields with problems."""
    mistaken = frozenset(wrong)
    return [
        StepInWords(
            step,
            labels.render(step.title),
            tuple(
                AnswerInWords(
                    name=name,
                    label=_label(FIELD_BY_NAME[name], labels),
                    words=word_answer(FIELD_BY_NAME[name], answers.get(name), labels),
                    former=word_answer(FIELD_BY_NAME[name], former.get(name), labels) if is_change else None,
                    has_problem=name in mistaken,
                )
                for name in step.names
                if name in mistaken
                or (answers.get(name) != former.get(name) if is_change else name in answers)
            ),
        )
        for step in STEPS
    ]


def _label(field: Field, labels: Labels) -> str:
    """The question; of an organisation the name of the field, since the question is whether it is another."""
    return labels.render(field.label if field.kind is FieldKind.ORGANISATION else find_label(field))


def word_answer(field: Field, answer: str | list[str] | None, labels: Labels) -> str:
    """One answer in words; empty for none. What cannot be read stays as it was typed."""
    if not answer:
        return ""
    codes = [answer] if isinstance(answer, str) else answer
    if field.vocabulary is not None:
        return ", ".join(labels.name_term(field.vocabulary, code) for code in codes)
    text = codes[0]
    match field.kind:
        case FieldKind.BOOLEAN:
            words = labels.render(YES_NO[text == YES])
        case FieldKind.DATE:
            words = _word_date(text, labels)
        case FieldKind.DURATION:
            words = format_duration(str(parse_duration(text)), labels.language)
        case FieldKind.AREA:
            words = _word_area(text, field.name, labels)
        case _:
            words = f"{text} {labels.render(UNITS[field.unit])}" if field.unit else text
    return words


def _word_area(text: str, name: str, labels: Labels) -> str:
    """An area by the number and middle of its corners: no one reads the geometry. Names of municipalities stay."""
    found = read_shape(text)
    if found is None:
        return text
    try:
        area = check_area(*found, name)
    except Refused:
        return text
    rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
    corners = sum(len(ring.coords) - 1 for ring in rings)
    middle = f"{area.centroid.y:.5f}, {area.centroid.x:.5f}"
    return labels.render(_AREA).format(corners=format_number(corners, labels.language), middle=middle)


def _word_date(text: str, labels: Labels) -> str:
    try:
        return format_date(parse_date(text), labels.language)
    except ValueError:
        return text
