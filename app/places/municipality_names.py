"""Municipalities and place names as suggestions, from names in memory."""

from collections.abc import Iterator
from functools import lru_cache

from app.core.i18n import LocalizedText
from app.core.suggestions import find_mistyped
from app.municipalities.codes import drop_qualifier, fold_name, folded_aliases
from app.municipalities.directory import Directory, NamedMunicipality
from app.places.name_match import Match, NameMatch, Words, drop_link_words, match_name, split_words
from app.places.page_paths import write_identified_path, write_spot_path
from app.places.place_names import PlaceName, read_place_names
from app.places.suggestion import Suggestion, SuggestionKind


def find_municipalities(typed: Words, directory: Directory) -> Iterator[Suggestion]:
    """Municipalities whose name, code, alias or former name is typed; of a former one, with its successor."""
    if not typed:
        return
    named = typed[1:] if typed[0] == "gemeente" and len(typed) > 1 else typed
    for municipality, spellings in _list_spellings(directory):
        matches = (match_name(named, spelling, allows_part=True) for spelling in spellings)
        found = min((one for one in matches if one), default=None)
        # A former municipality is offered only to someone who names it whole.
        if found and (municipality.in_force or found.match is Match.EXACT):
            yield _suggest_municipality(municipality, found)


def find_places(typed: Words, directory: Directory) -> Iterator[Suggestion]:
    """Towns and villages whose name is typed, except those with the name of their municipality.

    `Valkenburg Katwijk` is exactly the one in Katwijk, and not the other.
    """
    for place in read_place_names():
        found = match_name(typed, place.words, allows_part=True)
        if found and found.match is Match.PART and (codes := _find_named(found.rest, directory)):
            found = NameMatch(Match.EXACT) if place.municipality_code in codes else None
        if found and (suggestion := _suggest_place(place, found, directory)):
            yield suggestion


def find_exact_municipalities(typed: Words, directory: Directory) -> Iterator[Suggestion]:
    """Municipalities of which a name, code or alias is exactly what is typed."""
    for municipality in _index_spellings(directory).get(typed, ()):
        yield _suggest_municipality(municipality, NameMatch(Match.EXACT))


def find_towns(typed: Words, directory: Directory) -> Iterator[tuple[PlaceName, NamedMunicipality]]:
    """Towns with exactly this name, each with its municipality, if that has another name."""
    for place in _index_places().get(typed, ()):
        municipality = directory.find_by_code(place.municipality_code)
        if municipality and not _has_its_name(place, municipality):
            yield place, municipality


def find_similar(typed: Words, directory: Directory) -> Iterator[Suggestion]:
    """The municipality and the place whose name was mistyped, where there is one."""
    text = " ".join(typed)
    similar = NameMatch(Match.SIMILAR)
    # A typing mistake is seldom in the first letter, and comparing costs most.
    municipalities = {
        fold_name(drop_qualifier(one.name)): one
        for one in directory.municipalities
        if one.in_force and fold_name(one.name)[:1] == text[0]
    }
    if nearest := find_mistyped(text, municipalities):
        yield _suggest_municipality(municipalities[nearest], similar)
    places = {" ".join(one.words): one for one in read_place_names() if one.words[0][0] == text[0]}
    nearest = find_mistyped(text, places)
    if nearest and (suggestion := _suggest_place(places[nearest], similar, directory)):
        yield suggestion


def _find_named(typed: Words, directory: Directory) -> set[str]:
    """The codes of the municipalities that these words name, with those of the former ones that became part of them."""
    named = drop_link_words(typed)
    codes = {one.key for one in find_exact_municipalities(named, directory)}
    return codes | {
        one.code for one in directory.municipalities if one.successor and one.successor.code in codes
    }


@lru_cache(maxsize=1)
def _list_spellings(directory: Directory) -> tuple[tuple[NamedMunicipality, frozenset[Words]], ...]:
    """Every municipality with the words of its code, names, former names and their aliases."""
    listed = []
    for municipality in directory.municipalities:
        names = (municipality.name, drop_qualifier(municipality.name), *municipality.former_names)
        aliases = {alias for name in names for alias in folded_aliases(fold_name(name))}
        spellings = frozenset(map(split_words, (municipality.code, *names, *aliases)))
        listed.append((municipality, spellings))
    return tuple(listed)


@lru_cache(maxsize=1)
def _index_spellings(directory: Directory) -> dict[Words, list[NamedMunicipality]]:
    index: dict[Words, list[NamedMunicipality]] = {}
    for municipality, spellings in _list_spellings(directory):
        for spelling in spellings:
            index.setdefault(spelling, []).append(municipality)
    return index


@lru_cache(maxsize=1)
def _index_places() -> dict[Words, list[PlaceName]]:
    index: dict[Words, list[PlaceName]] = {}
    for place in read_place_names():
        index.setdefault(place.words, []).append(place)
    return index


def _has_its_name(place: PlaceName, municipality: NamedMunicipality) -> bool:
    return fold_name(place.name) in folded_aliases(fold_name(drop_qualifier(municipality.name)))


def _suggest_municipality(municipality: NamedMunicipality, found: NameMatch) -> Suggestion:
    west, south, east, north = municipality.extent
    detail = None
    if municipality.successor:
        successor, year = municipality.successor.name, municipality.successor.since_edition
        detail = LocalizedText(f"sinds {year} deel van {successor}", f"part of {successor} since {year}")
    elif municipality.province:
        detail = LocalizedText(f"provincie {municipality.province}", f"province of {municipality.province}")
    return Suggestion(
        SuggestionKind.MUNICIPALITY,
        municipality.code,
        LocalizedText(municipality.name, municipality.name),
        write_identified_path("municipality", code=municipality.code),
        found.match,
        detail,
        (round((west + east) / 2, 5), round((south + north) / 2, 5)),
        " ".join(found.rest) or None,
    )


def _suggest_place(place: PlaceName, found: NameMatch, directory: Directory) -> Suggestion | None:
    municipality = directory.find_by_code(place.municipality_code)
    if municipality and _has_its_name(place, municipality):
        return None
    detail = None
    if municipality:
        # The source may still have the municipality of some years ago.
        name = municipality.successor.name if municipality.successor else municipality.name
        detail = LocalizedText(f"in de gemeente {name}", f"in the municipality of {name}")
    return Suggestion(
        SuggestionKind.PLACE,
        f"{' '.join(place.words)} {place.lon:.1f},{place.lat:.1f}",
        LocalizedText(place.name, place.name),
        write_spot_path(place.lon, place.lat, place.name, SuggestionKind.PLACE),
        found.match,
        detail,
        (place.lon, place.lat),
        " ".join(found.rest) or None,
    )
