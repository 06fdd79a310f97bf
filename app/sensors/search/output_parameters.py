"""Parsers of `properties`, `sortby` and `q`."""

from collections.abc import Callable, Collection
from typing import Final

from app.core.i18n import LocalizedText
from app.core.parameter_parser import MAX_WORDS
from app.core.parameter_values import InvalidParameter, parse_plain_text
from app.core.problems import ABSENT, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.sensors.search.sensor_search import SortKey

MAX_SORT_KEYS: Final = 5


def names_among(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    """A parser of comma-separated names of properties; its error lists all unknown names."""

    def read(text: str) -> tuple[str, ...]:
        names = tuple(text.split(",", MAX_WORDS))
        _refuse_unknown(ProblemCode.UNKNOWN_PROPERTY, names, known)
        return names

    return read


def order_by_any_of(known: Collection[str]) -> Callable[[str], tuple[SortKey, ...]]:
    """A parser of comma-separated names to order by; `-` before a name means descending, `+` ascending."""

    def read(text: str) -> tuple[SortKey, ...]:
        words = text.split(",", MAX_WORDS)
        # An unescaped plus in a query string means a space.
        keys = tuple(SortKey(word.lstrip("+- "), word.startswith("-")) for word in words)
        if any(len(word) - len(key.name) > 1 for word, key in zip(words, keys, strict=True)):
            raise InvalidParameter(
                ProblemCode.INVALID_SORT_KEY,
                LocalizedText(
                    "Zet ten hoogste één + of - voor een naam.", "Put at most one + or - before a name."
                ),
            )
        names = [key.name for key in keys]
        _refuse_unknown(ProblemCode.UNKNOWN_PROPERTY, names, known)
        if len(set(names)) < len(names) or len(names) > MAX_SORT_KEYS:
            detail = LocalizedText(
                f"Noem ten hoogste {MAX_SORT_KEYS} eigenschappen, elk één keer.",
                f"Name at most {MAX_SORT_KEYS} properties, each once.",
            )
            raise InvalidParameter(ProblemCode.INVALID_SORT_KEY, detail)
        return keys

    return read


def parse_words(text: str) -> str:
    """The words to search for. Raises: InvalidParameter when there are none."""
    words: str = parse_plain_text(text)
    if not any(character.isalnum() for character in words):
        raise InvalidParameter(
            ProblemCode.INVALID_TEXT, LocalizedText("Geef een of meer woorden.", "Give one or more words.")
        )
    return words


def _refuse_unknown(code: ProblemCode, names: Collection[str], known: Collection[str]) -> None:
    unknown = [name for name in names if name not in known]
    if not unknown:
        return
    named = ", ".join(f"`{name[:50]}`" for name in unknown[:20])
    choices = ", ".join(known)
    nearest = find_nearest(unknown[0][:50], known)
    meant = ask_whether_meant(
        nearest,
        LocalizedText(f" Kies uit: {choices}.", f" Choose from: {choices}."),
    )
    raise InvalidParameter(
        code,
        LocalizedText(
            f"Dit kan hier niet: {named}.{meant.nl}", f"This is not possible here: {named}.{meant.en}"
        ),
        nearest if nearest and len(names) == 1 else ABSENT,
    )
