"""Lists of sensors that a text names in parts: a kind, an owner and a municipality, such as `camera utrecht`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from app.core.i18n import LocalizedText
from app.municipalities.directory import Directory, NamedMunicipality
from app.places.municipality_names import find_exact_municipalities, find_municipalities, find_towns
from app.places.name_match import LINK_WORDS, Match, Words, drop_link_words
from app.places.page_paths import write_list_path
from app.places.province_names import find_exact_provinces, names_a_province
from app.places.queries import Owner
from app.places.sensor_kinds import match_kinds, suggest_owners
from app.places.suggestion import Suggestion, SuggestionKind
from app.sensors.search.reference_data import ReferenceData

MAX_WORDS: Final = 8
"""Words of a text that is taken apart: the number of ways grows with its third power."""
MAX_LISTS: Final = 5
MIN_BEGINNING: Final = 3
"""Letters of the beginning of a municipality, or of a word of an owner."""

ANY_SENSOR: Final = frozenset({"sensor", "sensoren", "sensors"})
ALL_SENSORS: Final = LocalizedText("Alle sensoren", "All sensors")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text as one parameter of a search; the label has the word before it."""

    role: str
    parameters: Mapping[str, str]
    label: LocalizedText
    match: Match
    detail: LocalizedText | None = None


_ROLES: Final = ("kind", "owner", "place")


def find_sensor_lists(
    typed: Words, reference: ReferenceData, owners: list[Owner], today: date
) -> Iterator[Suggestion]:
    """Lists for every way to read all words of a text as two or more different parts, the surest first."""
    if not 2 <= len(typed) <= MAX_WORDS:
        return
    reader = _PartReader(reference, owners, today)
    lists: dict[str, Suggestion] = {}
    for parts in _split(typed):
        readings: list[list[_Part]] = []
        for part in parts:
            # Most ways end at their first part, which means nothing.
            if not (meanings := reader.read(part, is_last=len(readings) == len(parts) - 1)):
                break
            readings.append(meanings)
        else:
            for chosen in product(*readings):
                if _is_search(chosen):
                    suggestion = _make_list(chosen)
                    lists.setdefault(suggestion.key, suggestion)
    yield from sorted(lists.values(), key=lambda one: one.match)[:MAX_LISTS]


def _split(typed: Words) -> Iterator[tuple[Words, ...]]:
    """Every way to cut the words into two, three or four parts."""
    ends = range(1, len(typed))
    yield from ((typed[:a], typed[a:]) for a in ends)
    yield from ((typed[:a], typed[a:b], typed[b:]) for a in ends for b in ends if a < b)
    yield from (
        (typed[:a], typed[a:b], typed[b:c], typed[c:]) for a in ends for b in ends for c in ends if a < b < c
    )


def _is_search(parts: tuple[_Part, ...]) -> bool:
    """Whether each part says something else; `sensors` beside a kind is allowed, and one name alone is no list."""
    roles = [part.role for part in parts]
    return len(set(roles)) == len(roles) and set(roles) != {"any", "kind"}


def _make_list(parts: tuple[_Part, ...]) -> Suggestion:
    by_role = {part.role: part for part in parts}
    chosen = [by_role[role] for role in _ROLES if role in by_role]
    labels = [part.label for part in chosen]
    if "kind" not in by_role:
        labels.insert(0, ALL_SENSORS)
    path = write_list_path({name: value for part in chosen for name, value in part.parameters.items()})
    return Suggestion(
        SuggestionKind.SENSORS,
        path,
        LocalizedText(" ".join(one.nl for one in labels), " ".join(one.en for one in labels)),
        path,
        max(part.match for part in parts),
        next((part.detail for part in parts if part.detail), None),
    )


class _PartReader:
    """Reads the meanings of parts of one text, each once."""

    def __init__(self, reference: ReferenceData, owners: list[Owner], today: date) -> None:
        self._reference = reference
        self._owners = owners
        self._today = today
        self._known: dict[tuple[Words, bool], list[_Part]] = {}

    def read(self, part: Words, *, is_last: bool) -> list[_Part]:
        """The meanings of some of the words, also without the link words before them.

        The last part may be the beginning of a name, which is still being typed.
        """
        if (part, is_last) not in self._known:
            without = dict.fromkeys((part, drop_link_words(part)))
            spellings = [] if set(part) <= LINK_WORDS else list(without)
            self._known[part, is_last] = [
                meaning for words in spellings for meaning in self._read_words(words, is_last=is_last)
            ]
        return self._known[part, is_last]

    def _read_words(self, words: Words, *, is_last: bool) -> Iterator[_Part]:
        if set(words) <= ANY_SENSOR:
            yield _Part("any", {}, ALL_SENSORS, Match.EXACT)
        for vocabulary, term, match in match_kinds(words, self._reference.vocabularies, self._today):
            if match is Match.EXACT:
                yield _Part("kind", {vocabulary: term.code}, term.label, match)
        places = list(_read_places(words, self._reference.directory))
        may_be_begun = len("".join(words)) >= MIN_BEGINNING and not places
        if is_last and may_be_begun:
            places = list(_read_begun_places(words, self._reference.directory))
        yield from places
        for owner in suggest_owners(words, self._owners):
            if owner.match is Match.EXACT or may_be_begun:
                label = LocalizedText(f"van {owner.label.nl}", f"of {owner.label.en}")
                yield _Part("owner", {"owner": owner.key}, label, owner.match)


def _read_places(words: Words, directory: Directory) -> Iterator[_Part]:
    """The municipalities and provinces that the words name, and the municipality of a town: a list has no towns."""
    exact = list(find_exact_municipalities(words, directory))
    for found in exact:
        yield from _make_place(found, directory)
    for province in find_exact_provinces(words):
        if not exact or names_a_province(words):
            label = LocalizedText(f"in de provincie {province.name}", f"in the province of {province.name}")
            yield _Part("place", {"province": province.code}, label, Match.EXACT)
    for town, municipality in find_towns(words, directory):
        name = (municipality.successor or municipality).name
        detail = LocalizedText(
            f"{town.name} ligt in de gemeente {name}", f"{town.name} is in the municipality of {name}"
        )
        yield _make_municipality(municipality, Match.EXACT, detail)


def _read_begun_places(words: Words, directory: Directory) -> Iterator[_Part]:
    for found in find_municipalities(words, directory):
        if found.match is Match.WORDS:
            yield from _make_place(found, directory)


def _make_place(found: Suggestion, directory: Directory) -> Iterator[_Part]:
    if municipality := directory.find_by_code(found.key):
        yield _make_municipality(municipality, found.match, found.detail if municipality.successor else None)


def _make_municipality(municipality: NamedMunicipality, match: Match, detail: LocalizedText | None) -> _Part:
    now = municipality.successor or municipality
    label = LocalizedText(f"in {now.name}", f"in {now.name}")
    return _Part("place", {"municipality": now.code}, label, match, detail)
