"""Records as people send them, and five square municipalities to register them in."""

from datetime import date, timedelta
from typing import Any

import shapely
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.principal import Principal
from app.municipalities.boundaries import Boundary
from app.municipalities.edition_storage import Edition
from app.municipalities.editions import LoadOptions, lock_municipalities_exclusively, put_edition
from app.spatial.crs import transform_geometry_to_lonlat

TODAY = date(2026, 3, 1)
DAM = (4.8932, 52.3731)
"""Dam square, Amsterdam."""

ERASMUS_BRIDGE = (4.4868, 51.9094)

CITIES = {
    "GM0344": ("Utrecht", 136_000, 456_000),
    "GM0363": ("Amsterdam", 121_000, 487_000),
    "GM0518": ("'s-Gravenhage", 81_000, 455_000),
    "GM0599": ("Rotterdam", 92_000, 437_000),
    "GM0772": ("Eindhoven", 161_000, 383_000),
}
HALF_SIDE_METRES = 8_000


def load_cities(session: Session, year: int = 2026, *, options: LoadOptions | None = None) -> None:
    """An edition of five square municipalities of 16 km round the five large cities."""
    boundaries = []
    for code, (name, x, y) in CITIES.items():
        square = shapely.MultiPolygon(
            [
                shapely.box(
                    x - HALF_SIDE_METRES, y - HALF_SIDE_METRES, x + HALF_SIDE_METRES, y + HALF_SIDE_METRES
                )
            ]
        )
        boundaries.append(
            Boundary(
                code=code, name=name, province=None, lonlat=transform_geometry_to_lonlat(square), rd=square
            )
        )
    lock_municipalities_exclusively(session)
    edition = Edition(year, approximate=False, source="squares", attribution="Made for tests")
    put_edition(session, edition, boundaries, options or LoadOptions())


def make_record(**fields: Any) -> dict[str, Any]:
    """A sensor of sound on Dam square without personal data; `fields` replace its values, None removes one."""
    record = {
        "reference": "geluid-001",
        "sensorType": "sound",
        "measures": "Geluid in decibel",
        "purpose": "Weten hoe luid het is op het plein.",
        "themes": ["environment_noise"],
        "personalData": "none",
        "mobility": "fixed",
        "location": {"type": "Point", "coordinates": list(DAM)},
        "placedFrom": (TODAY + timedelta(days=10)).isoformat(),
        "activeUntil": (TODAY + timedelta(days=700)).isoformat(),
    }
    return {name: value for name, value in (record | fields).items() if value is not None}


def make_camera(**fields: Any) -> dict[str, Any]:
    """A camera on Dam square that looks north, with every field that personal data require."""
    camera = {
        "reference": "camera-001",
        "sensorType": "optical_camera",
        "measures": "Beelden van het plein",
        "purpose": "Handhaven van de openbare orde.",
        "themes": ["safety_security_camera"],
        "personalData": "yes",
        "gdprBases": ["public_task"],
        "legalBasisText": "Gemeentewet art. 151c",
        "legalBasisUrl": "https://wetten.overheid.nl/BWBR0005416",
        "privacyStatementUrl": "https://example.org/privacy",
        "dpiaStatus": "done",
        "dpiaDate": "2025-11-03",
        "retentionKind": "fixed",
        "retentionPeriod": "P28D",
        "viewDirectionDeg": 0,
        "viewAngleDeg": 60,
        "viewRangeM": 80,
    }
    return make_record(**(camera | fields))


def make_context(principal: Principal, today: date = TODAY) -> ActionContext:
    return ActionContext(principal=principal, today=today, request_id="test")
