"""The text that a person probably meant: its mistyped words replaced by near ones that the register has."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from string import ascii_lowercase
from typing import Final
from urllib.parse import urlencode

from app.core.i18n import LocalizedText
from app.core.suggestions import MIN_MISTYPED_LETTERS, MIN_TWICE_MISTYPED_LETTERS, find_mistyped
from app.municipalities.directory import Directory
from app.places.name_match import LINK_WORDS, Match, Words, split_words
from app.places.place_names import read_place_names
from app.places.queries import ReadPool, find_word
from app.places.sensor_kinds import list_kind_words
from app.places.suggestion import Suggestion, SuggestionKind
from app.sensors.search.reference_data import ReferenceData

MAX_WORDS: Final = 4
"""Words of a text that are looked up: each takes a statement with hundreds of spellings."""
MAX_LETTERS: Final = 20

_BETWEEN: Final = re.compile(r"([\s,]+)")


async def suggest_spelling(
    pool: ReadPool, text: str, reference: ReferenceData, today: date
) -> Suggestion | None:
    """The search for the text with every mistyped word replaced; None where no word, or not each one, is near a known.

    The known words are those of kinds, municipalities and towns, and those in the public texts of sensors: so
    `Damm` becomes `Dam` where a sensor stands on it, also without an address service.
    """
    words = [word for word in dict.fromkeys(split_words(text)) if _may_be_mistyped(word)]
    if not 0 < len(words) <= MAX_WORDS:
        return None
    known = _list_known_words(reference)
    meant: dict[str, str] = {}
    for word in words:
        if word in known:
            continue
        found = await find_word(pool, [word, *list_spellings(word)], today) or _find_known(word, known)
        if found is None:
            return None
        meant[word] = found
    spelled = _replace_words(text, meant)
    if split_words(spelled) == split_words(text):
        return None
    return Suggestion(
        SuggestionKind.SPELLING,
        spelled,
        LocalizedText(spelled, spelled),
        f"/zoeken?{urlencode({'zoek': spelled})}",
        Match.SIMILAR,
    )


def list_spellings(word: str) -> list[str]:
    """The texts from which a word differs by one mistyping, without the word; the first letter is seldom wrong.

    As in `find_mistyped`, another letter is a mistyping in a longer word only.
    """
    ends = [(word[:place], word[place:]) for place in range(1, len(word) + 1)]
    found = [begin + end[1:] for begin, end in ends if end]
    found += [begin + end[1] + end[0] + end[2:] for begin, end in ends if len(end) > 1]
    found += [begin + letter + end for begin, end in ends for letter in ascii_lowercase]
    if len(word) >= MIN_TWICE_MISTYPED_LETTERS:
        found += [begin + letter + end[1:] for begin, end in ends if end for letter in ascii_lowercase]
    return [one for one in dict.fromkeys(found) if one != word]


def shorten_words(typed: Words) -> str | None:
    """The text without the ends of its first long word, by which an address service may know a name like it.

    `Damm` becomes `Dam`, and `neudde utrecht` `neud utrecht`. None where no word is long enough.
    """
    for place, word in enumerate(typed):
        if _may_be_mistyped(word):
            shorter = word[: -1 if len(word) < MIN_TWICE_MISTYPED_LETTERS else -2]
            return " ".join((*typed[:place], shorter, *typed[place + 1 :]))
    return None


def _may_be_mistyped(word: str) -> bool:
    return MIN_MISTYPED_LETTERS <= len(word) <= MAX_LETTERS and word.isalpha() and word not in LINK_WORDS


def _find_known(word: str, known: Iterable[str]) -> str | None:
    return find_mistyped(word, [one for one in known if one[0] == word[0]])


def _replace_words(text: str, meant: dict[str, str]) -> str:
    """The text with other words in the place of those that were mistyped, with a capital where they had one."""
    parts = []
    for part in _BETWEEN.split(text):
        word = meant.get(" ".join(split_words(part)))
        parts.append(part if word is None else word.capitalize() if part[:1].isupper() else word)
    return "".join(parts)


def _list_known_words(reference: ReferenceData) -> frozenset[str]:
    return _list_place_words(reference.directory) | list_kind_words(reference.vocabularies)


@lru_cache(maxsize=1)
def _list_place_words(directory: Directory) -> frozenset[str]:
    municipalities = (word for one in directory.municipalities for word in split_words(one.name))
    return frozenset(municipalities) | {word for one in read_place_names() for word in one.words}
