"""What was taken for granted while a file was read, each thing told once."""

from typing import Final

from app.core.i18n import LocalizedText

_MAX_TOLD: Final = 50


class AssumptionLog:
    """Sentences in the order in which they came up; the same one twice is told once."""

    def __init__(self) -> None:
        self._said: dict[str, LocalizedText] = {}

    def tell(self, about: str, sentence: LocalizedText) -> None:
        """Keep a sentence; `about` is what makes it the same as another, whatever example it gives."""
        if about not in self._said and len(self._said) < _MAX_TOLD:
            self._said[about] = sentence

    @property
    def sentences(self) -> list[LocalizedText]:
        return list(self._said.values())
