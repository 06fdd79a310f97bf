"""Pages of errors: the words of the reader, the form with what was typed, and the ways on."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.sensors.search.parameter_labels import PARAMETER_LABELS
from tests.support.website import read_text

ITEMS = "/v1/collections/sensors/items"
NAMES_THAT_ARE_WORDS = ("filter", "f", "by", "code", "soort", "status", "plek", "crs", "gemeente")


def read_page(site: TestClient, path: str, status: int, language: str = "nl") -> str:
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = site.get(path, headers=headers)
    assert answer.status_code == status
    return answer.text


def find_main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("language", "label"), [("nl", "Zoals op"), ("en", "As of")])
def test_problem_of_a_parameter_stands_at_its_label_with_what_was_typed(
    site: TestClient, language: str, label: str
) -> None:
    main = find_main(read_page(site, f"{ITEMS}?asOf=gisteren&limit=5", 400, language))

    assert re.search(
        rf"<label for=\"field-1\">{label}</label>\s*<p class=\"[^\"]+error-message\" id=\"problem-1\">", main
    )
    assert re.search(r'name="asOf" value="gisteren" aria-invalid="true" aria-describedby="problem-1"', main)
    assert re.search(r'name="limit" value="5">', main)
    assert f'href="{ITEMS}?limit=5"' in main
    assert "asOf" not in read_text(main)


def test_page_names_no_parameter_of_the_api(site: TestClient) -> None:
    query = "asOf=x&q=&sensorType=kamera&sortby=foo&bbox-crs=x&bbox=1,2&near=5,52&radius=999999&nearCrs=1"
    text = read_text(find_main(read_page(site, f"{ITEMS}?{query}&{query}", 400)))

    named = {name for name in PARAMETER_LABELS if name not in NAMES_THAT_ARE_WORDS}
    assert not {name for name in named if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)}
    assert "`" not in text


def test_unknown_parameter_is_named_with_the_label_of_the_nearest(site: TestClient) -> None:
    main = find_main(read_page(site, f"{ITEMS}?sensortype=camera&limit=2", 400))

    assert "“sensortype” kennen wij niet." in main
    assert "Bedoelt u “Soort sensor”?" in main
    assert f'href="{ITEMS}?limit=2"' in main


@pytest.mark.parametrize("path", ["/zoeken?zoek=%00Neude", "/gemeente/%00", "/hier?plek=%ff"])
def test_unreadable_text_is_said_in_words_and_not_shown_again(site: TestClient, path: str) -> None:
    page = read_page(site, path, 400)

    assert "Deze tekst kunnen wij niet lezen." in page
    assert "\0" not in unescape(page)
    assert "UTF-8" not in read_text(find_main(page))


@pytest.mark.parametrize(
    ("path", "question", "address"),
    [
        ("/gemeente/utregt", "Bedoelt u Utrecht (GM0344)?", "/gemeente/GM0344"),
        ("/provincie/utregt", "Bedoelt u Utrecht?", "/provincie/PV26"),
        ("/soort/kamera", "Bedoelt u Camera", "/soort/"),
        ("/organisatie/gemeente-amsterdm", "Bedoelt u Gemeente Amsterdam?", "/organisatie/"),
    ],
)
def test_mistyped_name_leads_to_the_page_that_was_meant(
    site: TestClient, path: str, question: str, address: str
) -> None:
    main = find_main(read_page(site, path, 404))
    link = re.search(r'href="([^"]+)">Ja, die bedoel ik', main)

    assert question in main
    assert link is not None
    assert link[1].startswith(address)
    assert site.get(link[1]).status_code == 200


@pytest.mark.parametrize("path", ["/gemeente/atlantis", "/nergens", "/s/ABC/brief", "/en/uitleg/foo"])
def test_unknown_page_leads_on(site: TestClient, path: str) -> None:
    main = find_main(read_page(site, path, 404))
    prefix = "/en" if path.startswith("/en") else ""

    assert f'action="{prefix}/zoeken"' in main
    assert f'href="{prefix}/kaart"' in main
    assert "name:" not in read_text(main)
