"""Data needed to read a file: vocabularies, names, the owner, and the geocoder."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import Language
from app.municipalities.directory import Directory
from app.municipalities.queries import load_directory
from app.organisations.queries import list_organisations
from app.records.geocoding import Geocoder
from app.records.layouts.heading_mapping import HeadingMapping
from app.records.layouts.organisation_names import OrganisationNames
from app.records.record import Defaults
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import parse_uuid
from app.sensors.registration.queries import SensorIdentity, find_identities, find_values
from app.vocabularies.queries import Vocabularies, load_vocabularies

FindRegistered = Callable[[str, Collection[str], Collection[str]], Mapping[str, Mapping[str, Any]]]
"""Given an owner (by id), references and names of fields, returns the values of those that are registered."""

FindSensors = Callable[[Collection[str]], Mapping[str, SensorIdentity]]
"""Given registration numbers, returns which sensor each of them is."""


def find_none(
    _owner: str, _references: Collection[str], _names: Collection[str]
) -> Mapping[str, Mapping[str, Any]]:
    """Return no values, as an empty register does."""
    return {}


def find_no_sensors(_codes: Collection[str]) -> Mapping[str, SensorIdentity]:
    """Return no sensors, as an empty register does."""
    return {}


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """Data needed to read a file.

    `owner` is the id of the owner of all sensors, None when the file gives it; `defaults` fill missing fields.
    `mapping` is the one that the file is read with; without it `remembered` are those of the owner, of which one is
    taken where the file has all of its headings.
    """

    vocabularies: Vocabularies
    organisations: OrganisationNames
    directory: Directory
    owner: str | None
    defaults: Defaults
    language: Language
    today: date
    geocoder: Geocoder | None = None
    find_registered: FindRegistered = find_none
    find_sensors: FindSensors = find_no_sensors
    mapping: HeadingMapping | None = None
    remembered: Sequence[HeadingMapping] = ()


def load_context(  # noqa: PLR0913 - all of it from one place, once an import
    session: Session,
    *,
    owner: UUID | None,
    defaults: Defaults,
    language: Language,
    today: date,
    geocoder: Geocoder | None = None,
    mapping: HeadingMapping | None = None,
    remembered: Sequence[HeadingMapping] = (),
) -> ReadingContext:
    """Load the data needed to read a file, in this session."""

    def find_registered(
        owner_id: str, references: Collection[str], names: Collection[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        identifier = parse_uuid(owner_id)
        fields = [FIELD_BY_NAME[name] for name in names]
        return find_values(session, identifier, references, fields) if identifier else {}

    return ReadingContext(
        vocabularies=load_vocabularies(session),
        organisations=OrganisationNames(list_organisations(session)),
        directory=load_directory(session),
        owner=str(owner) if owner else None,
        defaults=defaults,
        language=language,
        today=today,
        geocoder=geocoder,
        find_registered=find_registered,
        find_sensors=partial(find_identities, session),
        mapping=mapping,
        remembered=remembered,
    )
