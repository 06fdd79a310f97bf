"""A kind of sensor in words: what it is, and what it can and cannot know."""

from dataclasses import dataclass

from app.sensors.presentation import Labels
from app.vocabularies.capabilities import SENSOR_TYPE_CAPABILITIES
from app.vocabularies.terms import Term


@dataclass(frozen=True, slots=True)
class ExplainedKind:
    """The definition of a kind and its limits in one language; None for a kind without a description of its limits."""

    definition: str
    can: str | None
    cannot: str | None


def explain_kind(term: Term, labels: Labels) -> ExplainedKind:
    capability = SENSOR_TYPE_CAPABILITIES.get(term.code)
    return ExplainedKind(
        labels.render(term.definition),
        labels.render(capability.can) if capability else None,
        labels.render(capability.cannot) if capability else None,
    )
