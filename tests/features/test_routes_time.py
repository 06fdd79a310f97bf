"""Dates: status, the sensors shown by default, and the register as it was at a moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.clock import dutch_date
from tests.support.register import Register, make_today_record
from tests.support.sensors import DAM, make_camera

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def days(number: int) -> str:
    return (dutch_date() + timedelta(days=number)).isoformat()


STATUSES = {
    "planned": {"placedFrom": 1},
    "active": {"placedFrom": 0},
    "ends today": {"activeUntil": 0},
    "expired": {"activeUntil": -1},
    "almost forgotten": {"activeUntil": -90},
    "forgotten": {"activeUntil": -91},
    "removed": {"removedOn": 0},
}


@pytest.mark.slow
def test_operational_status_and_datetime_select_sensors_by_their_dates(register: Register) -> None:
    for reference, dates in STATUSES.items():
        given = {"placedFrom": days(-400), **{name: days(number) for name, number in dates.items()}}
        register.register(reference=reference, **given)

    def found(query: str) -> set[str]:
        answer = register.find(query)
        assert answer["numberMatched"] == len(answer["features"]), query
        return {feature["properties"]["reference"] for feature in answer["features"]}

    shown = {"planned", "active", "ends today", "expired", "almost forgotten"}
    for query in ("", "municipality=GM0363", "near=4.8932,52.3731", "sensorType=sound", "bbox=4,52,5,53"):
        assert found(query) == shown, query
    assert found("operationalStatus=planned") == {"planned"}
    assert found("operationalStatus=active") == {"active", "ends today"}
    # Asking widens: what is long gone is found too.
    assert found("operationalStatus=expired") == {"expired", "almost forgotten", "forgotten"}
    assert found("operationalStatus=removed,planned") == {"removed", "planned"}
    every = "planned,active,due_for_confirmation,expired,removed"
    assert found(f"operationalStatus={every}&municipality=GM0363") == set(STATUSES)
    # A period is asked of placedFrom until removedOn or activeUntil; that last day is not in it.
    assert found(f"datetime={days(1)}/..") == {"planned", "active"}
    assert found(f"datetime=../{days(-1)}") == shown - {"planned", "active"}
    # QGIS writes an open beginning so.
    assert found(f"datetime=0000-01-01T00:00:00Z/{days(-1)}") == found(f"datetime=../{days(-1)}")
    assert found(f"datetime={days(-90)}") == {"ends today", "expired"}
    assert found(f"datetime={days(-91)}") == {"ends today", "expired", "almost forgotten"}
    assert found(f"activeUntil={days(-1)}") == {"expired"}


# The register as it was


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def change(register: Register, identifier: str, **patch: Any) -> None:
    address = f"/v1/sensors/{identifier}"
    answer = register.client.patch(address, json=patch, headers=register.officer | {"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def test_search_as_of_moment_returns_versions_of_that_moment(register: Register) -> None:
    before = now()
    camera = make_camera(placedFrom=days(-10), activeUntil=days(300), reference="history")
    identifier = register.register(**camera)["id"]
    first = now()
    there = {"type": "Point", "coordinates": [4.91, 52.36]}
    change(register, identifier, name="Nieuw", viewDirectionDeg=180, location=there)
    second = now()

    place, moved = "near=4.8932,52.3731&radius=10", "near=4.91,52.36&radius=10"
    assert register.find(f"asOf={before}")["features"] == []
    for query in (
        "",
        place,
        "municipality=GM0363",
        "covers=4.8932,52.3735",
        "bbox=4.8,52.3,5,52.4",
        f"bbox=121000,487000,122000,488000&bbox-crs={RD}",
        "sensorType=optical_camera",
    ):
        (feature,) = register.find(f"{query}&asOf={first}")["features"]
        assert (feature["id"], feature["properties"]["version"]) == (identifier, 1), query
        assert feature["properties"]["name"] is None
    for query in ("", "municipality=Amsterdam", "covers=4.91,52.3597"):
        (feature,) = register.find(f"{query}&asOf={second}")["features"]
        assert (feature["properties"]["version"], feature["properties"]["name"]) == (2, "Nieuw")
    for query in (place, "covers=4.8932,52.3735"):
        assert register.find(f"{query}&asOf={second}")["features"] == [], query
    for query in (moved, f"{moved}&asOf={second}", f"{moved}&asOf={days(0)}"):
        assert [feature["id"] for feature in register.find(query)["features"]] == [identifier], query
    (area,) = register.find(f"asOf={first}", "observed-areas")["features"]
    assert area["geometry"]["coordinates"][0][0][0] == pytest.approx(DAM, abs=0.001)


def test_visibility_change_applies_to_earlier_versions(register: Register) -> None:
    camera = make_camera(placedFrom=days(-10), activeUntil=days(300), postcode="1012 JS")
    identifier = register.register(**camera)["id"]
    first = now()
    change(register, identifier, visibility="generalised", visibilityReason="Beveiliging")

    for query in (f"asOf={first}", ""):
        (feature,) = register.find(query)["features"]
        assert feature["properties"]["visibility"] == "generalised"
        assert [feature["properties"][name] for name in ("postcode", "reference", "viewAngleDeg")] == [
            None
        ] * 3
        assert feature["geometry"]["coordinates"] != list(DAM)
        (in_rd,) = register.find(f"{query}&crs={RD}")["features"]
        assert [number % 250 for number in in_rd["geometry"]["coordinates"]] == [125, 125]
    assert register.find(f"asOf={first}", "observed-areas")["features"] == []
    assert register.find("covers=4.8932,52.3735")["features"] == []
    assert register.find("reference=camera-001")["features"] == []
    # Near asks the cell: at the place itself it is as far as the middle of the cell.
    (feature,) = register.find("near=4.8932,52.3731")["features"]
    assert feature["properties"]["distanceM"] > 1

    change(register, identifier, visibility="internal")
    for query in ("", f"asOf={first}", f"asOf={now()}", f"publicCode={feature['properties']['publicCode']}"):
        assert register.find(query)["features"] == [], query
    assert register.client.get(f"/v1/collections/sensors/items/{identifier}").status_code == 404


def test_as_of_past_is_accepted_and_future_or_invalid_is_refused(register: Register) -> None:
    register.register(reference="today")
    for moment in ("2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123%2B01:00", days(-1)):
        assert register.references(f"asOf={moment}") == [], moment
    assert register.references(f"asOf={days(0)}") == ["today"]
    for moment in (days(1), "3000-01-01T00:00:00Z", "2026-02-30", "2026-01-01T00:00", "yesterday", ""):
        answer = register.client.get(f"/v1/collections/sensors/items?asOf={moment}")
        assert answer.status_code == 400, moment
        assert [problem["location"] for problem in answer.json()["errors"]] == ["asOf"]


def test_etag_changes_with_published_version_only(register: Register) -> None:
    identifier = register.register()["id"]
    paths = [
        "/v1/collections/sensors/items",
        "/v1/collections/sensors/items?limit=1",
        "/v1/collections/sensors/items?crs=" + RD,
        "/v1/collections/observed-areas/items",
        f"/v1/collections/sensors/items/{identifier}",
    ]
    tags = {path: register.client.get(path).headers["etag"] for path in paths}
    for path, tag in tags.items():
        answer = register.client.get(path, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    change(register, identifier, name="Nieuw")
    for path, tag in tags.items():
        answer = register.client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200, path
        assert answer.headers["etag"] != tag
    # A submitted version changes nothing that is public.
    tags = {path: register.client.get(path).headers["etag"] for path in paths}
    assert register.post(make_today_record(reference="of a company"), **register.company).status_code == 201
    assert {path: register.client.get(path).headers["etag"] for path in paths} == tags
