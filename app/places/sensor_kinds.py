"""Kinds of sensors and owners as suggestions."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from app.core.i18n import LocalizedText
from app.places.name_match import Match, Words, drop_plurals, match_name, split_words
from app.places.page_paths import write_identified_path, write_list_path, write_sensor_path
from app.places.queries import NumberedSensor, Owner
from app.places.suggestion import Suggestion, SuggestionKind
from app.vocabularies.terms import Term, Vocabularies

MAX_NAMING: Final = 100
"""Sensors that are counted in a suggestion of those that name something."""

KIND_VOCABULARIES: Final = ("sensorType", "sensorSubtype")


def match_kinds(typed: Words, vocabularies: Vocabularies, today: date) -> Iterator[tuple[str, Term, Match]]:
    """Each kind of today of which any label is typed, in singular or plural; with its vocabulary."""
    for vocabulary, term, labels in _list_labels(vocabularies):
        if not term.is_valid(today):
            continue
        matches = [match_label(typed, label) for label in labels]
        if found := [match for match in matches if match is not None]:
            yield vocabulary, term, min(found)


def find_kinds(typed: Words, vocabularies: Vocabularies, today: date) -> Iterator[Suggestion]:
    """Kinds of sensors of today that are typed."""
    for _, term, match in match_kinds(typed, vocabularies, today):
        yield Suggestion(
            SuggestionKind.SENSOR_TYPE,
            term.code,
            term.label,
            write_identified_path("kind", code=term.code),
            match,
        )


@lru_cache(maxsize=1)
def _list_labels(vocabularies: Vocabularies) -> list[tuple[str, Term, list[Words]]]:
    """Every kind with the words of its labels in both languages, and of its alternative ones."""
    return [
        (vocabulary, term, [split_words(label) for label in (*term.label, *term.alternative_labels)])
        for vocabulary in KIND_VOCABULARIES
        for term in vocabularies.by_name[vocabulary].terms.values()
    ]


@lru_cache(maxsize=1)
def list_kind_words(vocabularies: Vocabularies) -> frozenset[str]:
    """The words of all labels of kinds."""
    return frozenset(
        word for _, _, labels in _list_labels(vocabularies) for label in labels for word in label
    )


def match_label(typed: Words, name: Words) -> Match | None:
    """How words match a label of a term, in singular or plural."""
    if drop_plurals(typed) == drop_plurals(name):
        return Match.EXACT
    found = match_name(typed, name)
    return found.match if found else None


def suggest_owners(typed: Words, owners: list[Owner]) -> Iterator[Suggestion]:
    """The owners whose name is typed."""
    for owner in owners:
        if found := match_name(typed, split_words(owner.name)):
            yield Suggestion(
                SuggestionKind.ORGANISATION,
                owner.id,
                LocalizedText(owner.name, owner.name),
                write_identified_path("organisation", code=owner.id),
                found.match,
            )


def suggest_naming_sensors(text: str, count: int) -> Suggestion:
    """The list of the sensors that have these words in their public texts; `MAX_NAMING` and more are not counted."""
    path = write_list_path({"q": text})
    many = f"{MAX_NAMING}+" if count >= MAX_NAMING else str(count)
    one = count == 1
    return Suggestion(
        SuggestionKind.TEXT,
        text.casefold(),
        LocalizedText(
            f"{'Sensor die' if one else 'Sensoren die'} “{text}” in {'zijn' if one else 'hun'} naam, plaats of "
            f"beschrijving {'heeft' if one else 'hebben'} ({many})",
            f"{'Sensor' if one else 'Sensors'} with “{text}” in {'its' if one else 'their'} name, place or description "
            f"({many})",
        ),
        path,
        Match.WORDS,
    )


def suggest_sensor(sensor: NumberedSensor, vocabularies: Vocabularies, match: Match) -> Suggestion:
    """A sensor that was found by its registration number, or by one like it."""
    kind = vocabularies.label("sensorType", sensor.sensor_type)
    place = f" in {sensor.municipality}" if sensor.municipality else ""
    name = LocalizedText(sensor.name, sensor.name) if sensor.name else kind
    return Suggestion(
        SuggestionKind.SENSOR,
        sensor.public_code,
        LocalizedText(f"{name.nl} ({sensor.public_code})", f"{name.en} ({sensor.public_code})"),
        write_sensor_path(sensor.public_code),
        match,
        LocalizedText(f"{kind.nl}{place}", f"{kind.en}{place}"),
    )
