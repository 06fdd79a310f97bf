"""Kinds of sensors and owners as suggestions."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.core.i18n import LocalizedText
from app.places.kind_synonyms import KIND_SYNONYMS
from app.places.name_match import Match, Words, match_name, split_words
from app.places.page_paths import write_kind_path, write_owner_path, write_sensor_path
from app.places.queries import NumberedSensor, Owner
from app.places.suggestion import Suggestion, SuggestionKind
from app.vocabularies.terms import Vocabularies

KIND_VOCABULARIES: Final = ("sensorType", "sensorSubtype")


def find_kinds(typed: Words, vocabularies: Vocabularies, today: date) -> Iterator[Suggestion]:
    """Kinds of sensors of today whose label in either language, or a synonym, is typed."""
    for vocabulary in KIND_VOCABULARIES:
        for term in vocabularies.by_name[vocabulary].terms.values():
            if not term.is_valid(today):
                continue
            synonyms = KIND_SYNONYMS[vocabulary].get(term.code, ())
            spellings = map(split_words, (*term.label, *synonyms))
            matches = [found.match for found in (match_name(typed, each) for each in spellings) if found]
            if matches:
                yield Suggestion(
                    SuggestionKind.SENSOR_TYPE,
                    term.code,
                    term.label,
                    write_kind_path(term.code),
                    min(matches),
                )


def suggest_owners(typed: Words, owners: list[Owner]) -> Iterator[Suggestion]:
    """The owners whose name is typed."""
    for owner in owners:
        if found := match_name(typed, split_words(owner.name)):
            yield Suggestion(
                SuggestionKind.ORGANISATION,
                owner.id,
                LocalizedText(owner.name, owner.name),
                write_owner_path(owner.id),
                found.match,
            )


def suggest_sensor(sensor: NumberedSensor, vocabularies: Vocabularies) -> Suggestion:
    """A sensor that was found by its registration number."""
    kind = vocabularies.label("sensorType", sensor.sensor_type)
    place = f" in {sensor.municipality}" if sensor.municipality else ""
    name = LocalizedText(sensor.name, sensor.name) if sensor.name else kind
    return Suggestion(
        SuggestionKind.SENSOR,
        sensor.public_code,
        LocalizedText(f"{name.nl} ({sensor.public_code})", f"{name.en} ({sensor.public_code})"),
        write_sensor_path(sensor.public_code),
        Match.EXACT,
        LocalizedText(f"{kind.nl}{place}", f"{kind.en}{place}"),
    )
