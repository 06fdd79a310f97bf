"""A publication of an earlier version, migrated, equals a new one."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from app.core.migrations import migrate_database
from tests.support.register import Register, make_today_record, open_register
from tests.support.schema import downgrade_to
from tests.support.sensors import make_camera

TABLES = ("published_sensor", "past_version", "published_area")
READ = {
    "published_sensor": "id, version, x, y, longitude, latitude, feature_crs84, feature_rd, feature_properties",
    "past_version": "id, version, x, y, longitude, latitude, feature_crs84, feature_rd, feature_properties",
    "published_area": "id, version, ST_AsBinary(ST_Normalize(area)), ST_AsBinary(ST_Normalize(area_rd))",
}
NAMES = """
SELECT id, version, name, owner_name, municipality_name FROM publication.published_version ORDER BY id, version
"""


@pytest.fixture
def filled(fresh_database: str) -> Iterator[tuple[Register, str]]:
    with open_register(fresh_database) as register:
        dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
        register.register(reference="sparse", heightM=12, heightReference="ground")
        register.register(reference="decimal", heightM=12.5, heightReference="ground", dataTypes=[])
        register.register(
            reference="text",
            name='een "aanhaling", {een} accolade, een : en een \\',
            project="Zorg, welzijn: 日本",
        )
        register.register(
            reference="cell", visibility="generalised", visibilityReason="Beveiliging", openData=False
        )
        camera = register.post(make_camera(**dates, viewDirectionDeg=33.3, viewRangeM=0.00002)).json()
        answer = register.client.patch(
            f"/v1/sensors/{camera['id']}",
            json={"viewRangeM": 80},
            headers=register.officer | {"If-Match": "*", "Content-Type": "application/merge-patch+json"},
        )
        assert answer.status_code == 200, answer.text
        yield register, fresh_database


def read(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: connection.execute(
            f"SELECT {READ[table]} FROM publication.{table} ORDER BY id, version"
        ).fetchall()
        for table in TABLES
    }


def write_as_before(text: str) -> str:
    """The stored text as the version before wrote it: no empty properties but empty lists, and 12 for 12.0."""
    properties = json.loads("{" + text[:-1])
    written = []
    for name, value in properties.items():
        if (value is None and name != "dataTypes") or name == "municipalityName":
            continue
        number = isinstance(value, float) and value == int(value)
        former = [] if value is None else int(value) if number else value
        written.append(f"{json.dumps(name)}:{json.dumps(former, ensure_ascii=False, separators=(',', ':'))}")
    return ",".join(written) + "}}"


def test_migrated_publication_equals_a_projected_one(filled: tuple[Register, str]) -> None:
    register, url = filled
    with psycopg.connect(url, autocommit=True) as connection:
        projected = read(connection)
        names = connection.execute(NAMES).fetchall()
        assert {row[-2:] for row in names} == {("Gemeente Amsterdam", "Amsterdam")}
        assert [len(projected[table]) for table in TABLES] == [5, 1, 2]
        downgrade_to(url, "0021")
        for table in TABLES[:2]:
            for row in connection.execute(
                f"SELECT id, version, feature_properties FROM publication.{table}"
            ).fetchall():
                connection.execute(
                    f"""UPDATE publication.{table} SET feature_properties = %s,
                        longitude = longitude + 3e-8, latitude = latitude - 3e-8, x = x + 3e-4, y = y - 3e-4
                    WHERE id = %s AND version = %s""",
                    (write_as_before(row[2]), row[0], row[1]),
                )
        connection.execute("""UPDATE publication.published_area AS area SET
            area = coalesce(observed_area, operating_area), area_rd = coalesce(observed_area_rd, operating_area_rd)
            FROM register.sensor_version WHERE sensor_id = area.id AND number = area.version""")
        former = read(connection)
        assert all(former[table] != projected[table] for table in TABLES)
        assert "null" not in "".join(row[-1] for row in former["published_sensor"])
        connection.execute("DROP VIEW publication.schema_version")

    migrate_database(url)

    with psycopg.connect(url) as connection:
        assert read(connection) == projected
        assert connection.execute(NAMES).fetchall() == names
    assert register.find("project=Zorg%2C%20welzijn%3A%20日本")["numberMatched"] == 1
