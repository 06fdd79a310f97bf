"""The history of a registration by day, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.expected_version import ExpectedVersion
from app.core.i18n import Language, LocalizedText
from app.municipalities.directory import Directory
from app.organisations.tables import PublicOrganisation
from app.sensors.presentation import Labels
from app.sensors.properties import SENSOR_PROPERTIES
from app.sensors.publication.publish import publish_sensors
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.redaction import redact_sensor
from app.sensors.search.detail import PublicVersion
from app.sensors.tables.register import sensor_version
from app.vocabularies.terms import Vocabularies, Vocabulary
from app.website.sensor.history import HistoryChange, describe_history
from tests.support.organisations import make_principal
from tests.support.sensors import make_context, make_record
from tests.support.website import days_from_now, read_text

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAM = [4.8932, 52.3731]


def make_labels(language: Language = "nl") -> Labels:
    vocabularies = {
        one.vocabulary: Vocabulary(one.vocabulary, one.label, LocalizedText("", ""), {})
        for one in SENSOR_PROPERTIES
        if one.vocabulary
    }
    return Labels(language, Vocabularies(UUID(int=1), vocabularies), Directory("", [], []))


def make_version(
    number: int,
    since: datetime,
    until: datetime | None = None,
    *,
    place: list[float] | None = None,
    areas: dict[str, str] | None = None,
    **values: Any,
) -> PublicVersion:
    """A version of a sensor of sound; `values` replace its properties, None removes one."""
    properties = {
        "registeredAt": FIRST.isoformat(),
        "measures": "Geluid",
        "mobility": "fixed",
        "visibility": "public",
        "lastConfirmedOn": "2026-03-01",
        **values,
    }
    properties = {name: value for name, value in properties.items() if value is not None}
    feature = {"properties": properties, "geometry": {"type": "Point", "coordinates": place or DAM}}
    return PublicVersion(number, since, until, feature, areas or {})


def describe(
    then: dict[str, Any], now: dict[str, Any], language: Language = "nl"
) -> tuple[tuple[str, ...], tuple[HistoryChange, ...]]:
    """The events and changes of the second day, of a version on each of two days."""
    later = FIRST + timedelta(days=3)
    versions = [make_version(2, later, **now), make_version(1, FIRST, later, **then)]
    day, first = describe_history(versions, make_labels(language))
    assert first.events == (
        "Voor het eerst in het register." if language == "nl" else "In the register for the first time.",
    )
    assert (first.day.day, day.day.day) == (1, 4)
    return day.events, day.changes


def test_change_has_the_old_and_the_new_value_in_words() -> None:
    events, changes = describe(
        {"activeUntil": "2027-03-01", "heightM": 4.5, "openData": True},
        {"activeUntil": "2028-03-01", "heightM": 6.0, "openData": None, "purpose": "Drukte meten"},
    )

    assert events == ()
    assert set(changes) == {
        HistoryChange("Hoogte", "4,5 meter", "6 meter"),
        HistoryChange("Waarvoor wordt er gemeten?", "niet ingevuld", "Drukte meten"),
        HistoryChange("Open data", "ja", "niet ingevuld"),
        HistoryChange("Wordt verwijderd op", "1 maart 2027", "1 maart 2028"),
    }


def test_owner_is_named_and_not_given_by_its_id() -> None:
    _, changes = describe({"owner": "1", "ownerName": "Eerste BV"}, {"owner": "2"})

    assert changes == (HistoryChange("Eigenaar", "Eerste BV", "naam niet openbaar"),)


@pytest.mark.parametrize(
    ("then", "now", "sentence"),
    [
        (
            {},
            {"lastConfirmedOn": "2026-03-04"},
            "De eigenaar bevestigde dat de sensor er op 4 maart 2026 was.",
        ),
        ({}, {"removedOn": "2026-03-02"}, "Volgens de eigenaar is de sensor verwijderd op 2 maart 2026."),
        ({"removedOn": "2026-03-02"}, {}, "Volgens de eigenaar is de sensor toch niet verwijderd."),
        ({}, {"place": [4.8932, 52.3741]}, "De sensor staat 111 meter verder dan eerst."),
        (
            {"areas": {"observed": "a"}},
            {"areas": {"observed": "b"}},
            "Het gebied dat de sensor waarneemt, is veranderd.",
        ),
        (
            {"mobility": "mobile", "areas": {"operating": "a"}},
            {"mobility": "mobile", "areas": {"operating": "b"}, "place": [4.9, 52.4]},
            "Het gebied waarin de sensor beweegt, is veranderd.",
        ),
        (
            {"visibility": "generalised"},
            {"visibility": "generalised", "place": [4.9, 52.4]},
            "De sensor staat in een ander vak van 250 bij 250 meter.",
        ),
        ({}, {}, "Aan het einde van deze dag stond er hetzelfde als daarvoor."),
    ],
)
def test_event_has_a_sentence(then: dict[str, Any], now: dict[str, Any], sentence: str) -> None:
    assert describe(then, now) == ((sentence,), ())


def test_hidden_value_of_a_generalised_version_is_not_public_rather_than_empty() -> None:
    events, changes = describe(
        {"visibility": "generalised"}, {"locationDescription": "Aan de gevel", "place": [4.9, 52.4]}
    )

    assert events == ()
    assert HistoryChange("Omschrijving van de locatie", "niet openbaar", "Aan de gevel") in changes


def test_versions_of_one_day_are_one_entry() -> None:
    noon, evening = FIRST + timedelta(hours=3), FIRST + timedelta(hours=9)
    versions = [
        make_version(3, evening, measures="Trilling"),
        make_version(2, noon, evening, measures="Wind"),
        make_version(1, FIRST, noon),
    ]

    (day,) = describe_history(versions, make_labels())

    assert day.events == ("Voor het eerst in het register.",)
    assert day.changes == (HistoryChange("Wat meet de sensor?", "Geluid", "Trilling"),)


def test_version_after_midnight_belongs_to_the_dutch_day() -> None:
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)

    _, first = describe_history(
        [make_version(2, late + timedelta(days=2)), make_version(1, late)], make_labels()
    )

    assert first.day.isoformat() == "2026-07-02"


def test_gap_between_versions_says_that_something_is_not_public() -> None:
    until, since = FIRST + timedelta(days=1), FIRST + timedelta(days=3)

    newest, _ = describe_history([make_version(3, since), make_version(1, FIRST, until)], make_labels())

    assert newest.events[0] == (
        "Van 2 maart 2026, 10.00 uur tot 4 maart 2026, 10.00 uur is niet openbaar wat hier stond: de "
        "registratie was ingetrokken, of een beheerder heeft de inhoud weggehaald."
    )


def test_registration_before_the_first_public_version_is_said() -> None:
    (day,) = describe_history([make_version(2, FIRST + timedelta(days=5))], make_labels("en"))

    assert day.events == ("Registered on 1 March 2026. What it said before 6 March 2026 is not public.",)


def age_versions(session: Session, sensor_id: UUID) -> None:
    """Move version n of a sensor (3 - n) days back, as if one was made each day."""
    for number, days in ((1, 3), (2, 2), (3, 1)):
        earlier = {
            name: sensor_version.c[name] - timedelta(days=days) for name in ("published_at", "recorded_at")
        }
        session.execute(
            update(sensor_version)
            .where(sensor_version.c.sensor_id == sensor_id, sensor_version.c.number == number)
            .values(earlier)
        )
    for number in (1, 2):
        following = select(sensor_version.c.published_at).where(
            sensor_version.c.sensor_id == sensor_id, sensor_version.c.number == number + 1
        )
        session.execute(
            update(sensor_version)
            .where(sensor_version.c.sensor_id == sensor_id, sensor_version.c.number == number)
            .values(superseded_at=following.scalar_subquery())
        )


def test_page_of_a_redacted_version_says_so(
    site: TestClient, module_database: str, codes: dict[str, str]
) -> None:
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        amsterdam = session.scalars(
            select(PublicOrganisation.id).where(PublicOrganisation.municipality_code == "GM0363")
        ).one()
        context = make_context(make_principal(session, amsterdam), dutch_date())
        period = {"placedFrom": days_from_now(-30), "activeUntil": days_from_now(600)}
        first = register_sensor(session, context, make_record(reference="gewist", **period))
        for number, measures in ((1, "Naam van een buurvrouw"), (2, "Geluid op het plein")):
            amend_sensor(
                session,
                context,
                first.sensor_id,
                {"measures": measures},
                expected=ExpectedVersion.exactly(number),
            )
        age_versions(session, first.sensor_id)
        administrator = make_context(make_principal(session, None, "administrator"), dutch_date())
        publish_sensors(session, [first.sensor_id])
    address = f"/s/{first.public_code}"
    before = read_text(site.get(address).text)
    with transaction(engine) as session:
        redact_sensor(session, administrator, first.sensor_id, reason="Naam", number=2, erase=True)
    engine.dispose()

    after = read_text(site.get(address).text)

    assert "Naam van een buurvrouw" in before
    assert "Naam van een buurvrouw" not in after
    assert "is niet openbaar wat hier stond" not in before
    assert "is niet openbaar wat hier stond: de registratie was ingetrokken, of een beheerder heeft" in after
    assert "was: Geluid in decibel → werd: Geluid op het plein" in after
