"""Terms of the vocabularies with their definitions, worded for the explanations."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.sensors.presentation import Labels
from app.vocabularies.capabilities import SENSOR_TYPE_CAPABILITIES

NOT_ON_PAGES: Final = ("registrationStatus",)
"""Vocabularies whose terms residents never meet."""


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """A term in one language; `can`, `cannot` and `narrower` are those of a kind of sensor, else empty."""

    code: str
    label: str
    definition: str
    can: str = ""
    cannot: str = ""
    narrower: tuple["ExplainedTerm", ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedList:
    """A vocabulary with the terms that may be used today."""

    name: str
    label: str
    definition: str
    terms: tuple[ExplainedTerm, ...]


def explain_kinds(labels: Labels, today: date) -> tuple[ExplainedTerm, ...]:
    """The kinds of sensors, what they can and cannot know, and the narrower kinds of each."""
    subtypes = labels.vocabularies.by_name["sensorSubtype"].terms.values()
    kinds = []
    for term in explain_list(labels, "sensorType", today).terms:
        known = SENSOR_TYPE_CAPABILITIES.get(term.code)
        narrower = (one for one in subtypes if one.parent == term.code and one.is_valid(today))
        kinds.append(
            ExplainedTerm(
                term.code,
                term.label,
                term.definition,
                can=labels.render(known.can) if known else "",
                cannot=labels.render(known.cannot) if known else "",
                narrower=tuple(
                    ExplainedTerm(one.code, labels.render(one.label), labels.render(one.definition))
                    for one in narrower
                ),
            )
        )
    return tuple(kinds)


def explain_list(labels: Labels, name: str, today: date) -> ExplainedList:
    """One vocabulary."""
    vocabulary = labels.vocabularies.by_name[name]
    terms = (
        ExplainedTerm(term.code, labels.render(term.label), labels.render(term.definition))
        for term in vocabulary.terms.values()
        if term.is_valid(today)
    )
    return ExplainedList(
        name, labels.render(vocabulary.label), labels.render(vocabulary.definition), tuple(terms)
    )


def explain_all(labels: Labels, today: date) -> tuple[ExplainedList, ...]:
    """All vocabularies that residents meet, in display order."""
    names = (name for name in labels.vocabularies.by_name if name not in NOT_ON_PAGES)
    return tuple(explain_list(labels, name, today) for name in names)
