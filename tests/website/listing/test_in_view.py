"""The list beside a map: the sensors of a box, as links, and the number of all of them."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

DAM = "4.890,52.370,4.900,52.376"


def test_sensors_of_the_box_are_listed_as_links(site: TestClient, codes: dict[str, str]) -> None:
    answer = site.get(f"/kaart/in-beeld?bbox={DAM}")
    items = site.get(f"/v1/collections/sensors/items?bbox={DAM}").json()

    assert answer.status_code == 200
    found = {feature["properties"]["publicCode"] for feature in items["features"]}
    assert set(re.findall(r'href="/s/([^"]+)"', answer.text)) == found
    assert codes["full"] in found
    assert f"{len(found)} sensoren" in answer.text


def test_box_without_sensors_says_so(site: TestClient) -> None:
    answer = site.get("/en/kaart/in-beeld?bbox=6.9,53.3,6.91,53.31")

    assert "No sensors are registered in this part of the map." in answer.text


def test_wrong_box_is_refused(site: TestClient) -> None:
    assert site.get("/kaart/in-beeld?bbox=1,2").status_code == 400


@pytest.mark.parametrize("most", [50, 2])
def test_sensors_in_view_are_ordered_by_distance_from_its_middle_and_have_none(
    site: TestClient, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("app.website.listing.in_view.MAX_LISTED", most)
    east, north = 4.8932, 52.3731
    listed = {}
    # Dam square, and the middle of the area of the mobile sensor.
    for middle in ((east, north), (4.89, 52.37)):
        box = f"{middle[0] - 0.02},{middle[1] - 0.02},{middle[0] + 0.02},{middle[1] + 0.02}"
        answer = site.get(f"/kaart/in-beeld?bbox={box}")
        found = re.findall(r'href="/s/([^"]+)"', answer.text)
        items = site.get(
            f"/v1/collections/sensors/items?bbox={box}&near={middle[0]},{middle[1]}&radius=9000"
        ).json()
        distances = {
            one["properties"]["publicCode"]: one["properties"]["distanceM"] for one in items["features"]
        }
        listed[middle] = found[0]

        assert [distances[code] for code in found] == sorted(distances.values())[: len(found)]
        assert len(found) == min(most, len(distances))
        assert not re.search(r"op [\d.]+ meter", read_text(answer.text))
    assert len(set(listed.values())) == 2
