"""A register with a sensor of every kind that pages distinguish."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.expected_version import ExpectedVersion
from app.organisations.tables import PublicOrganisation
from app.sensors.publication.publish import publish_sensors
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.registration.version_record import SensorVersion
from app.sensors.tables.register import sensor_version
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.sensors import load_cities, make_camera, make_context, make_record


def read_text(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def days_from_now(days: int) -> str:
    """A date relative to today, since pages word what holds today."""
    return (dutch_date() + timedelta(days=days)).isoformat()


OPERATING_AREA = {
    "type": "Polygon",
    "coordinates": [[[4.88, 52.36], [4.90, 52.36], [4.90, 52.38], [4.88, 52.38], [4.88, 52.36]]],
}

FULL: dict[str, Any] = {
    "reference": "camera-vol",
    "name": "Telcamera op de Dam",
    "summary": "Telt voorbijgangers. <b>Geen</b> beelden bewaard & niets herkend.",
    "sensorSubtype": "people_counting",
    "manufacturer": "Kijkbedrijf",
    "model": "K-1",
    "supplier": "Leverbedrijf",
    "specificationUrl": "https://example.org/k1.pdf",
    "connectivity": "wired",
    "locationAccuracy": "exact",
    "locationAccuracyM": 0.5,
    "locationDescription": "Aan de gevel van het paleis",
    "postcode": "1012 JS",
    "houseNumber": "1",
    "heightM": 4.5,
    "heightReference": "ground",
    "viewDirectionDeg": 225,
    "viewRangeM": 60,
    "mounting": "facade",
    "bgtId": "G0363.0123456789abcdef0123456789abcdef",
    "project": "Crowdmonitoring/Centrum",
    "processingRegisterUrl": "https://example.org/register",
    "dpiaReference": "DPIA-7",
    "dpiaUrl": "https://example.org/dpia",
    "recipients": "Alleen de beheerder",
    "storage": "Datacentrum in Nederland",
    "thirdCountry": "Nee",
    "dataTypes": ["pixel_based_image", "values_time"],
    "processing": ["aggregated", "computer_vision"],
    "openData": True,
    "dataUrl": "https://example.org/data",
    "moreInfoUrl": "https://example.org/meer",
    "algorithmRegisterUrl": "https://example.org/algoritme",
    "authorisationDecidedBy": "Burgemeester van Amsterdam",
    "authorisationDecidedOn": "2025-05-12",
    "authorisationValidUntil": "2030-05-12",
    "authorisationReference": "Z-2025-7",
    "authorisationUrl": "https://example.org/besluit",
    "aiUse": "counting",
    "aiNotice": True,
    "aiRegistryUrl": "https://example.org/ai",
    "securitySupportUntil": "2031-12-31",
    "visibility": "public",
}


def grow_old(session: Session, registered: SensorVersion, days: int) -> SensorVersion:
    """The sensor as if it had been registered so many days earlier: every date of its version moves back."""
    dates = ("placed_from", "active_until", "last_confirmed_on", "confirm_by")
    earlier = {name: getattr(registered, name) - timedelta(days=days) for name in dates}
    session.execute(update(sensor_version).where(sensor_version.c.id == registered.id).values(earlier))
    publish_sensors(session, [registered.sensor_id])
    return registered


NOT_SHOWN = frozenset({"removed", "long expired", "internal"})
"""Sensors that are public only where a search asks for their status, and one that never is."""


def fill_register(session: Session) -> dict[str, str]:
    """Register one sensor of each kind; gives the registration numbers by what stands out."""
    load_cities(session)
    amsterdam = make_municipality(session)
    company = make_organisation(session)
    context = make_context(make_principal(session, amsterdam), dutch_date())
    period = {"placedFrom": days_from_now(-30), "activeUntil": days_from_now(600)}

    def register(**record: Any) -> SensorVersion:
        return register_sensor(session, context, make_record(**(period | record)))

    camera = make_camera(**FULL, **period, operator=str(company), controller=str(amsterdam))
    removed = register(reference="weg")
    remove_sensor(
        session,
        context,
        removed.sensor_id,
        {"removedOn": days_from_now(-1)},
        expected=ExpectedVersion.exactly(removed.number),
    )
    rows = {
        "full": register(**camera),
        "plain": register(reference="geluid"),
        "planned": register(reference="straks", placedFrom=days_from_now(20)),
        "expired": grow_old(session, register(reference="verlopen"), days=610),
        "due": grow_old(session, register(reference="onbevestigd"), days=400),
        "removed": removed,
        "long expired": grow_old(session, register(reference="lang verlopen"), days=800),
        "generalised": register(
            reference="ongeveer", visibility="generalised", visibilityReason="Veiligheid van een persoon"
        ),
        "mobile": register(
            reference="mobiel", mobility="mobile", location=None, operatingArea=OPERATING_AREA
        ),
        "represented": register(reference="namens", owner=str(company)),
        "internal": register(reference="intern", visibility="internal", visibilityReason="Opsporing"),
    }
    return {name: row.public_code for name, row in rows.items()}


def add_unusual_sensors(session: Session) -> dict[str, str]:
    """Add sensors of which less can be said to the register of `fill_register`; gives their registration numbers."""
    amsterdam = session.scalars(
        select(PublicOrganisation.id).where(PublicOrganisation.municipality_code == "GM0363")
    ).one()
    resident = make_organisation(
        session, name="Jan Jansen", organisationType="private_person", publicEmail="info@sensor.example.org"
    )
    context = make_context(make_principal(session, amsterdam), dutch_date())
    period = {"placedFrom": days_from_now(-30), "activeUntil": days_from_now(600)}

    def register(**record: Any) -> SensorVersion:
        return register_sensor(session, context, make_record(**(period | record)))

    camera = make_camera(**FULL, **period)
    removed = register(**(camera | {"reference": "camera-weg"}))
    remove_sensor(
        session,
        context,
        removed.sensor_id,
        {"removedOn": days_from_now(-1)},
        expected=ExpectedVersion.exactly(removed.number),
    )
    moving = {"mobility": "mobile", "location": None, "operatingArea": OPERATING_AREA}
    rows = {
        "private": register(reference="van-een-inwoner", owner=str(resident)),
        "mobile camera": register(
            reference="camera-mobiel",
            **moving,
            **{name: camera[name] for name in ("viewDirectionDeg", "viewAngleDeg", "viewRangeM")},
        ),
        "generalised mobile": register(
            reference="ergens-onderweg",
            **moving,
            visibility="generalised",
            visibilityReason="Veiligheid van een persoon",
        ),
        "generalised camera": register(
            **(
                camera
                | {"reference": "camera-vaag", "visibility": "generalised", "visibilityReason": "Opzet"}
            )
        ),
        "planned camera": register(
            **(camera | {"reference": "camera-straks", "placedFrom": days_from_now(20)})
        ),
        "removed camera": removed,
        "consent camera": register(**(camera | {"reference": "camera-ja", "gdprBases": ["consent"]})),
    }
    return {name: row.public_code for name, row in rows.items()}
