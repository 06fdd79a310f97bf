"""The contents of tiles, compared with the items of the collection."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest

from app.core.clock import dutch_date
from app.spatial.crs import mercator_from_lonlat, rd_from_lonlat
from tests.support.register import Register, admit_municipality, open_register
from tests.support.sensors import DAM as AMSTERDAM
from tests.support.sensors import ERASMUS_BRIDGE, make_camera
from tests.tiles.conftest import count_sensors, decode, read_zoom

ORIGIN = math.pi * 6_378_137


def find_tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Row and column of a tile of web maps, by the usual formula."""
    n = 2**zoom
    return (
        int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n),
        int((lon + 180) / 360 * n),
    )


def find_rd_tile(x: float, y: float, zoom: int) -> tuple[int, int]:
    """Row and column of a tile in RD."""
    width = 3440.64 * 256 / 2**zoom
    return math.floor((903_401.92 - y) / width), math.floor((x + 285_401.92) / width)


def address(zoom: int, lon: float = AMSTERDAM[0], lat: float = AMSTERDAM[1], query: str = "") -> str:
    row, col = find_tile(lon, lat, zoom)
    return f"/v1/tiles/WebMercatorQuad/{zoom}/{row}/{col}{query}"


def place(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def scatter(register: Register, sensors: int, places: list[tuple[float, float]]) -> None:
    """Register sensors of several types around these places, with dates before and after today."""
    chance = Random(5)
    today = dutch_date()
    for number in range(sensors):
        lon, lat = chance.choice(places)
        start = today - timedelta(days=chance.randint(-60, 800))
        fields: dict[str, Any] = {
            "reference": f"scattered-{number}",
            "location": place(lon + chance.uniform(-0.05, 0.05), lat + chance.uniform(-0.03, 0.03)),
            "placedFrom": start.isoformat(),
            "activeUntil": (start + timedelta(days=chance.randint(1, 900))).isoformat(),
        }
        if chance.random() < 0.4:
            record = make_camera(**fields, owner=None)
            fields = {name: value for name, value in record.items() if name != "owner"}
        register.register(**fields)


def test_point_of_a_sensor_lies_at_its_location(register: Register) -> None:
    document = register.register(name="Geluid op de Dam")
    features = decode(register.client.get(address(14)).content)

    (feature,) = features
    row, col = find_tile(*AMSTERDAM, 14)
    x, y = mercator_from_lonlat(*AMSTERDAM)
    width = 2 * ORIGIN / 2**14
    assert feature.across == math.floor(((x + ORIGIN) / width - col) * 4096)
    assert feature.down == math.floor(((ORIGIN - y) / width - row) * 4096)
    assert feature.properties == {
        "id": document["id"],
        "publicCode": document["publicCode"],
        "name": "Geluid op de Dam",
        "sensorType": "sound",
        "personalData": "none",
        "operationalStatus": "active",
        "visibility": "public",
        "ownerName": "Gemeente Amsterdam",
    }


def test_point_in_a_tile_of_rd_lies_at_its_location(register: Register) -> None:
    register.register()
    x, y = rd_from_lonlat(*AMSTERDAM)
    width = 3440.64 * 256 / 2**10
    row, col = find_rd_tile(x, y, 10)
    (feature,) = decode(register.client.get(f"/v1/tiles/NetherlandsRDNewQuad/10/{row}/{col}").content)

    assert abs(feature.across - ((x + 285_401.92) / width - col) * 4096) <= 1
    assert abs(feature.down - ((903_401.92 - y) / width - row) * 4096) <= 1


def test_cluster_lies_at_the_mean_of_its_members_and_counts_personal_data(register: Register) -> None:
    spots = [(4.893, 52.373), (4.894, 52.374), (4.8935, 52.3722)]
    for number, spot in enumerate(spots):
        make = make_camera if number == 2 else dict
        register.register(**{**make(), "reference": str(number), "location": place(*spot)})
    (cluster,) = decode(register.client.get(address(8)).content)

    row, col = find_tile(*AMSTERDAM, 8)
    lon, lat = (sum(axis) / 3 for axis in zip(*spots, strict=True))
    across = ((lon + 180) / 360 * 256 - col) * 4096
    down = ((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 256 - row) * 4096
    assert cluster.properties == {"count": 3, "personalDataCount": 1, "personalDataShare": 33}
    assert abs(cluster.across - across) <= 1
    assert abs(cluster.down - down) <= 1


NOTHING_FOUND = "asOf=2001-01-01"
"""A search that finds nothing."""

SEARCHES = [
    "",
    "sensorType=sound",
    "sensorType=sound,optical_camera",
    "themes=environment_noise",
    "personalData=none",
    "personalData=yes,special_category",
    "operationalStatus=active",
    "operationalStatus=planned,active,due_for_confirmation,expired,removed",
    "municipality=GM0363",
    "municipality=Rotterdam&sensorType=sound",
    "near=4.8932,52.3731&radius=2000",
    "q=plein",
    "sensorType=sound&personalData=none",
    "sensorType=sound&operationalStatus=active",
    "municipality=GM0363&operationalStatus=active,expired,removed",
    "filter=sensorType='sound'",
    "filter=operationalStatus<>'active'&municipality=GM0363",
    NOTHING_FOUND,
]


@pytest.mark.slow
def test_tiles_of_a_zoom_level_count_each_sensor_once(register: Register, fresh_database: str) -> None:
    # A municipality publishes sensors within its boundary only.
    rotterdam = admit_municipality(fresh_database, "GM0599", "Rotterdam")
    scatter(register, 20, places=[AMSTERDAM])
    scatter(replace(register, officer=rotterdam), 20, places=[ERASMUS_BRIDGE])
    register.register(reference="lone", location=place(5.05, 52.36))
    for search in SEARCHES:
        matched = register.find(search + "&limit=1000")["numberMatched"]
        assert (matched == 0) == (search == NOTHING_FOUND), search
        for matrix_set, zooms in (("WebMercatorQuad", (0, 6, 8)), ("NetherlandsRDNewQuad", (0, 3))):
            for zoom in zooms:
                features = read_zoom(register.client, zoom, search, matrix_set)
                assert count_sensors(features) == matched, (search, matrix_set, zoom)


EDGE_COL, EDGE_ROW = 8414, 5385
"""A tile of zoom 14 in Amsterdam; its left side is a side of tiles of zoom 13 too, and not of those above."""


def place_from_edge(units: float, zoom: int) -> dict[str, Any]:
    """A place so many units of a tile from the left side of the tile, halfway down."""
    tile = 360 / 2**zoom
    left = EDGE_COL / 2**14 * 360 - 180
    down = math.pi * (1 - 2 * (EDGE_ROW + 0.5) / 2**14)
    return place(left + units / 4096 * tile, math.degrees(math.atan(math.sinh(down))))


@pytest.mark.parametrize("query", ["", "?sensorType=sound&mobility=fixed"])
def test_sensor_near_an_edge_is_in_both_tiles_at_the_same_place(register: Register, query: str) -> None:
    for reference, units in (("at the edge", 2.5), ("inside the buffer", 255.5), ("beyond it", 256.5)):
        register.register(reference=reference, location=place_from_edge(units, 14), name=reference)
    left, right = (
        decode(register.client.get(f"/v1/tiles/WebMercatorQuad/14/{EDGE_ROW}/{col}{query}").content)
        for col in (EDGE_COL - 1, EDGE_COL)
    )
    assert {(point.properties["name"], point.across) for point in right} == {
        ("at the edge", 2), ("inside the buffer", 255), ("beyond it", 256),
    }  # fmt: skip
    assert {(point.properties["name"], point.across - 4096) for point in left} == {
        ("at the edge", 2), ("inside the buffer", 255),
    }  # fmt: skip
    assert (count_sensors(left), count_sensors(right)) == (0, 3)
    assert {point.id for point in left + right} == {0}


@pytest.mark.parametrize("query", ["", "?mobility=fixed"])
def test_cluster_near_an_edge_is_the_same_in_both_tiles_and_counted_once(
    register: Register, query: str
) -> None:
    # Four members of one cell, on both sides of the edge; their centre lies to the right of it.
    for number, units in enumerate((-4, 2, 5, 9)):
        register.register(reference=str(number), location=place_from_edge(units, 13))
    row, col = EDGE_ROW // 2, EDGE_COL // 2
    tiles = [
        decode(register.client.get(f"/v1/tiles/WebMercatorQuad/13/{row}/{col + step}{query}").content)
        for step in (-1, 0)
    ]
    assert [count_sensors(features) for features in tiles] == [1, 3]
    row, col = row // 32, col // 32
    (cluster,) = decode(register.client.get(f"/v1/tiles/WebMercatorQuad/8/{row}/{col}{query}").content)
    assert cluster.properties["count"] == 4


def test_clusters_in_buffers_are_those_of_the_neighbours(register: Register) -> None:
    scatter(register, 60, places=[AMSTERDAM])
    for matrix_set, zoom, (row, col) in (
        ("WebMercatorQuad", 11, find_tile(*AMSTERDAM, 11)),
        ("NetherlandsRDNewQuad", 6, find_rd_tile(*rd_from_lonlat(*AMSTERDAM), 6)),
    ):
        own: dict[tuple[int, int], Any] = {}
        in_buffers: dict[tuple[int, int], Any] = {}
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                answer = register.client.get(f"/v1/tiles/{matrix_set}/{zoom}/{row + down}/{col + across}")
                for feature in decode(answer.content) if answer.status_code == 200 else []:
                    at = (across * 4096 + feature.across, down * 4096 + feature.down)
                    (own if feature.is_inside else in_buffers)[at] = (feature.id, feature.properties)
        assert in_buffers, matrix_set
        for at, found in in_buffers.items():
            if all(-4096 <= unit < 8192 for unit in at):
                assert own[at] == found, (matrix_set, at)
        ids = [number for number, properties in own.values() if "count" in properties]
        assert 0 not in ids
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("personal", "share"), [(0, 0), (1, 1), (140, 66), (210, 99), (211, 100)])
def test_share_of_personal_data_is_0_for_none_only_and_100_for_all_only(
    register: Register, fresh_database: str, personal: int, share: int
) -> None:
    register.register()
    with psycopg.connect(fresh_database) as connection:
        sums = ", ".join(
            f"{name} = {name} * 211" for name in ("sum_x", "sum_y", "sum_longitude", "sum_latitude")
        )
        connection.execute(
            f"UPDATE publication.sensor_cluster SET sensors = 211, personal_data_sensors = %s, {sums}",
            (personal,),
        )
    (cluster,) = decode(register.client.get(address(8)).content)
    assert cluster.properties == {"count": 211, "personalDataCount": personal, "personalDataShare": share}


@pytest.mark.parametrize(("matrix_set", "zoom"), [("WebMercatorQuad", 12), ("NetherlandsRDNewQuad", 7)])
def test_single_sensor_at_a_middle_zoom_level_is_a_point(
    register: Register, matrix_set: str, zoom: int
) -> None:
    scatter(register, 20, places=[AMSTERDAM])
    for number in range(2):
        register.register(reference=f"together-{number}")
    row, col = find_tile(*AMSTERDAM, zoom)
    if matrix_set == "NetherlandsRDNewQuad":
        row, col = find_rd_tile(*rd_from_lonlat(*AMSTERDAM), zoom)
    features = []
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            answer = register.client.get(f"/v1/tiles/{matrix_set}/{zoom}/{row + down}/{col + across}")
            features += decode(answer.content) if answer.status_code == 200 else []
    assert {"count", "publicCode"} <= {name for feature in features for name in feature.properties}
    assert min(feature.properties.get("count", 2) for feature in features) == 2
    assert count_sensors(features) == register.find("limit=1000")["numberMatched"]


def test_sensors_at_a_high_zoom_level_are_points_unless_they_overlap(register: Register) -> None:
    for number in range(17):
        register.register(reference=f"stack-{number}")
    register.register(reference="beside", location=place(4.9002, 52.3731))
    features = [
        feature
        for lon in (4.8932, 4.9002)
        for feature in decode(register.client.get(address(16, lon, 52.3731)).content)
    ]
    assert sorted(feature.properties.get("count", 1) for feature in features) == [1, 17]


def test_generalised_sensor_is_drawn_at_its_cell_and_internal_sensor_is_not_drawn(register: Register) -> None:
    register.register(reference="1", visibility="generalised", visibilityReason="Beveiliging")
    register.register(reference="2", visibility="internal", visibilityReason="Beveiliging")
    (cluster,) = read_zoom(register.client, 6)
    assert cluster.properties["count"] == 1

    x, y = rd_from_lonlat(*AMSTERDAM)
    middle = ((x // 250 + 0.5) * 250, (y // 250 + 0.5) * 250)
    width = 3440.64 * 256 / 2**12
    row, col = find_rd_tile(*middle, 12)
    (point,) = decode(register.client.get(f"/v1/tiles/NetherlandsRDNewQuad/12/{row}/{col}").content)
    assert point.across == math.floor(((middle[0] + 285_401.92) / width - col) * 4096)
    assert "name" not in point.properties


def test_tile_as_of_an_earlier_moment_shows_the_earlier_version(register: Register) -> None:
    document = register.register(name="Eerst")
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    amended = register.client.patch(
        f"/v1/sensors/{document['id']}", json={"name": "Later"}, headers=register.officer | {"If-Match": "*"}
    )
    assert amended.status_code == 200, amended.text
    for query, name in (("", "Later"), (f"?asOf={moment}", "Eerst")):
        (point,) = decode(register.client.get(address(15, query=query)).content)
        assert point.properties["name"] == name
        (cluster,) = decode(register.client.get(address(5, query=query)).content)
        assert cluster.properties == {"count": 1, "personalDataCount": 0, "personalDataShare": 0}


def test_tile_that_takes_too_long_is_answered_503(fresh_database: str) -> None:
    with (
        open_register(fresh_database, read_timeout_seconds=1) as register,
        psycopg.connect(fresh_database) as other,
    ):
        # The lock blocks every read of the sensors, longer than any timeout.
        other.execute("LOCK TABLE publication.published_sensor IN ACCESS EXCLUSIVE MODE")
        answer = register.client.get(address(9, query="?near=4.9,52.4&radius=50000"))
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "60"
    assert "Zoom in" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "WebMercatorQuad/0/0/1",
        "WebMercatorQuad/20/0/0",
        "WebMercatorQuad/10/0/0",
        "WebMercatorQuad/x/0/0",
        "WebMercatorQuad/0/-1/0",
        "WebMercatorQuad/00/0/0",
        "WebMercatorQuad/0/0/99999999999999999999",
        "NetherlandsRDNewQuad/15/0/0",
        "WorldCRS84Quad/0/0/0",
    ],
)
def test_tile_outside_the_tileset_is_answered_404(register: Register, path: str) -> None:
    answer = register.client.get(f"/v1/tiles/{path}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_tile_that_is_empty_or_already_known_has_no_content(register: Register) -> None:
    client = register.client
    empty = client.get(address(14))
    assert (empty.status_code, empty.content) == (204, b"")
    register.register()
    first = client.get(address(14))
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first.headers["Cache-Control"] == "public, max-age=60"
    etag = first.headers["ETag"]
    assert etag != empty.headers["ETag"]
    again = client.get(address(14), headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(address(14)).content == first.content
    assert client.get(address(14, query="?sensorType=sound")).headers["ETag"] != etag
    register.register(reference="another")
    changed = client.get(address(14), headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert len(decode(changed.content)) == 2


def test_several_mistakes_in_a_query_are_all_reported(register: Register) -> None:
    answer = register.client.get(address(14, query="?sensorType=sond&bbox=1,2,3,4&nearr=3&radius=5"))
    assert answer.status_code == 400
    named = {error["location"] for error in answer.json()["errors"]}
    assert named == {"sensorType", "bbox", "nearr", "radius"}
    assert register.client.get(address(14, query="?f=png")).status_code == 400
    assert register.client.get(address(14), headers={"Accept": "image/png"}).status_code == 406
