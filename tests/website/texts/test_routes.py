"""The pages of text: the explanations with every term of the vocabularies, and what the operator filled in."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.core.templates import localise_path
from app.website.texts.routes import TEXTS, TOPICS
from tests.support.application import make_client
from tests.support.website import NOT_SHOWN, read_text

PATHS = ("/uitleg", "/open-data", *(f"/{name}" for name in TEXTS), *(f"/uitleg/{topic}" for topic in TOPICS))

OPERATOR = {
    "contact_name": "Gemeente Voorbeeld",
    "contact_email": "sensoren@voorbeeld.nl",
    "contact_phone": "+31 20 123 45 67",
    "contact_url": "https://voorbeeld.nl/sensoren",
    "privacy_url": "https://voorbeeld.nl/privacy",
    "privacy_email": "fg@voorbeeld.nl",
    "accessibility_url": "https://www.toegankelijkheidsverklaring.nl/register/1",
    "security_email": "cert@voorbeeld.nl",
}


@pytest.mark.parametrize("path", PATHS)
def test_page_of_text_is_there_in_both_languages(site: TestClient, path: str) -> None:
    for language in ("nl", "en"):
        answer = site.get(localise_path(path, language), headers={"Accept": "text/html"})

        assert answer.status_code == 200
        assert answer.headers["content-language"] == language
        assert len(re.findall("<h1>", answer.text)) == 1


def test_links_between_the_frame_and_the_texts_lead_somewhere(site: TestClient) -> None:
    for path in ("/over", "/en/over"):
        footer = site.get(path).text.partition('<footer class="site-footer')[2]
        addresses = re.findall(r'href="(/[^"]+)"', footer)
        assert len(addresses) > 8
        for address in addresses:
            assert site.get(address, headers={"Accept": "text/html"}).status_code == 200, address


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_is_explained_by_its_definition_and_what_it_can_know(
    site: TestClient, language: str
) -> None:
    terms = site.get("/v1/vocabularies/sensorType").json()["terms"]
    page = read_text(site.get(localise_path("/uitleg/soorten", "en" if language == "en" else "nl")).text)

    for term in terms:
        assert term["label"][language] in page
        assert term["definition"][language] in page
    # "Other" can be anything.
    assert page.count(" Kan niet " if language == "nl" else " Cannot ") == len(terms) - 1


def test_words_have_an_anchor_for_each_term(site: TestClient) -> None:
    page = site.get("/uitleg/woorden").text

    for name in ("themes", "dpiaStatus", "operationalStatus", "personalData"):
        vocabulary = site.get(f"/v1/vocabularies/{name}").json()
        for term in vocabulary["terms"]:
            (definition,) = re.findall(rf'<div id="{name}-{term["code"]}"><dt>.*?</dt><dd>(.*?)</dd>', page)
            assert unescape(definition) == term["definition"]["nl"]


def test_unknown_topic_is_not_found(site: TestClient) -> None:
    answer = site.get("/uitleg/onzin", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "Over dit onderwerp is er geen uitleg." in answer.text


def test_settings_of_the_operator_fill_the_texts(module_database: str, codes: dict[str, str]) -> None:
    shown = {
        "/contact": ("contact_name", "contact_email", "contact_phone", "contact_url"),
        "/over": ("contact_name",),
        "/privacy": ("privacy_email", "privacy_url"),
        "/toegankelijkheid": ("accessibility_url", "contact_email"),
        "/beveiligingslek": ("security_email",),
        "/.well-known/security.txt": ("security_email",),
    }
    with make_client(module_database, **OPERATOR) as client:
        for path, names in shown.items():
            page = client.get(path).text
            for name in names:
                assert OPERATOR[name] in page, (path, name)


@pytest.mark.parametrize(
    ("prefix", "words", "name"),
    [
        ("", "Uw gemeente. Typ haar naam in het zoekvak", "de beheerder van dit sensorregister"),
        ("/en", "Your municipality. Type its name in the search box", "the operator of this sensor register"),
    ],
)
def test_texts_without_settings_say_whom_to_ask(site: TestClient, prefix: str, words: str, name: str) -> None:
    for path in ("/contact", "/privacy", "/toegankelijkheid", "/beveiligingslek"):
        page = read_text(site.get(prefix + path).text)
        assert "example.org" not in page
        assert words in page, path
    over = read_text(site.get(f"{prefix}/over").text)
    assert name in over
    assert "security.txt" not in site.get(f"{prefix}/beveiligingslek").text


def test_downloads_of_open_data_hold_every_sensor(site: TestClient, codes: dict[str, str]) -> None:
    page = site.get("/open-data").text
    addresses = {
        re.search(r"f=([\w-]+)", address)[1]: unescape(address)  # type: ignore[index]
        for address in re.findall(r'href="(/v1/collections/sensors/items\?f=[^"]+)"', page)
    }

    assert {"xlsx", "csv", "geopackage", "geoparquet"} <= addresses.keys()
    table = site.get(addresses["csv"]).text.splitlines()
    assert len(table) == 1 + len(codes.keys() - NOT_SHOWN)


def test_accessibility_statement_claims_nothing_that_the_operator_did_not_give(site: TestClient) -> None:
    page = read_text(site.get("/toegankelijkheid").text)

    assert "De status is nog niet vastgesteld." in page
    assert "De beheerder heeft hem nog niet nagekeken." in page
    assert "Niet getest: andere browsers, schermlezers, en gebruik door mensen met een beperking." in page
    assert not re.search("Status [A-D]:|voldoet aan", page)


def test_accessibility_statement_follows_the_model_with_what_the_operator_gives(
    module_database: str, codes: dict[str, str]
) -> None:
    given = {"accessibility_status": "B", "accessibility_date": "2026-11-02"}
    report = {"accessibility_report_url": "https://voorbeeld.nl/onderzoek.pdf"}
    with make_client(module_database, **OPERATOR, **given, **report) as client:
        html = client.get("/toegankelijkheid").text

    page = read_text(html)
    for said in (
        "Status B: de site voldoet aan een deel van de eisen.",
        "EN 301 549",
        "WCAG 2.2",
        "Nationale ombudsman",
        "het laatst nagekeken op 2 november 2026.",
        "sensoren@voorbeeld.nl",
    ):
        assert said in page
    assert 'href="https://voorbeeld.nl/onderzoek.pdf"' in html
