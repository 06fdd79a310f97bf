"""Texts that were damaged before the file was made: read in a wrong encoding and stored again."""

import re
from collections.abc import Iterable
from typing import Final

from app.core.i18n import LocalizedText

_LOST: Final = "\ufffd"
# UTF-8 of a letter or a mark, read as Windows-1252: `Ã©` was é, `â€™` was ’, `Â°` was °.
_TWICE: Final = re.compile(
    "Ã[\u0080-\u00bfŠŒŽšœžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|Â[\u00a0-\u00bf]|â€[\u0080-\u00bf™œ˜¦“”¢]|â‚¬"
)


class TextDamage:
    """Looks at texts, and remembers the first of each kind of damage and where it stood."""

    def __init__(self) -> None:
        self._warnings: dict[str, LocalizedText] = {}

    def look_at(self, text: str, place: LocalizedText | None = None) -> None:
        """Look at a text."""
        if text.isascii():
            return
        if _LOST in text and _LOST not in self._warnings:
            shown = _cut_around(text, text.index(_LOST))
            at = _describe_place(place)
            self._warnings[_LOST] = LocalizedText(
                f"Er staat {_LOST} in de tekst{at.nl}: {shown}. Daar is een letter verloren gegaan. Herstel het in de "
                "bron.",
                f"The text holds {_LOST}{at.en}: {shown}. A letter was lost there. Correct it in the source.",
            )
        if "twice" not in self._warnings and (found := _TWICE.search(text)):
            shown = _cut_around(text, found.start())
            at = _describe_place(place)
            self._warnings["twice"] = LocalizedText(
                f"De tekst lijkt twee keer omgezet naar UTF-8{at.nl}: {shown}. Herstel het in de bron.",
                f"The text seems to be encoded in UTF-8 twice{at.en}: {shown}. Correct it in the source.",
            )

    def look_at_cells(self, number: int, cells: Iterable[object]) -> None:
        """Look at the texts among the cells of a row."""
        for cell in cells:
            if isinstance(cell, str) and not cell.isascii():
                self.look_at(cell, LocalizedText(f"rij {number}", f"row {number}"))

    @property
    def warnings(self) -> tuple[LocalizedText, ...]:
        return tuple(self._warnings.values())


def _cut_around(text: str, at: int) -> str:
    return " ".join(text[max(0, at - 20) : at + 20].split())


def _describe_place(place: LocalizedText | None) -> LocalizedText:
    return LocalizedText(f" ({place.nl})", f" ({place.en})") if place else LocalizedText("", "")
