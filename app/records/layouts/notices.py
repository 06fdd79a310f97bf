"""Assumptions made while a file is read, each reported once."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from app.core.i18n import LocalizedText

_MAX_SENTENCES: Final = 50

DescribeCells = Callable[[int], LocalizedText]
"""The sentence about a number of cells."""


class AssumptionLog:
    """Sentences in the order in which they came up, without repetition."""

    def __init__(self) -> None:
        self._sentences: dict[str, LocalizedText | DescribeCells] = {}
        self._counts: Counter[str] = Counter()

    def add(self, about: str, sentence: LocalizedText) -> None:
        """Add a sentence unless one with the same subject, `about`, is there; their examples may differ."""
        self._add(about, sentence)

    def count(self, about: str, cells: int, describe: DescribeCells) -> None:
        """Count cells for one sentence, which gives their number in the end."""
        self._counts[about] += cells
        self._add(about, describe)

    def _add(self, about: str, sentence: LocalizedText | DescribeCells) -> None:
        if about not in self._sentences and len(self._sentences) < _MAX_SENTENCES:
            self._sentences[about] = sentence

    @property
    def sentences(self) -> list[LocalizedText]:
        return [
            sentence if isinstance(sentence, LocalizedText) else sentence(self._counts[about])
            for about, sentence in self._sentences.items()
        ]


def count_cells(number: int) -> LocalizedText:
    """A number of cells in words."""
    return LocalizedText(
        f"{number} cel" if number == 1 else f"{number} cellen", f"{number} cell{'s' * (number != 1)}"
    )
