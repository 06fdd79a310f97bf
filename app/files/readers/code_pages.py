"""Which encoding of one byte a letter a text has: Windows-1252, MacRoman or one of two of DOS.

Nearly every byte is a letter in each of them. What tells them apart is whether the letters and marks are those that
Dutch and its neighbours use, in places where they are used: no capital after a small letter, no mark in a word.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

CODE_PAGES: Final = ("cp1252", "mac_roman", "cp850", "cp437")
"""Encodings by their names in Python; of those that give the same text the first is taken."""

_PLACE: Final = re.compile(rb"(?s)([\x00-\x7f]?)([\x80-\xff]+)(?=(.?))")
_WORD: Final = re.compile(rb"[0-9A-Za-z\x80-\xff]*[\x80-\xff][0-9A-Za-z\x80-\xff]*")
_MAX_PLACES: Final = 2_000

_LETTERS: Final = frozenset("éèëêïíîöóòôüúùûäáàâçñåøæßœÉÈËÊÏÍÎÖÓÒÔÜÚÙÛÄÁÀÂÇÑÅØÆŒ")
_APOSTROPHES: Final = frozenset("’´\u00a0\u00ad·–—")
_OPENING: Final = frozenset("‘“„‚«‹¡¿")
_STANDING_ALONE: Final = frozenset("€£‰")
_SYMBOLS: Final = frozenset("”»›°²³¹µ×±½¼¾§©®™…•ªº")


class Place(NamedTuple):
    """Bytes beyond ASCII, and the byte before and after them; empty at an end of the text."""

    before: bytes
    found: bytes
    after: bytes


def list_places(text: bytes) -> Iterable[Place]:
    """All places of bytes beyond ASCII."""
    return (Place(*match.groups()) for match in _PLACE.finditer(text))


class CodePageSurvey:
    """Places in a file and words with them, each once."""

    def __init__(self) -> None:
        self._places: dict[Place, None] = {}
        self._words: dict[bytes, None] = {}

    def look_at(self, piece: bytes) -> None:
        if len(self._places) >= _MAX_PLACES:
            return
        for place in list_places(piece):
            self._places[place] = None
            if len(self._places) >= _MAX_PLACES:
                break
        if not self._words and (found := _WORD.search(piece)):
            self._words[found[0][:40]] = None

    def choose(self) -> str | None:
        """The encoding that the bytes have; None where several are as likely, or none."""
        odd = {page: self._rate(page) for page in CODE_PAGES}
        windows = odd["cp1252"]
        if windows == (0, 0):
            return "cp1252"
        likely = {self._decode(page): page for page in reversed(CODE_PAGES[1:]) if odd[page] == (0, 0)}
        if likely:
            # Letters that are rare here, but sound: it may be a name from elsewhere.
            return (
                next(iter(likely.values())) if len(likely) == 1 and (windows is None or windows[0]) else None
            )
        if windows is None or any(found is not None and found[0] < windows[0] for found in odd.values()):
            return None
        return "cp1252"

    def list_readings(self) -> list[tuple[str, str]]:
        """A word as each encoding that has all bytes reads it, for a person to choose from."""
        words = b" ".join(self._words)
        return [(page, words.decode(page)) for page in CODE_PAGES if self._rate(page) is not None]

    def _decode(self, page: str) -> str:
        return "\n".join(place.found.decode(page) for place in self._places)

    def _rate(self, page: str) -> tuple[int, int] | None:
        """How many places do not make sense, and how many are rare; None where a byte has no meaning."""
        wrong = rare = 0
        for place in self._places:
            try:
                text = place.found.decode(page)
            except UnicodeDecodeError:
                return None
            around = f"{place.before.decode('ascii')}{text}{place.after.decode('ascii', 'ignore')}"
            begin = len(place.before)
            for at in range(begin, begin + len(text)):
                sense = _judge(around[at - 1 : at] if at else "", around[at], around[at + 1 : at + 2])
                wrong += sense == 0
                rare += sense == 1
        return wrong, rare


def _judge(before: str, character: str, after: str) -> int:
    """2 for a character that is common in this place, 1 for one that is possible, 0 for one that makes no sense."""
    if character in _APOSTROPHES:
        return 2 if character in "’\u00a0\u00ad" or not (before.islower() and after.islower()) else 1
    if not character.isalpha() or character in "ªºµƒˆ":
        return 2 if _is_mark_in_place(before, character, after) else 0
    if (before.islower() and character.isupper()) or (before.isdigit() and character.islower()):
        return 0
    is_common = character in _LETTERS and not (before.isupper() and character.isupper() and after.islower())
    return 2 if is_common else 1


def _is_mark_in_place(before: str, character: str, after: str) -> bool:
    if character in _OPENING:
        return not before.isalnum() and before not in _OPENING and not after.isspace()
    if character in _STANDING_ALONE:
        return not before.isalpha()
    return character in _SYMBOLS and not (before.isalpha() and after.isalpha())
