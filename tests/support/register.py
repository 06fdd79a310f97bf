"""The whole application on a migrated database with five cities, the key of a municipality and that of a company."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import create_engine, text

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.sensors.publication.publish import publish_sensors
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import authorise, make_key, make_municipality, make_organisation
from tests.support.sensors import load_cities, make_camera, make_record

SENSORS = 12
"""Number of sensors that `fill` registers."""


@dataclass(frozen=True, slots=True)
class Register:
    """The application as its users have it: with a browser or GIS tool, or with a key."""

    client: TestClient
    officer: dict[str, str]
    company: dict[str, str]

    def register(self, **fields: Any) -> dict[str, Any]:
        answer = self.post(make_today_record(**fields))
        assert answer.status_code == 201, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def post(self, record: dict[str, Any], **headers: str) -> Response:
        return self.client.post("/v1/sensors", json=record, headers=self.officer | headers)

    def find(self, query: str = "", collection: str = "sensors") -> dict[str, Any]:
        answer = self.client.get(f"/v1/collections/{collection}/items?{query}")
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def references(self, query: str = "") -> list[str]:
        return [feature["properties"]["reference"] for feature in self.find(query)["features"]]


def make_today_record(**fields: Any) -> dict[str, Any]:
    today = dutch_date()
    dates = {
        "placedFrom": (today - timedelta(days=10)).isoformat(),
        "activeUntil": (today + timedelta(days=700)).isoformat(),
    }
    return make_record(**(dates | fields))


@contextmanager
def open_register(url: str, **settings: object) -> Iterator[Register]:
    """The application on a migrated database, with five cities and two keys."""
    with make_client(url, **settings) as client:
        with transaction(read_state(client).write_engine) as session:
            load_cities(session)
            officer = authorise(make_key(session, make_municipality(session)))
            company = authorise(make_key(session, make_organisation(session)))
        yield Register(client, officer, company)


def admit_municipality(url: str, code: str, name: str) -> dict[str, str]:
    """One municipality more; gives the header with its key."""
    engine = create_engine(sqlalchemy_url(url))
    try:
        with transaction(engine) as session:
            return authorise(make_key(session, make_municipality(session, code, name)))
    finally:
        engine.dispose()


def amend_at(register: Register, sensor: dict[str, Any], url: str, moment: str) -> None:
    """Give a sensor just registered a second version, published at a moment of one's choice."""
    answer = register.client.patch(
        f"/v1/sensors/{sensor['id']}", json={"name": "Paal"}, headers=register.officer | {"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    engine = create_engine(sqlalchemy_url(url))
    with transaction(engine) as session:
        session.execute(
            text(
                "UPDATE register.sensor_version SET published_at = :at WHERE sensor_id = :id AND number = 2"
            ),
            {"at": moment, "id": sensor["id"]},
        )
        session.execute(
            text(
                "UPDATE register.sensor_version SET superseded_at = :at, published_at = :at"
                " WHERE sensor_id = :id AND number = 1"
            ),
            {"at": moment, "id": sensor["id"]},
        )
        publish_sensors(session, [UUID(sensor["id"])])
    engine.dispose()


def fill(register: Register) -> None:
    """Sensors over Dam square with texts that are hard on a format, one camera with a field of view among them."""
    today = make_today_record()
    dates = {name: today[name] for name in ("placedFrom", "activeUntil")}
    register.post(make_camera(**dates))
    texts = (
        '=HYPERLINK("http://example.org")',
        "regel één\nregel twee",
        'een "aanhaling", en een komma; en een |',
        "'s-Gravenhage",
        "<b>&amp;</b>",
        "日本語 🚲",
    )
    for number in range(SENSORS - 1):
        register.register(
            reference=f"sensor-{number:02}",
            name=texts[number % len(texts)],
            heightM=number / 4,
            heightReference="ground",
            openData=[True, False, None][number % 3],
            themes=["environment_noise", "mobility_car"][: 1 + number % 2],
            location={"type": "Point", "coordinates": [4.88 + number / 200, 52.37 + number % 3 / 300]},
        )
