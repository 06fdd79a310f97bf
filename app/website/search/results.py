"""The results of a search in groups, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.core.i18n import Language, LocalizedText
from app.core.templates import page_path
from app.places.name_match import Match
from app.places.suggestion import Suggestion, SuggestionKind

GROUP_HEADINGS: Final = {
    SuggestionKind.SPELLING: LocalizedText("Bedoelt u dit?", "Did you mean this?"),
    SuggestionKind.SENSOR: LocalizedText("Sensor", "Sensor"),
    SuggestionKind.SENSORS: LocalizedText("Sensoren", "Sensors"),
    SuggestionKind.POSITION: LocalizedText("Plek", "Spot"),
    SuggestionKind.TEXT: LocalizedText("In de woorden van sensoren", "In the words of sensors"),
    SuggestionKind.MUNICIPALITY: LocalizedText("Gemeenten", "Municipalities"),
    SuggestionKind.PROVINCE: LocalizedText("Provincies", "Provinces"),
    SuggestionKind.PLACE: LocalizedText("Plaatsen", "Towns and villages"),
    SuggestionKind.STREET: LocalizedText("Straten en pleinen", "Streets and squares"),
    SuggestionKind.ADDRESS: LocalizedText("Adressen", "Addresses"),
    SuggestionKind.SENSOR_TYPE: LocalizedText("Soorten sensoren", "Kinds of sensors"),
    SuggestionKind.THEME: LocalizedText("Thema's", "Themes"),
    SuggestionKind.SMART_CITY_THEME: LocalizedText("Smart City-thema's", "Smart City themes"),
    SuggestionKind.LEGAL_GROUND: LocalizedText("Redenen waarom het mag", "Legal grounds"),
    SuggestionKind.ORGANISATION: LocalizedText("Eigenaren", "Owners"),
    SuggestionKind.PAGE: LocalizedText("Uitleg en hulp", "Explanation and help"),
}

MAX_IN_HEADING: Final = 60
MEANT_KINDS: Final = frozenset(
    {
        SuggestionKind.SPELLING,
        SuggestionKind.MUNICIPALITY,
        SuggestionKind.PROVINCE,
        SuggestionKind.PLACE,
        SuggestionKind.STREET,
    }
)
"""Kinds of names that are asked for when they were mistyped."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result as a link; `words` say where it is and how exact, if there is anything to say."""

    label: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """Results of one kind."""

    kind: str
    heading: str
    results: tuple[Result, ...]


def shorten(text: str) -> str:
    """The beginning of a text, for a heading."""
    return text if len(text) <= MAX_IN_HEADING else f"{text[:MAX_IN_HEADING].rstrip()}…"


def list_meant(suggestions: Iterable[Suggestion], language: Language) -> list[Result]:
    """The names that were probably mistyped, each once: "Utrecht" is the municipality before the province."""
    once: dict[str, Result] = {}
    for one in suggestions:
        if one.match is Match.SIMILAR and one.kind in MEANT_KINDS:
            label = one.label.render(language)
            detail = one.detail.render(language) if one.detail else ""
            once.setdefault(label, Result(label, page_path(one.path, language), detail))
    return list(once.values())


def group_results(suggestions: Iterable[Suggestion], language: Language) -> list[ResultGroup]:
    """The results by kind, without those of `list_meant`; the kind of the best result comes first."""
    ordered = [one for one in suggestions if one.match is not Match.SIMILAR or one.kind not in MEANT_KINDS]
    kinds = list(dict.fromkeys(one.kind for one in ordered))
    ordered.sort(key=lambda one: kinds.index(one.kind))
    return [
        ResultGroup(
            kind.value,
            GROUP_HEADINGS[kind].render(language),
            tuple(_describe_result(one, language) for one in group),
        )
        for kind, group in groupby(ordered, key=lambda one: one.kind)
    ]


def _describe_result(one: Suggestion, language: Language) -> Result:
    words = [text.render(language) for text in (one.detail, one.precision) if text]
    return Result(one.label.render(language), page_path(one.path, language), ", ".join(words))
