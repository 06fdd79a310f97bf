"""Texts in Dutch and English, side by side."""

from typing import Literal, NamedTuple

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class LocalizedText(NamedTuple):
    """One text in both languages; `LocalizedText("Naam", "Name").render("en")` returns the English one."""

    nl: str
    en: str

    def render(self, language: Language) -> str:
        return self.nl if language == "nl" else self.en


def preferred_language(accept_language: str | None) -> Language:
    """The language of an answer: Dutch, unless English has a higher quality value.

    A malformed header is read as far as possible, never refused. Source: RFC 9110, 12.5.4.
    """
    weights = {"nl": 0.0, "en": 0.0}
    for part in (accept_language or "").lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.split("-")[0].strip()
        if primary in weights:
            weights[primary] = max(weights[primary], _quality(parameters))
    return "en" if weights["en"] > weights["nl"] else "nl"


def _quality(parameters: str) -> float:
    name, _, number = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(number), 0.0), 1.0)
    except ValueError:
        return 0.0
