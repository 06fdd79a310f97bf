"""The answer to "does it record me?" on the page of a sensor, and the letter beside it."""

from typing import Final

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

LETTER: Final = "Vraag met een brief wat er over u bewaard is"


@pytest.mark.parametrize(
    ("kind", "question", "said"),
    [
        ("full", "Neemt deze sensor mij op?", "Volgens de eigenaar filmt deze sensor of maakt die foto's."),
        ("full", "Neemt deze sensor mij op?", "De gegevens worden volgens de eigenaar 28 dagen bewaard."),
        ("plain", "Neemt deze sensor mij op?", "De sensor meet geluid."),
        ("planned", "Neemt deze sensor mij straks op?", "geen camera"),
        ("removed", "Nam deze sensor mij op?", "geen camera"),
    ],
)
def test_page_says_at_the_top_whether_it_records(
    site: TestClient, unusual: dict[str, str], kind: str, question: str, said: str
) -> None:
    head = site.get(f"/s/{unusual[kind]}").text.partition('class="privacy-card__row"')[0]

    text = read_text(head)
    assert question in text
    assert said in text
    assert "According to its owner" in read_text(site.get(f"/en/s/{unusual[kind]}").text)


def test_letter_is_offered_before_the_rows_of_the_card_where_it_is_about_people(
    site: TestClient, unusual: dict[str, str]
) -> None:
    page = site.get(f"/s/{unusual['full']}").text

    assert LETTER in page.partition('class="privacy-card__row"')[0]
    assert f'href="/s/{unusual["full"]}/brief"' in page
    assert LETTER not in site.get(f"/s/{unusual['plain']}").text


def test_every_sensor_has_the_letter_beside_its_other_actions(
    site: TestClient, unusual: dict[str, str]
) -> None:
    for kind in ("full", "plain", "removed"):
        page = site.get(f"/s/{unusual[kind]}").text
        actions = page[page.index('class="plain-list actions') :].partition("</ul>")[0]
        assert "Schrijf een brief" in actions


def test_light_cell_has_its_own_words_on_the_page_of_its_kind(site: TestClient) -> None:
    text = read_text(site.get("/soort/lichtcel").text)

    assert "Lichtcel: Een cel die meet hoeveel licht er is" in text
    assert "Het is geen camera." in text
    assert "De cijfers tellen alle sensoren van de soort." in text
    assert 'href="/sensoren?sensorSubtype=light_cell"' in site.get("/soort/light_cell").text
    assert site.get("/sensoren?sensorSubtype=light_cell").status_code == 200
    assert (
        "Deze pagina gaat over de hele soort"
        not in site.get("/soort/optical_camera?voorbeeld=weather_station").text
    )


def test_legend_of_the_map_calls_no_light_cell_a_camera(site: TestClient) -> None:
    assert "C camera of andere optische sensor" in read_text(site.get("/kaart").text)


def test_spot_says_whether_its_camera_records(site: TestClient) -> None:
    text = read_text(site.get("/hier?plek=4.8928,52.3729").text)

    assert "Word ik opgenomen?" in text
    answer = site.get("/v1/places/spot?at=4.8928,52.3729&lang=nl").json()
    assert answer["recording"] in text
