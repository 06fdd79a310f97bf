"""The search of the website's search box: everything that a text may mean, the nearest first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app.core.app_state import AppState
from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.places.address_service import Availability, Lookup, get_address_service
from app.places.found_places import FoundPlaces
from app.places.location_api import Location, LocationKind
from app.places.lookup_limits import ClientAddress
from app.places.municipality_names import find_municipalities, find_places, find_similar
from app.places.name_match import Match, Words, match_location, split_words
from app.places.page_paths import write_spot_path
from app.places.province_names import find_provinces
from app.places.queries import count_naming, find_sensors, list_owners
from app.places.sensor_kinds import (
    MAX_NAMING,
    find_kinds,
    suggest_naming_sensors,
    suggest_owners,
    suggest_sensor,
)
from app.places.sensor_lists import find_sensor_lists
from app.places.spelling import shorten_words, suggest_spelling
from app.places.suggestion import Suggestion, SuggestionKind
from app.places.term_names import find_terms
from app.places.text_pages import find_text_pages
from app.places.typed_number import find_number, is_like_a_number, is_mistyped
from app.places.typed_position import (
    NO_POSITION,
    NOT_DUTCH,
    TypedPosition,
    find_position,
    is_web_address,
)
from app.sensors.plain_text import tidy_code
from app.sensors.public_codes import explain_code, guess_codes
from app.sensors.search.reference_data import ReferenceData, get_reference_data

MAX_TEXT_LENGTH: Final = 100
"""Characters of a name or address that are searched for."""
MAX_TYPED_LENGTH: Final = 500
"""Characters of any text, such as the address of a map."""
MIN_LOOKUP_LETTERS: Final = 3
"""Letters that are typed before an address service is asked."""
MIN_OWNER_LETTERS: Final = 2
MAX_OF_ONE_KIND: Final = 5
DEFAULT_LIMIT: Final = 10
ONLY_BEGINNING: Final = LocalizedText(
    f"De tekst is te lang. Wij hebben alleen op de eerste {MAX_TEXT_LENGTH} tekens gezocht.",
    f"The text is too long. We have searched for its first {MAX_TEXT_LENGTH} characters only.",
)
MAX_RESULTS: Final = 50
"""Suggestions on a page to choose from; names of that many places are the most common ones."""


def tidy_text(text: str) -> str:
    """The text that is searched for: letters, digits and the punctuation of addresses, with single spaces."""
    kept = re.sub(r"[^\w\s,.'’/()-]|_", " ", text)
    return " ".join(kept.split())[:MAX_TEXT_LENGTH].strip()


async def search_places(
    state: AppState,
    text: str,
    client: ClientAddress,
    *,
    limit: int = DEFAULT_LIMIT,
    is_typed_out: bool = False,
) -> FoundPlaces:
    """Everything that a text may mean; at most two seconds later than without an address service.

    A text that is typed out and has no meaning is looked up once more without the ends of its words, for as long.

    A number, a position and a web address are not sent to others.
    """
    given, text = text.strip()[:MAX_TYPED_LENGTH], tidy_text(text)
    # First: without its punctuation `48.85, 2.35` has the form of a number.
    if position := find_position(given):
        return _find_by_position(given, text, position)
    if number := find_number(given):
        return await _find_by_number(state, text, number)
    if is_web_address(given):
        return FoundPlaces(text, (), Availability.NOT_ASKED, remark=NO_POSITION)
    if not split_words(text):
        return FoundPlaces(text, (), Availability.NOT_ASKED)
    return await _find_by_words(state, given, text, client, limit=limit, is_typed_out=is_typed_out)


async def _find_by_words(  # noqa: PLR0913 - a text in two forms, and who asks for how much
    state: AppState, given: str, text: str, client: ClientAddress, *, limit: int, is_typed_out: bool
) -> FoundPlaces:
    typed = split_words(text)
    reference = await get_reference_data(state)
    lookup: Lookup[tuple[Location, ...]] = Lookup((), Availability.NOT_ASKED)
    if sum(map(len, typed)) >= MIN_LOOKUP_LETTERS:
        lookup = await get_address_service(state).search(text, client)
    words = [word for word in re.split(r"[\s,]+", text.lower()) if len(word) >= MIN_OWNER_LETTERS]
    owners = await list_owners(state.read_pool, words or [text.lower()])
    today = dutch_date()
    lists = list(find_sensor_lists(typed, reference, owners, today))
    naming = await count_naming(state.choose_read_pool(is_costly=True), text, today, most=MAX_NAMING)
    found = [
        *lists,
        *(_spell_as_typed(one, text) for one in _find_names(typed, lookup.result, reference)),
        *find_kinds(typed, reference.vocabularies, today),
        *find_terms(typed, reference.vocabularies, today),
        *suggest_owners(typed, owners),
        *find_text_pages(typed),
        *([suggest_naming_sensors(text, naming)] if naming else []),
    ]
    if lists:
        # The town alone is no answer to someone whose kind of sensor was found.
        found = [one for one in found if one.match is not Match.PART]
    if all(one.match > Match.WORDS for one in found):
        if is_mistyped(given):
            return await _find_by_number(state, text, tidy_code(given))
        found += await _find_similar_number(state, reference, given)
        found += await _find_similar_words(state, reference, text, found)
        if is_typed_out and lookup.availability is Availability.ANSWERED:
            found += await _find_similar_streets(state, typed, client)
    if any(one.match <= Match.WORDS for one in found):
        # A text with a meaning is no mistyped name.
        found = [one for one in found if one.match is not Match.SIMILAR]
    remark = ONLY_BEGINNING if len(given) > MAX_TEXT_LENGTH else None
    return FoundPlaces(text, _choose(found, limit), lookup.availability, remark=remark)


async def _find_by_number(state: AppState, text: str, number: str) -> FoundPlaces:
    """The sensor with a registration number; else the one with a number like it, if there is one only."""
    pool, vocabularies = state.read_pool, (await get_reference_data(state)).vocabularies
    sensors, match = await find_sensors(pool, [number]), Match.EXACT
    if not sensors:
        sensors, match = await find_sensors(pool, guess_codes(number)), Match.SIMILAR
    found = tuple(suggest_sensor(one, vocabularies, match) for one in sensors) if len(sensors) == 1 else ()
    remark = None if found and match is Match.EXACT else explain_code(number)
    return FoundPlaces(text, found, Availability.NOT_ASKED, number, remark)


async def _find_similar_number(state: AppState, reference: ReferenceData, given: str) -> list[Suggestion]:
    """The sensor with a number like this text, which may also be a word: `XKVOXXC`."""
    sensors = (
        await find_sensors(state.read_pool, guess_codes(tidy_code(given))) if is_like_a_number(given) else []
    )
    return [
        suggest_sensor(one, reference.vocabularies, Match.SIMILAR) for one in sensors if len(sensors) == 1
    ]


async def _find_similar_words(
    state: AppState, reference: ReferenceData, text: str, found: Iterable[Suggestion]
) -> list[Suggestion]:
    """The text with its mistyped words replaced, unless a name that was found says the same."""
    pool = state.choose_read_pool(is_costly=True)
    spelling = await suggest_spelling(pool, text, reference, dutch_date())
    labels = {_fold(one.label.nl) for one in found}
    return [spelling] if spelling and _fold(spelling.label.nl) not in labels else []


async def _find_similar_streets(state: AppState, typed: Words, client: ClientAddress) -> list[Suggestion]:
    """The streets and squares of which the name was probably mistyped."""
    shorter = shorten_words(typed)
    lookup = await get_address_service(state).search(shorter, client) if shorter else None
    found = (
        [one for location in lookup.result if (one := _suggest_location(typed, location))] if lookup else []
    )
    return [one for one in found if one.kind is SuggestionKind.STREET and one.match is Match.SIMILAR]


def _find_by_position(given: str, text: str, position: TypedPosition) -> FoundPlaces:
    if not position.is_dutch:
        return FoundPlaces(text, (), Availability.NOT_ASKED, remark=NOT_DUTCH)
    lon, lat = round(position.lon, 5), round(position.lat, 5)
    suggestion = Suggestion(
        SuggestionKind.POSITION,
        f"{lon},{lat}",
        position.label,
        write_spot_path(lon, lat, given),
        Match.EXACT,
        position.reading,
        (lon, lat),
    )
    return FoundPlaces(text, (suggestion,), Availability.NOT_ASKED)


def _find_names(
    typed: Words, locations: Iterable[Location], reference: ReferenceData
) -> Iterator[Suggestion]:
    municipalities = list(find_municipalities(typed, reference.directory))
    located = [one for location in locations if (one := _suggest_location(typed, location))]
    # The address service knows more places, and each by its municipality.
    known = {_fold(one.label.nl.partition(",")[0]) for one in located if one.kind is SuggestionKind.PLACE}
    places = [one for one in find_places(typed, reference.directory) if _fold(one.label.nl) not in known]
    provinces = list(find_provinces(typed))
    named = [*municipalities, *provinces, *places, *located]
    is_found = any(one.match in (Match.EXACT, Match.WORDS) for one in named)
    # The town alone is no answer to someone whose street was found.
    yield from (one for one in named if not (is_found and one.match is Match.PART))
    if not any(one.kind is not SuggestionKind.PROVINCE for one in named):
        yield from find_similar(typed, reference.directory)


def _spell_as_typed(suggestion: Suggestion, text: str) -> Suggestion:
    """The suggestion with the words that were not found as they were typed."""
    if suggestion.not_found is None:
        return suggestion
    spelled = {_fold(word): word for word in re.split(r"[\s,]+", text)}
    words = (spelled.get(word, word) for word in suggestion.not_found.split())
    return replace(suggestion, not_found=" ".join(words))


def _suggest_location(typed: Words, location: Location) -> Suggestion | None:
    """A location of the address service.

    None for a municipality, and for a town with the name of its municipality: the register has these itself.
    """
    match = match_location(typed, location.name)
    if match is None or location.kind is LocationKind.MUNICIPALITY:
        return None
    kind = SuggestionKind(location.kind.value)
    name, _, surroundings = location.name.partition(",")
    if kind is SuggestionKind.PLACE and _fold(surroundings).startswith(_fold(name)):
        return None
    return Suggestion(
        kind,
        location.name,
        LocalizedText(location.name, location.name),
        write_spot_path(location.lon, location.lat, location.name, kind),
        match,
        position=(location.lon, location.lat),
    )


def _fold(name: str) -> str:
    return " ".join(split_words(name))


def _choose(found: list[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    """The best of each kind, the best first, each once; everything that has the very name is listed."""
    order = list(SuggestionKind)
    once: dict[tuple[SuggestionKind, str], Suggestion] = {}
    for one in found:
        once.setdefault((one.kind, one.key), one)
    best = sorted(once.values(), key=lambda one: (one.match, order.index(one.kind)))
    counts: dict[SuggestionKind, int] = {}
    chosen = []
    for one in best:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        if one.match is Match.EXACT or counts[one.kind] <= MAX_OF_ONE_KIND:
            chosen.append(one)
    return tuple(chosen[:limit])
