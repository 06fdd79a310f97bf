"""The page of results of the search box, without JavaScript."""

import html
import re

import pytest
from fastapi.testclient import TestClient

from tests.support.application import make_client
from tests.support.website import read_text


def follow(site: TestClient, path: str) -> tuple[int, str]:
    """The status of a page, and where it leads."""
    answer = site.get(path, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Utrecht", "/gemeente/GM0344"),
        ("den haag", "/gemeente/GM0518"),
        ("camera", "/soort/optical_camera"),
        ("flitspaal", "/soort/speed_camera"),
    ],
)
def test_text_with_one_meaning_leads_to_its_page(site: TestClient, text: str, address: str) -> None:
    assert follow(site, f"/zoeken?zoek={text}") == (303, address)
    assert follow(site, f"/en/zoeken?zoek={text}") == (303, f"/en{address}")


def test_registration_number_leads_to_the_page_of_the_sensor(site: TestClient, codes: dict[str, str]) -> None:
    code = codes["full"]

    assert follow(site, f"/zoeken?zoek={code[:3].lower()}+{code[3:]}") == (303, f"/s/{code}")


def test_mistyped_number_leads_to_the_page_that_explains_it(site: TestClient) -> None:
    assert follow(site, "/zoeken?zoek=222-2223") == (303, "/s/2222223")


def test_mistyped_number_that_no_name_has_leads_to_the_page_that_explains_it(site: TestClient) -> None:
    status, address = follow(site, "/zoeken?zoek=XKV6XX0")

    assert (status, address) == (303, "/s/XKV6XX0")
    assert "Deze tekens komen niet voor in een registratienummer: 0." in read_text(site.get(address).text)


@pytest.mark.parametrize("page", ["/zoeken", "/hier"])
def test_coordinates_lead_to_their_spot_which_says_how_they_were_read(site: TestClient, page: str) -> None:
    answer = site.get(page, params={"zoek": "52,3729 4,8929"})

    assert answer.url.path == "/hier"
    assert "Gelezen als breedtegraad 52,37290 en lengtegraad 4,89290." in read_text(answer.text)
    assert "Gemeente Amsterdam." in read_text(answer.text)


def test_coordinates_elsewhere_say_so(site: TestClient) -> None:
    text = read_text(site.get("/zoeken", params={"zoek": "48.85, 2.35"}).text)

    assert "Deze plek ligt niet in Nederland." in text


def test_town_without_address_service_is_a_choice_that_says_what_is_not_found(site: TestClient) -> None:
    answer = site.get("/zoeken?zoek=Vleuten", follow_redirects=False)

    text = read_text(answer.text)
    assert answer.status_code == 200
    assert "Vleuten in de gemeente Utrecht" in text
    assert "Bedoelt u een straat, plein of gebouw met deze naam?" in text
    address = re.search(r'href="(/hier[?]plek=[^"]+)"', html.unescape(answer.text))
    assert address
    assert "U zocht een plaats." in read_text(site.get(address[1]).text)


def test_text_with_several_meanings_gives_a_choice(site: TestClient) -> None:
    answer = site.get("/zoeken?zoek=Valkenburg", follow_redirects=False)

    assert answer.status_code == 200
    assert answer.text.count('href="/hier?plek=') == 2
    assert answer.headers["cache-control"] == "private, max-age=60"


def test_square_without_address_service_gives_the_town_and_how_exact_it_is(site: TestClient) -> None:
    answer = site.get("/zoeken?zoek=Neude, Utrecht", follow_redirects=False)

    text = read_text(answer.text)
    assert answer.status_code == 200
    assert 'href="/gemeente/GM0344"' in answer.text
    assert "gevonden: de gemeente, niet Neude" in text
    assert "Dit register zoekt niet op straat, postcode of adres." in text


def test_unknown_text_says_what_to_do(site: TestClient) -> None:
    answer = site.get("/zoeken?zoek=Neude")

    text = read_text(answer.text)
    assert answer.status_code == 200
    assert "Niets gevonden voor Neude" in text
    assert "Wat u kunt doen" in text
    assert "Ede" not in text


def test_kind_with_a_municipality_is_the_first_result_and_its_list_has_both(site: TestClient) -> None:
    answer = site.get("/zoeken?zoek=camera's in Amsterdam", follow_redirects=False)

    assert answer.status_code == 200
    results = answer.text[answer.text.index('class="plain-list results"') :]
    address = re.search(r'href="([^"]+)"', html.unescape(results))
    assert address
    assert address[1] == "/sensoren?sensorType=optical_camera&municipality=GM0363"
    assert "Telcamera op de Dam" in read_text(site.get(address[1]).text)


