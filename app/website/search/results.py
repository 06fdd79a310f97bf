"""The results of a search in groups, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.core.i18n import Language, LocalizedText
from app.core.templates import page_path
from app.places.suggestion import Suggestion, SuggestionKind

GROUP_HEADINGS: Final = {
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


def group_results(suggestions: Iterable[Suggestion], language: Language) -> list[ResultGroup]:
    """The results by kind; the kind of the best result comes first."""
    ordered = list(suggestions)
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
