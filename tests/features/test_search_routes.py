"""Searches by POST: filters that are too long for an address, within the limits of every filter."""

import csv
import io
import json
import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx2 import Response

from app.spatial.crs import Crs, rd_from_lonlat
from tests.support.register import Register, open_register

DAM = (4.8932, 52.3731)
FAR = (4.80, 52.33)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    """Two sensors within the outline, one with a field of view, and one outside it."""
    with open_register(module_database) as register:
        register.register(reference="a", viewDirectionDeg=0, viewAngleDeg=90, viewRangeM=50)
        register.register(reference="b", location={"type": "Point", "coordinates": [4.89, 52.371]})
        register.register(reference="far", location={"type": "Point", "coordinates": list(FAR)})
        yield register


def draw_outline(corners: int) -> list[list[float]]:
    """A star around Dam square with a radius of about two kilometres, which has FAR outside it."""
    angles = [2 * math.pi * corner / corners for corner in range(corners)]
    ring = [
        [
            round(DAM[0] + (0.03 + corner % 2 * 0.001) * math.cos(angle), 7),
            round(DAM[1] + (0.02 + corner % 2 * 0.001) * math.sin(angle), 7),
        ]
        for corner, angle in enumerate(angles)
    ]
    return [*ring, ring[0]]


def write_filter(ring: list[list[float]], words: str = "sensorType <> 'beacon'") -> str:
    return f"S_INTERSECTS(geometry, POLYGON(({', '.join(f'{x} {y}' for x, y in ring)}))) AND {words}"


OUTLINE = draw_outline(7000)
LONG = write_filter(OUTLINE)


def search(register: Register, collection: str = "sensors", /, path: str = "", **parameters: str) -> Response:
    body = urlencode({name.replace("_", "-"): value for name, value in parameters.items()})
    address = path or f"/v1/collections/{collection}/search"
    return register.client.post(address, content=body, headers=FORM)


def list_references(answer: Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    return sorted(feature["properties"]["reference"] for feature in answer.json()["features"])


def list_problems(answer: Response) -> set[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return {(problem["location"], problem["code"]) for problem in answer.json()["errors"]}


def test_outline_of_a_municipality_is_searched_by_post(register: Register) -> None:
    assert 140_000 < len(LONG) < 200_000
    assert list_references(search(register, filter=LONG)) == ["a", "b"]
    assert list_references(search(register, filter=LONG, sensorType="radio")) == []
    assert list_references(search(register, "observed-areas", filter=LONG)) == ["a"]
    codes = [
        one["id"]
        for one in search(
            register, "municipalities", filter=write_filter(OUTLINE, "code <> 'GM0344'")
        ).json()["features"]
    ]
    assert codes == ["GM0363"]


def test_outline_is_searched_in_json_and_in_rd(register: Register) -> None:
    ring = [[round(number, 3) for number in rd_from_lonlat(*corner)] for corner in OUTLINE]
    tree = {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": [ring]}]}
    answer = search(register, filter=json.dumps(tree), filter_lang="cql2-json", filter_crs=Crs.RD.uri)
    assert list_references(answer) == ["a", "b"]


def test_short_search_by_post_equals_the_items(register: Register) -> None:
    posted = search(register, sortby="-reference", limit="2", properties="reference").json()
    read = register.find("sortby=-reference&limit=2&properties=reference")
    for name in ("features", "numberMatched", "numberReturned"):
        assert posted[name] == read[name]


def test_pages_are_followed_with_the_same_body(register: Register) -> None:
    found: list[str] = []
    path = ""
    while True:
        answer = search(register, path=path, filter=LONG, limit="1", sortby="reference")
        found += list_references(answer)
        links = {link["rel"]: link for link in answer.json()["links"]}
        assert links["self"]["method"] == "POST"
        if "next" not in links:
            break
        assert links["next"]["method"] == "POST"
        path = links["next"]["href"].removeprefix("http://127.0.0.1:8000")
    assert found == ["a", "b"]
    other = search(register, path=path, filter=LONG, limit="1", sortby="-reference")
    assert list_problems(other) == {("cursor", "invalid_cursor")}


def test_answer_by_post_is_a_file_and_is_not_cached(register: Register) -> None:
    answer = search(register, filter=LONG, f="csv", sortby="reference")
    rows = list(
        csv.DictReader(
            io.StringIO(answer.text.lstrip("\ufeff")),
            delimiter=";" if ";" in answer.text.split("\n")[0] else ",",
        )
    )
    assert [row["reference"] for row in rows] == ["a", "b"]
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_every_problem_of_a_body_is_named_at_once(register: Register) -> None:
    answer = search(register, sensorType="sond", filter="colour = 1", limit="0", nearby="1", f="html")
    assert list_problems(answer) == {
        ("sensorType", "unknown_value"), ("filter", "unknown_property"), ("limit", "invalid_number"),
        ("nearby", "unknown_parameter"), ("f", "unknown_format"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        write_filter(draw_outline(11_000)),
        write_filter(OUTLINE, "project = '" + "x" * 5000 + "'"),
        " OR ".join(["project = 'x'"] * 500),
    ],
    ids=["coordinates", "text", "comparisons"],
)
def test_filter_beyond_the_limits_of_a_body_is_refused(register: Register, text: str) -> None:
    assert list_problems(search(register, filter=text)) == {("filter", "filter_too_long")}


def test_deep_filter_is_refused_in_a_body_too(register: Register) -> None:
    assert list_problems(search(register, filter="(" * 49 + "openData" + ")" * 49)) == {
        ("filter", "filter_too_deep")
    }


def test_other_long_parameters_are_refused_without_repeating_them(register: Register) -> None:
    answer = search(register, project="x" * 5000, near="4,52" * 2000)
    assert list_problems(answer) == {("project", "too_long"), ("near", "too_long")}
    assert len(answer.content) < 5000


def test_long_filter_in_an_address_is_refused_with_the_way_by_post(register: Register) -> None:
    answer = register.client.get(
        "/v1/collections/sensors/items", params={"filter": write_filter(draw_outline(300))}
    )
    assert list_problems(answer) == {("filter", "filter_too_long")}
    assert "POST" in answer.json()["errors"][0]["detail"]


def test_body_that_is_no_form_is_refused(register: Register) -> None:
    answer = register.client.post("/v1/collections/sensors/search", json={"filter": LONG})
    assert answer.status_code == 415
    assert register.client.get("/v1/collections/sensors/search").status_code == 405
