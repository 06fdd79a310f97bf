"""A kind of sensor in words: what it is, and what it can and cannot know."""

from dataclasses import dataclass

from app.sensors.presentation import Labels
from app.vocabularies.capabilities import SENSOR_SUBTYPE_CAPABILITIES, SENSOR_TYPE_CAPABILITIES
from app.vocabularies.terms import Term


@dataclass(frozen=True, slots=True)
class ExplainedKind:
    """A kind or subtype in one language; `can` and `cannot` are None without a description of its limits."""

    code: str
    name: str
    definition: str
    can: str | None
    cannot: str | None


def explain_kind(term: Term, labels: Labels) -> ExplainedKind:
    capability = SENSOR_SUBTYPE_CAPABILITIES.get(term.code) or SENSOR_TYPE_CAPABILITIES.get(term.code)
    return ExplainedKind(
        term.code,
        labels.render(term.label),
        labels.render(term.definition),
        labels.render(capability.can) if capability else None,
        labels.render(capability.cannot) if capability else None,
    )