def test_empty_field_is_a_mistake_with_a_message(site: TestClient) -> None:
    answer = site.get("/zoeken?zoek=+")

    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert "Vul in wat u zoekt." in answer.text


def test_first_visit_without_a_field_shows_the_search_box(site: TestClient) -> None:
    answer = site.get("/zoeken")

    assert answer.status_code == 200
    assert "aria-invalid" not in answer.text


def test_text_is_shown_and_not_run(site: TestClient) -> None:
    answer = site.get("/zoeken", params={"zoek": "<script>alert(1)</script>"})

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


WORDS_LINK = re.compile(r'href="(/sensoren\?q=[^"]+)"[^>]*>([^<]*)<')


def test_search_of_words_that_finds_sensors_is_a_link_with_their_number(site: TestClient) -> None:
    page = html.unescape(site.get("/zoeken?zoek=telcamera dam").text)

    ((link, label),) = WORDS_LINK.findall(page)
    assert label.endswith("(1)")
    assert re.search(r"data-count>\s*1 sensor", site.get(link).text)


@pytest.mark.parametrize("text", ["Neude", "qqqq", "Neude, Utrecht"])
def test_search_of_words_that_finds_nothing_is_left_out(site: TestClient, text: str) -> None:
    assert not WORDS_LINK.findall(site.get("/zoeken", params={"zoek": text}).text)


NO_STREETS = "Dit register zoekt niet op straat, postcode of adres."


@pytest.mark.parametrize("text", ["Vleuten", "Neude, Utrecht"])
def test_note_on_addresses_comes_after_the_results(site: TestClient, text: str) -> None:
    page = read_text(site.get("/zoeken", params={"zoek": text}).text)

    assert page.index(NO_STREETS) > page.index("Plaatsen" if text == "Vleuten" else "Gemeenten")


@pytest.mark.parametrize("text", ["paleis", "gevel", "privacy"])
def test_note_on_addresses_is_left_out_of_a_search_for_a_subject(site: TestClient, text: str) -> None:
    assert NO_STREETS not in read_text(site.get("/zoeken", params={"zoek": text}).text)


@pytest.mark.parametrize(
    ("prefix", "advice", "link"),
    [
        ("", "Zoek op de plaats of gemeente, of kies de plek op de kaart.", "Kies de plek op de kaart"),
        (
            "/en",
            "Search by the town or municipality, or choose the place on the map.",
            "Choose the place on the map",
        ),
    ],
)
def test_postcode_says_what_a_person_can_do(site: TestClient, prefix: str, advice: str, link: str) -> None:
    page = site.get(f"{prefix}/zoeken?zoek=3512 AD").text

    assert advice in read_text(page)
    assert f'<a href="{prefix}/kaart">{link}</a>' in page


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Utregt", "Utrecht", "/gemeente/GM0344"),
        ("Amsterdm", "Amsterdam", "/gemeente/GM0363"),
        ("Amstredam", "Amsterdam", "/gemeente/GM0363"),
        ("Gelderlant", "Gelderland", "/provincie/gelderland"),
    ],
)
def test_misspelt_name_is_asked_for_as_a_link(site: TestClient, text: str, name: str, address: str) -> None:
    page = site.get(f"/zoeken?zoek={text}").text

    assert f'Bedoelt u <a href="{address}">{name}</a>?' in page
    assert page.count(f">{name}</a>?") == 1
    assert "Did you mean" in read_text(site.get(f"/en/zoeken?zoek={text}").text)


def test_long_text_is_shortened_in_the_heading_and_says_what_was_searched(site: TestClient) -> None:
    answer = site.get("/zoeken", params={"zoek": "W" * 3000})

    text = read_text(answer.text)
    assert f"Niets gevonden voor {'W' * 60}…" in text
    assert "Wij hebben alleen op de eerste 100 tekens gezocht." in text


@pytest.mark.parametrize("page", ["/", "/zoeken", "/hier", "/uitleg", "/sensoren", "/bestaat-niet"])
def test_search_box_promises_addresses_only_where_they_are_found(
    site: TestClient, module_database: str, page: str
) -> None:
    with make_client(module_database, place_search_url="http://127.0.0.1:9/") as with_service:
        promised = with_service.get(page, headers={"accept": "text/html"}).text
    offered = site.get(page, headers={"accept": "text/html"}).text

    assert ">Zoek op adres, plaats, soort of nummer<" in promised
    assert ">Zoek op plaats, gemeente, soort of nummer<" in offered
    assert not re.search("zoek (hierboven )?(uw |op )(adres|straat)", read_text(offered), re.IGNORECASE)
