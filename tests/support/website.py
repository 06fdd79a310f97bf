"""A register with a sensor of every kind that pages distinguish."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.expected_version import ExpectedVersion
from app.organisations.actions import end_organisation
from app.organisations.tables import PublicOrganisation
from app.sensors.publication.publish import publish_sensors
from app.sensors.registration.actions import amend_sensor, register_sensor, remove_sensor
from app.sensors.registration.redaction import redact_sensor
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

SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[4.8930, 52.3730], [4.8935, 52.3730], [4.8935, 52.3733], [4.8930, 52.3733], [4.8930, 52.3730]]
    ],
}
AT_BORDER = (5.0062, 52.3700)
"""Some metres within the eastern border of the square that stands for Amsterdam."""
AT_SEA = {
    "type": "Polygon",
    "coordinates": [[[3.90, 52.60], [3.95, 52.60], [3.95, 52.65], [3.90, 52.65], [3.90, 52.60]]],
}
"""Part of the North Sea, outside every municipality."""

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


def publish_unseen(session: Session, registered: SensorVersion) -> SensorVersion:
    """The sensor as if its review had ended well: outside every municipality no one publishes at once."""
    published = update(sensor_version).where(sensor_version.c.id == registered.id)
    session.execute(published.values(registration_status="published", published_at=func.now()))
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


def add_ended_sensors(session: Session) -> dict[str, str]:
    """Add sensors whose life or place is unusual to that register; gives their registration numbers."""
    amsterdam = session.scalars(
        select(PublicOrganisation.id).where(PublicOrganisation.municipality_code == "GM0363")
    ).one()
    former = make_organisation(session, name="Opgeheven Meetbedrijf BV")
    context = make_context(make_principal(session, amsterdam), dutch_date())
    everywhere = make_context(make_principal(session, None, "administrator"), dutch_date())
    period = {"placedFrom": days_from_now(-30), "activeUntil": days_from_now(600)}

    def register(**record: Any) -> SensorVersion:
        return register_sensor(session, context, make_record(**(period | record)))

    camera = make_camera(**period)
    undirected = {name: value for name, value in camera.items() if not name.startswith("view")} | {
        "observedArea": SQUARE
    }
    moved = register(reference="verhuisd", mobility="relocatable")
    amend_sensor(
        session,
        context,
        moved.sensor_id,
        {"location": {"type": "Point", "coordinates": list(AT_BORDER)}},
        expected=ExpectedVersion.exactly(moved.number),
    )
    redacted = register(reference="geredigeerd", name="Sensor van Jan Jansen")
    amend_sensor(
        session,
        context,
        redacted.sensor_id,
        {"name": None},
        expected=ExpectedVersion.exactly(redacted.number),
    )
    redact_sensor(session, everywhere, redacted.sensor_id, reason="Naam", number=redacted.number, erase=True)
    withdrawn = register(reference="ingetrokken")
    redact_sensor(session, everywhere, withdrawn.sensor_id, reason="Vergissing")
    gone = register(**(undirected | {"reference": "gebied-weg"}))
    mobile_gone = register(
        reference="mobiel-weg", mobility="mobile", location=None, operatingArea=OPERATING_AREA
    )
    generalised_gone = register(
        reference="vaag-weg", visibility="generalised", visibilityReason="Veiligheid van een persoon"
    )
    for one in (gone, mobile_gone, generalised_gone):
        remove_sensor(
            session,
            context,
            one.sensor_id,
            {"removedOn": days_from_now(-1)},
            expected=ExpectedVersion.exactly(one.number),
        )
    moving = {"mobility": "mobile", "location": None, "operatingArea": OPERATING_AREA}
    rows = {
        "observed area": register(**(undirected | {"reference": "gebied"})),
        "observed area removed": gone,
        "mobile removed": mobile_gone,
        "generalised removed": generalised_gone,
        "mobile planned": register(reference="mobiel-straks", **moving, placedFrom=days_from_now(20)),
        "mobile expired": grow_old(session, register(reference="mobiel-verlopen", **moving), days=610),
        "camera expired": grow_old(
            session, register(**(camera | {"reference": "camera-verlopen"})), days=610
        ),
        "border": register(reference="grens", location={"type": "Point", "coordinates": list(AT_BORDER)}),
        "sea": publish_unseen(session, register(**(moving | {"reference": "zee", "operatingArea": AT_SEA}))),
        "ended owner": register(reference="opgeheven", owner=str(former)),
        "moved": moved,
        "redacted": redacted,
        "withdrawn": withdrawn,
    }
    end_organisation(session, former, principal_id=None, now=datetime.now(UTC), reason="Failliet")
    return {name: row.public_code for name, row in rows.items()}
