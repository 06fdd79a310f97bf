"""The form in which a person says what the own words of a list mean."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.core.i18n import Language
from app.core.suggestions import find_nearest_spelling
from app.records.value_words import fold_value
from app.sensors.fields import FIELD_BY_NAME
from app.vocabularies.queries import Vocabularies
from app.website.importing.mapping_form import Option, list_terms

EMPTY: Final = "-"
"""Value of a select for a word that means nothing is known."""


_LIKENESS: Final = 0.8
"""How much a word must be like a term to be suggested: a wrong one is easily left standing."""


class WordChoice(NamedTuple):
    """An own word: the name of its select, the word, and the code of the term that is probably meant, or nothing."""

    name: str
    word: str
    chosen: str


class WordList(NamedTuple):
    """The own words of one list, and its terms."""

    label: str
    words: tuple[WordChoice, ...]
    options: tuple[Option, ...]


def list_words(
    unknown: Mapping[str, Sequence[str]], vocabularies: Vocabularies, language: Language
) -> list[WordList]:
    """The words beside the terms of their lists."""
    lists = []
    for field, words in unknown.items():
        terms = vocabularies.by_name[FIELD_BY_NAME[field].vocabulary or ""].terms
        codes = {
            spelling.casefold(): code
            for code, term in terms.items()
            for spelling in (code, *term.label, *term.alternative_labels)
        }
        choices = tuple(
            WordChoice(f"woord.{field}.{index}", word, _guess(word, codes))
            for index, word in enumerate(words)
        )
        label = FIELD_BY_NAME[field].label.render(language)
        lists.append(WordList(label, choices, list_terms(FIELD_BY_NAME[field], vocabularies, language)))
    return lists


def _guess(word: str, codes: Mapping[str, str]) -> str:
    return codes.get(fold_value(word)) or find_nearest_spelling(word, codes, cutoff=_LIKENESS) or ""


def read_words(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The codes that the form gives, by field and own word; None for a word that means nothing is known.

    The word is in `eigen.…` beside each select `woord.…`. A select without a choice gives nothing.
    """
    words: dict[str, dict[str, Any]] = {}
    for name, code in given.items():
        kind, _, rest = name.partition(".")
        field = rest.partition(".")[0]
        own = given.get(f"eigen.{rest}")
        if kind == "woord" and code and own and field in FIELD_BY_NAME:
            words.setdefault(field, {})[fold_value(own)] = None if code == EMPTY else code
    return words
