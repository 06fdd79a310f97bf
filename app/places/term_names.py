"""Themes of sensors and legal grounds as suggestions, each by the list of its sensors."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from app.core.i18n import LocalizedText
from app.places.name_match import Words, split_words
from app.places.page_paths import write_list_path
from app.places.sensor_kinds import match_label
from app.places.suggestion import Suggestion, SuggestionKind
from app.vocabularies.terms import Term, Vocabularies

_VOCABULARIES: Final = {
    "themes": SuggestionKind.THEME,
    "smartCityTheme": SuggestionKind.SMART_CITY_THEME,
    "gdprBases": SuggestionKind.LEGAL_GROUND,
}
"""Vocabularies with the kind of suggestion; each has the name of its parameter of items."""


def find_terms(typed: Words, vocabularies: Vocabularies, today: date) -> Iterator[Suggestion]:
    """The terms of today of which any word of a label begins with what is typed."""
    for vocabulary, term, labels in _list_terms(vocabularies):
        matches = [match for label in labels if (match := match_label(typed, label)) is not None]
        if matches and term.is_valid(today):
            yield Suggestion(
                _VOCABULARIES[vocabulary],
                term.code,
                LocalizedText(f"Sensoren: {term.label.nl}", f"Sensors: {term.label.en}"),
                write_list_path({vocabulary: term.code}),
                min(matches),
            )


@lru_cache(maxsize=1)
def _list_terms(vocabularies: Vocabularies) -> list[tuple[str, Term, list[Words]]]:
    return [
        (vocabulary, term, [split_words(label) for label in (*term.label, *term.alternative_labels)])
        for vocabulary in _VOCABULARIES
        for term in vocabularies.by_name[vocabulary].terms.values()
    ]
