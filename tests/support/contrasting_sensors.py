"""Sensors of which no property has one value everywhere, and a search for each value that they have."""

import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import create_engine, text

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from tests.support.register import Register, admit_municipality, amend_at, make_today_record
from tests.support.sensors import ERASMUS_BRIDGE, make_camera
from tests.support.website import FULL

WITHOUT_VALUE: Final = {"removedOn", "province"}
"""Searchable properties that none of these sensors has, nor a municipality of the tests."""


def register_contrasting_sensors(register: Register, url: str) -> None:
    """Register a camera in Amsterdam, and a mobile and a generalised sensor in Rotterdam."""
    rotterdam = Register(register.client, admit_municipality(url, "GM0599", "Rotterdam"), register.company)
    today = dutch_date()
    mobile = rotterdam.register(
        reference="mobile",
        name="Meetwagen",
        connectivity="wifi",
        mobility="mobile",
        location=None,
        operatingArea=["GM0599"],
        heightM=12,
        heightReference="nap",
        mounting="lamp_post",
        bgtId="G0599.0123456789abcdef0123456789abcdef",
        themes=["mobility_car"],
        project="Andere",
        dataTypes=["binary"],
        processing=["raw_data"],
        openData=False,
        placedFrom=(today + timedelta(days=20)).isoformat(),
        activeUntil=(today + timedelta(days=500)).isoformat(),
    )
    _confirm_early(url, mobile["id"])
    amend_at(register=rotterdam, sensor=mobile, url=url, moment="2026-02-03T04:05:06.789Z")
    rotterdam.register(
        reference="generalised",
        location={"type": "Point", "coordinates": list(ERASMUS_BRIDGE)},
        visibility="generalised",
        visibilityReason="Vandalisme",
    )
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    register.register(**make_camera(**FULL) | dates, operator=mobile["owner"])


def _confirm_early(url: str, identifier: str) -> None:
    engine = create_engine(sqlalchemy_url(url))
    with transaction(engine) as session:
        session.execute(
            text("UPDATE register.sensor_version SET confirm_by = :day WHERE sensor_id = :id"),
            {"day": dutch_date() + timedelta(days=100), "id": identifier},
        )
    engine.dispose()


def search_for_each_value(register: Register, collection: str, names: set[str]) -> set[str]:
    """Search for each value of these properties, and check that what has it is found and nothing else.

    Gives the names of which a value was searched that some features have and others do not.
    """
    features = register.find("", collection)["features"]
    distinguished = set()
    for name in names:
        for value in {value for feature in features for value in list_values(feature, name)}:
            written = json.dumps(value) if isinstance(value, bool) else value
            found = register.find(urlencode({name: written}), collection)
            expected = {one["id"] for one in features if value in list_values(one, name)}
            assert {one["id"] for one in found["features"]} == expected, (name, value)
            assert found["numberMatched"] == len(expected), (name, value)
            if len(expected) < len(features):
                distinguished.add(name)
    return distinguished


def list_values(feature: dict[str, Any], name: str) -> list[Any]:
    value = feature["properties"].get(name)
    return value if isinstance(value, list) else [] if value is None else [value]
