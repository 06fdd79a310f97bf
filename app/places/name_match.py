"""Comparing what a person types with a name: by whole words, never by letters within a word."""

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from app.core.suggestions import count_mistypings

Words = tuple[str, ...]

MIN_PREFIX_LENGTH: Final = 2
"""Letters of a name that is still being typed before it is compared."""

LINK_WORDS: Final = frozenset(
    {"aan", "at", "bij", "by", "de", "het", "in", "near", "of", "op", "te", "the", "van"}
    | {"gemeente", "municipality"}
)
"""Words that people put before a name, and that are part of some names: `de gemeente`, but `De Bilt`."""

_GENITIVE: Final = re.compile(r"(?<=\w)['’]s\b")
_DOUBLED: Final = re.compile(r"(.)\1")
_PLURAL: Final = re.compile(r"(?<=\w\w)(?:en|es|s|n)+$")
_POSTCODE: Final = re.compile(r"\b([1-9]\d{3}) ?([a-z]{2})\b")


class Match(IntEnum):
    """How a name matches, the best first."""

    EXACT = 0
    """The words are the same."""
    WORDS = 1
    """Each typed word begins a word of the name, in the same order."""
    PART = 2
    """The name is the beginning or the end of what was typed; the rest was not found."""
    SIMILAR = 3
    """The name differs in a letter or two."""


class NameMatch(NamedTuple):
    """A match, and for a `PART` the typed words that are not in the name."""

    match: Match
    rest: Words = ()


def split_words(text: str) -> Words:
    """The words without accents, capitals, punctuation and a Dutch plural `'s`; a postcode is one word."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    spaced = re.sub(r"[^a-z0-9]+", " ", _GENITIVE.sub("", plain))
    return tuple(_POSTCODE.sub(r"\1\2", spaced).split())


def drop_link_words(words: Words) -> Words:
    """The words from the first one that is no link word; all of them where there is no other."""
    first = next((place for place, word in enumerate(words) if word not in LINK_WORDS), 0)
    return words[first:]


def drop_plurals(words: Words) -> Words:
    """The words as they are the same in singular and plural, in Dutch and English: `flitspalen` and `flitspaal`.

    They are for comparison only, and no words.
    """
    return tuple(_PLURAL.sub("", _DOUBLED.sub(r"\1", word)) for word in words)


def is_postcode(words: Words) -> bool:
    """Whether the first word is a Dutch postcode."""
    return bool(words and re.fullmatch(r"[1-9]\d{3}[a-z]{2}", words[0]))


def match_name(typed: Words, name: Words, *, allows_part: bool = False) -> NameMatch | None:
    """How a name matches typed words; `allows_part` is for names of places, which follow that of a street.

    `Neude` does not match `Ede`: words are compared from their first letter.
    """
    if not typed or not name:
        return None
    if typed == name:
        return NameMatch(Match.EXACT)
    if len("".join(typed)) >= MIN_PREFIX_LENGTH and _begins_in_order(typed, name):
        return NameMatch(Match.WORDS)
    if allows_part and len(typed) > len(name):
        if typed[-len(name) :] == name:
            return NameMatch(Match.PART, typed[: -len(name)])
        if typed[: len(name)] == name:
            return NameMatch(Match.PART, typed[len(name) :])
    return None


def match_location(typed: Words, name: str) -> Match | None:
    """How the name of a location such as `Neude 1, 3512AD Utrecht` matches typed words.

    It is exact when its first part is typed whole and everything else typed is in the other parts; and for a postcode
    with a house number. It is similar when it has more than half of the words, as `St Jansstraat Utrecht`, or when its
    first part was mistyped: `Damm, Amsterdam`.
    """
    first, _, others = name.partition(",")
    first_words = split_words(first)
    words = (*first_words, *split_words(others))
    is_named = bool(first_words) and typed[: len(first_words)] == first_words
    if (is_named or (is_postcode(typed) and len(typed) > 1)) and set(typed) <= set(words):
        return Match.EXACT
    begun = sum(any(word.startswith(begin) for word in words) for begin in typed)
    if begun == len(typed):
        return Match.WORDS
    return Match.SIMILAR if begun * 2 > len(typed) or _is_mistyped(typed, first_words, words) else None


def _is_mistyped(typed: Words, first: Words, words: Words) -> bool:
    """Whether the typed words begin with a mistyped first part of a name, and the others are words of it."""
    begun, others = typed[: len(first)], typed[len(first) :]
    return count_mistypings(" ".join(begun), " ".join(first)) is not None and set(others) <= set(words)


def _begins_in_order(typed: Sequence[str], name: Sequence[str]) -> bool:
    words = iter(name)
    return all(any(word.startswith(begin) for word in words) for begin in typed)
