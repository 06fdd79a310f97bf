"""Assumptions made while a file is read, each reported once."""

from typing import Final

from app.core.i18n import LocalizedText

_MAX_SENTENCES: Final = 50


class AssumptionLog:
    """Sentences in the order in which they came up, without repetition."""

    def __init__(self) -> None:
        self._sentences: dict[str, LocalizedText] = {}

    def add(self, about: str, sentence: LocalizedText) -> None:
        """Add a sentence unless one with the same subject, `about`, is there; their examples may differ."""
        if about not in self._sentences and len(self._sentences) < _MAX_SENTENCES:
            self._sentences[about] = sentence

    @property
    def sentences(self) -> list[LocalizedText]:
        return list(self._sentences.values())
