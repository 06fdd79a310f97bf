"""Provinces as suggestions."""

from collections.abc import Iterator
from typing import Final

from app.core.i18n import LocalizedText
from app.core.suggestions import find_mistyped
from app.municipalities.provinces import PROVINCE_BY_CODE, PROVINCES, Province, list_spellings
from app.places.name_match import Match, Words, match_name, split_words
from app.places.page_paths import write_subject_path
from app.places.suggestion import Suggestion, SuggestionKind

PROVINCE_WORDS: Final = frozenset({"provincie", "province", "prov"})


def find_provinces(typed: Words) -> Iterator[Suggestion]:
    """Provinces that are typed; where none is, the one with a name that was mistyped."""
    named = _drop_province(typed)
    found = [
        _suggest_province(province, min(matches))
        for province in PROVINCES
        if (matches := _list_matches(named, province))
    ]
    yield from found
    text = " ".join(named)
    if not found:
        spellings = {" ".join(split_words(spelling)): code for spelling, code in list_spellings().items()}
        if meant := find_mistyped(text, spellings):
            yield _suggest_province(PROVINCE_BY_CODE[spellings[meant]], Match.SIMILAR)


def find_exact_provinces(typed: Words) -> Iterator[Province]:
    """The provinces with exactly this name."""
    named = _drop_province(typed)
    yield from (one for one in PROVINCES if Match.EXACT in _list_matches(named, one))


def names_a_province(typed: Words) -> bool:
    """Whether the text says that it is about a province: `provincie Utrecht`."""
    return len(typed) > 1 and not PROVINCE_WORDS.isdisjoint(typed)


def _drop_province(typed: Words) -> Words:
    return tuple(word for word in typed if word not in PROVINCE_WORDS) or typed


def _list_matches(named: Words, province: Province) -> list[Match]:
    spellings = (spelling for spelling, code in list_spellings().items() if code == province.code)
    matches = (match_name(named, split_words(spelling)) for spelling in spellings)
    return [one.match for one in matches if one]


def _suggest_province(province: Province, match: Match) -> Suggestion:
    return Suggestion(
        SuggestionKind.PROVINCE,
        province.code,
        LocalizedText(province.name, province.name),
        write_subject_path("province", name=province.name),
        match,
    )
