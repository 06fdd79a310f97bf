"""The picture of a map: the outlines, the sensors of the search, and requests that are wrong."""

import re

import pytest
from fastapi.testclient import TestClient

VIEW = "view=4.885,52.368,4.901,52.378"
COUNTRY = "view=3.4,50.7,7.2,53.6"


def read_picture(site: TestClient, query: str) -> str:
    answer = site.get(f"/map-picture.svg?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    return answer.text


def count_symbols(picture: str) -> int:
    return len(re.findall(r"<circle[^>]*fill-opacity", picture))


def test_picture_has_every_sensor_that_tiles_have_there(site: TestClient) -> None:
    items = site.get("/v1/collections/sensors/items?bbox=4.885,52.368,4.901,52.378&limit=100").json()

    picture = read_picture(site, f"{VIEW}&size=1140x645")
    numbers = [int(number) for number in re.findall(r">(\d+)</text>", picture)]
    letters = re.findall(r">([A-Z])</text>", picture)

    assert sum(numbers) + len(letters) >= items["numberMatched"] > 0


def test_picture_of_the_country_has_a_name_outlines_and_its_sources(site: TestClient) -> None:
    picture = read_picture(site, f"{COUNTRY}&size=360x450")

    assert ">Amsterdam</text>" in picture
    assert re.search(r'<path d="M [\d.]+ [\d.]+ l', picture)
    total = site.get("/v1/collections/sensors/items?limit=1").json()["numberMatched"]
    assert sum(int(number) for number in re.findall(r">(\d+)</text>", picture)) == total


def test_picture_shows_the_search_of_its_page(site: TestClient) -> None:
    everything = read_picture(site, f"{VIEW}&size=360x450")
    cameras = read_picture(site, f"{VIEW}&size=360x450&sensorType=optical_camera")

    assert 0 < count_symbols(cameras) < count_symbols(everything)
    assert count_symbols(read_picture(site, f"{VIEW}&size=360x450&sensorType=beacon")) == 0


def test_spot_is_marked_and_the_dark_has_other_colours(site: TestClient) -> None:
    plain = read_picture(site, VIEW)

    assert 'fill="#0a5a61"' in read_picture(site, f"{VIEW}&spot=4.8929,52.3729")
    assert 'fill="#0a5a61"' not in plain
    assert read_picture(site, f"{VIEW}&scheme=dark").splitlines()[1] != plain.splitlines()[1]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        (f"{VIEW}&scheme=pink", 404),
        ("view=5,52,5,52.1", 404),
        ("view=1,2", 400),
        (f"{VIEW}&margins=some", 404),
        (f"{VIEW}&margins=none&lang=nl", 200),
        (f"{VIEW}&size=1x1", 400),
        (f"{VIEW}&size=9999x9999", 400),
        (f"{VIEW}&spot=x", 400),
        (f"{VIEW}&sensorType=nothing", 400),
        ("view=-180,-90,180,90", 200),
        ("view=5,52,5.0000001,52.0000001", 200),
        ("view=13,52,14,53", 200),
    ],
)
def test_any_request_gets_an_answer(site: TestClient, query: str, status: int) -> None:
    assert site.get(f"/map-picture.svg?{query}").status_code == status


@pytest.mark.parametrize(
    "path", ["/", "/en", "/kaart", "/hier?plek=4.8929,52.3729", "/gemeente/amsterdam", "/s/{full}"]
)
def test_page_with_a_map_names_a_picture_that_exists(
    site: TestClient, codes: dict[str, str], path: str
) -> None:
    page = site.get(path.format(**codes)).text
    addresses = re.findall(r'(?:srcset|src)="(/map-picture[^"]+)"', page)

    assert len(addresses) == 4
    for address in addresses:
        assert site.get(address.replace("&amp;", "&")).status_code == 200, address
