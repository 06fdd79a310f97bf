"""The page of one spot, without JavaScript."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

SEEN = "4.8929,52.3729"
"""South-west of the full camera, which looks that way."""


def read_section(html: str, name: str) -> str:
    """The HTML of one of the three groups."""
    found = re.search(rf'<section[^>]*aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)
    assert found is not None
    return found[1]


def test_spot_has_the_answer_first_and_each_sensor_in_its_group(
    site: TestClient, codes: dict[str, str]
) -> None:
    answer = site.get(f"/hier?plek={SEEN}")

    assert answer.status_code == 200
    text = read_text(answer.text)
    assert "Op deze plek kan 1 camera u zien. Binnen 500 meter " in text
    assert "Een mobiele sensor komt hier soms langs" in text
    assert f'href="/s/{codes["full"]}"' in read_section(answer.text, "seeing")
    assert f'href="/s/{codes["mobile"]}"' in read_section(answer.text, "passing")
    near = read_section(answer.text, "near")
    assert f'href="/s/{codes["plain"]}"' in near
    assert codes["full"] not in near
    assert "Gemeente Amsterdam." in text


def test_answer_comes_before_the_search_box(site: TestClient) -> None:
    page = site.get(f"/hier?plek={SEEN}").text

    assert page.index("spot-answer") < page.index("search-box")


def test_planned_sensor_says_so(site: TestClient, codes: dict[str, str]) -> None:
    near = read_section(site.get(f"/hier?plek={SEEN}").text, "near")

    row = next(part for part in near.split("<li>") if codes["planned"] in part)
    assert "Gepland" in row


def test_generalised_sensor_has_no_distance(site: TestClient, codes: dict[str, str]) -> None:
    near = read_section(site.get(f"/hier?plek={SEEN}").text, "near")

    row = next(part for part in near.split("<li>") if codes["generalised"] in part)
    assert not re.search(r"\d\s*meter", read_text(row))
    assert "In de buurt, de precieze plek is niet openbaar" in near


def test_page_says_that_a_place_without_sensors_may_have_one(site: TestClient) -> None:
    text = read_text(site.get("/hier?plek=5.12138,52.09066").text)

    assert "op een plek zonder sensor in het register kan er toch een hangen" in text
    assert "Wat is er bekend in de gemeente Utrecht?" in text
    assert "In dit register staat nog geen sensor in Utrecht." in text
    assert "Vraag het aan de gemeente Utrecht." in text


def test_page_links_to_the_same_answer_as_data(site: TestClient) -> None:
    page = site.get(f"/hier?plek={SEEN}").text

    (path,) = set(re.findall(r'href="(/v1/places/spot[^"]*)"', page))
    assert site.get(path).json()["sentence"] in read_text(page)


def test_english_page_has_the_english_answer(site: TestClient) -> None:
    assert "On this spot 1 camera can see you." in read_text(site.get(f"/en/hier?plek={SEEN}").text)


def test_spot_is_stored_in_no_shared_cache_and_in_no_search_engine(site: TestClient) -> None:
    answer = site.get(f"/hier?plek={SEEN}")

    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_metres_lead_to_the_spot_that_is_meant(site: TestClient) -> None:
    answer = site.get("/hier?plek=121358,487361", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/hier?plek=4.89319,52.37309")


def test_swapped_numbers_lead_to_the_spot_that_is_meant(site: TestClient) -> None:
    answer = site.get("/hier?plek=52.3729,4.8929", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/hier?plek=4.89290,52.37290")


@pytest.mark.parametrize(
    ("spot", "sentence"),
    [
        ("x", "Wij begrijpen niet welke plek u bedoelt."),
        ("121358,xx", "Wij begrijpen niet welke plek u bedoelt."),
        ("13.4,52.5", "Deze plek ligt niet in Nederland."),
    ],
)
def test_wrong_spot_gives_the_search_box_with_the_mistake(site: TestClient, spot: str, sentence: str) -> None:
    answer = site.get(f"/hier?plek={spot}")

    assert answer.status_code == 400
    assert sentence in read_text(answer.text)
    assert 'name="zoek"' in answer.text


def test_page_without_a_spot_asks_for_one(site: TestClient) -> None:
    answer = site.get("/hier")

    assert answer.status_code == 200
    assert 'name="zoek"' in answer.text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Utrecht", "/zoeken?zoek=Utrecht"),
        ("Neude, Utrecht", "/zoeken?zoek=Neude%2C+Utrecht"),
        ("Volendam", "/zoeken?zoek=Volendam"),
    ],
)
def test_text_without_address_service_leads_to_the_results(site: TestClient, text: str, address: str) -> None:
    answer = site.get("/hier", params={"zoek": text}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, address)


@pytest.mark.parametrize(
    ("prefix", "remark"), [("", "kijkt niet naar deze plek"), ("/en", "does not look at this spot")]
)
def test_camera_near_that_looks_the_other_way_says_so(
    site: TestClient, codes: dict[str, str], prefix: str, remark: str
) -> None:
    # North-east of the full camera, which looks to the south-west.
    near = read_section(site.get(f"{prefix}/hier?plek=4.8945,52.3739").text, "near")

    rows = {code: part for part in near.split("<li>") for code in codes.values() if code in part}
    assert remark in rows[codes["full"]]
    assert remark not in rows[codes["plain"]]
