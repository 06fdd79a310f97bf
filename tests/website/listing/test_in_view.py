"""The list beside a map: the sensors of a box, as links, and the number of all of them."""

import re

from fastapi.testclient import TestClient

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
