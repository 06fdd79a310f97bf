"""The questions of a step as the page shows them: how each is answered, what was answered, and what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.core.problems import Problem
from app.sensors.fields import FIELD_BY_NAME, Field, FieldKind, Needed
from app.sensors.presentation import YES_NO, Labels
from app.sensors.registration.drafts import Answers
from app.website.registering.conditions import CONDITIONS, applies
from app.website.registering.hints import find_hint, find_label
from app.website.registering.typed_answers import NO, YES

Control = Literal["text", "long_text", "number", "date", "radios", "select", "boxes", "area", "place"]

_LONG_TEXT: Final = 256
"""Texts that may be longer have more than one line."""

_MOST_RADIOS: Final = 7
"""A list with more terms is a list that opens."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `group` is the label of the term that it belongs to, `parent` the code of that."""

    code: str
    label: str
    definition: str | None
    is_chosen: bool
    parent: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `needs` is the field that it depends on, with the codes as one text; empty for any answer."""

    name: str
    label: str
    hint: str | None
    control: Control
    text: str
    options: tuple[Option, ...]
    is_optional: bool
    applies: bool
    needs: tuple[str, str] | None
    condition: str | None
    problems: tuple[str, ...]
    unit: str | None
    most: int


def find_problems_by_field(problems: Iterable[Problem], labels: Labels) -> dict[str, tuple[str, ...]]:
    """The sentences about each field, in the order in which they were found."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        name = problem.location.lstrip("/").partition("/")[0]
        sentence = labels.render(problem.detail)
        if sentence not in found.setdefault(name, []):
            found[name].append(sentence)
    return {name: tuple(sentences) for name, sentences in found.items()}


def make_questions(
    names: Iterable[str],
    answers: Answers,
    problems: Mapping[str, tuple[str, ...]],
    labels: Labels,
    today: date,
) -> list[Question]:
    """The questions of these fields, in their order."""
    return [_make(FIELD_BY_NAME[name], answers, problems.get(name, ()), labels, today) for name in names]


def _make(field: Field, answers: Answers, problems: tuple[str, ...], labels: Labels, today: date) -> Question:
    answer = answers.get(field.name, "")
    options = _list_options(field, answer, labels, today)
    condition = CONDITIONS.get(field.name)
    hint = find_hint(field)
    return Question(
        name=field.name,
        label=labels.render(find_label(field)),
        hint=labels.render(hint) if hint else None,
        control=_choose_control(field, options),
        text=answer if isinstance(answer, str) else "",
        options=options,
        is_optional=field.needed is Needed.NO and field.name not in CONDITIONS and field.name != "location",
        applies=applies(field.name, answers) or bool(answer),
        needs=(condition.field, " ".join(sorted(condition.codes))) if condition else None,
        condition=_word_condition(field.name, labels) if condition else None,
        problems=problems,
        unit={"m": "m", "deg": "°"}.get(field.unit or ""),
        most=field.most,
    )


def _choose_control(field: Field, options: tuple[Option, ...]) -> Control:
    if field.kind is FieldKind.TERMS:
        return "boxes"
    if field.kind in (FieldKind.TERM, FieldKind.BOOLEAN):
        return "radios" if len(options) <= _MOST_RADIOS else "select"
    if field.kind is FieldKind.TEXT and field.most >= _LONG_TEXT:
        return "long_text"
    controls: Mapping[FieldKind, Control] = {
        FieldKind.DATE: "date",
        FieldKind.NUMBER: "number",
        FieldKind.AREA: "area",
        FieldKind.POINT: "place",
    }
    return controls.get(field.kind, "text")


def _list_options(field: Field, answer: str | list[str], labels: Labels, today: date) -> tuple[Option, ...]:
    chosen = {answer} if isinstance(answer, str) else set(answer)
    if field.kind is FieldKind.BOOLEAN:
        return tuple(
            Option(code, labels.render(YES_NO[code == YES]), None, code in chosen) for code in (YES, NO)
        )
    if field.vocabulary is None:
        return ()
    terms = labels.vocabularies.by_name[field.vocabulary].terms.values()
    return tuple(
        Option(
            term.code,
            labels.render(term.label),
            labels.render(term.definition) or None,
            term.code in chosen,
            term.parent,
            labels.name_term("sensorType", term.parent) if term.parent else None,
        )
        for term in terms
        # A term that has ended stays with the sensors that have it.
        if term.is_valid(today) or term.code in chosen
    )


def _word_condition(name: str, labels: Labels) -> str:
    """When the question applies, for readers whose browser shows it always."""
    condition = CONDITIONS[name]
    field = FIELD_BY_NAME[condition.field]
    label = labels.render(find_label(field)).rstrip("?")
    if not condition.codes or field.vocabulary is None:
        return label
    terms = labels.vocabularies.by_name[field.vocabulary].terms
    return (
        f"{label}: {', '.join(labels.render(terms[code].label) for code in terms if code in condition.codes)}"
    )
