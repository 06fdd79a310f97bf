"""The pages as a browser gets them."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.core.i18n import Language
from app.sensors.search.parameter_labels import PARAMETER_LABELS
from tests.support.application import make_client
from tests.support.website import NOT_SHOWN, read_text

PAGES = ("/", "/sensoren", "/sensoren?municipality=Amsterdam")


@pytest.mark.parametrize(("prefix", "language"), [("", "nl"), ("/en", "en")])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_in_the_language_of_its_address(
    site: TestClient, prefix: str, language: Language, path: str
) -> None:
    address = prefix + path if path != "/" else prefix or "/"

    answer = site.get(address, headers={"Accept-Language": "de, nl;q=0.5, en;q=0.5"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}"' in answer.text
    assert 'hreflang="nl"' in answer.text
    assert 'hreflang="en"' in answer.text


def test_policy_lets_no_inline_script_or_style_run(site: TestClient) -> None:
    for path in ("/", "/sensoren", "/v1/docs"):
        policy = site.get(path).headers["content-security-policy"]

        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_start_page_counts_what_is_shown(site: TestClient, codes: dict[str, str]) -> None:
    page = site.get("/").text

    # All are the municipality's but one.
    assert f"{len(codes.keys() - NOT_SHOWN)} sensoren 2 organisaties 1 met persoonsgegevens" in read_text(
        page
    )
    (address,) = re.findall(r'href="(/sensoren\?personalData=[^"]+)"', page)
    assert f'href="/s/{codes["full"]}"' in site.get(address).text
    assert f'href="/s/{codes["mobile"]}"' in page
    assert codes["removed"] not in page


def test_browser_without_key_is_told_to_sign_in(site: TestClient) -> None:
    page = site.get("/v1/sensors", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert "<h1>Log eerst in</h1>" in page.text
    assert "Authorization" not in page.text
    program = site.get("/v1/sensors", headers={"Accept-Language": "nl"})
    assert program.json()["detail"] == "Stuur een geldige sleutel mee: `Authorization: Bearer …`."


def test_internal_sensor_has_no_page(site: TestClient, codes: dict[str, str]) -> None:
    answer = site.get(f"/s/{codes['internal']}")

    assert answer.status_code == 404
    assert "Opsporing" not in answer.text


def test_code_is_read_as_people_type_it(site: TestClient, codes: dict[str, str]) -> None:
    code = codes["plain"]
    for typed in (code.lower(), f"{code[:3]}-{code[3:]}", f"{code[:4]} {code[4:]}"):
        answer = site.get(f"/en/s/{typed}", follow_redirects=False)

        assert answer.status_code == 301
        assert answer.headers["location"] == f"/en/s/{code}"


def test_form_leads_to_the_sensor(site: TestClient, codes: dict[str, str]) -> None:
    answer = site.get("/s", params={"code": f" {codes['plain'].lower()} "})

    assert answer.status_code == 200
    assert answer.url.path == f"/s/{codes['plain']}"


def test_empty_form_says_what_to_do(site: TestClient) -> None:
    answer = site.get("/s?code=")

    assert answer.status_code == 400
    assert "Vul het nummer in" in answer.text


def test_typing_error_is_recognised(site: TestClient, codes: dict[str, str]) -> None:
    code = codes["plain"]
    last = "2" if code[-1] != "2" else "3"

    answer = site.get(f"/s/{code[:-1]}{last}")

    assert answer.status_code == 404
    assert "tikfout" in answer.text
    assert f'href="/s/{code}"' in answer.text


def test_list_of_a_municipality(site: TestClient, codes: dict[str, str]) -> None:
    page = site.get("/sensoren?municipality=amsterdam").text

    for kind, code in codes.items():
        assert (f'href="/s/{code}"' in page) == (kind not in NOT_SHOWN), kind


def test_list_of_another_municipality_is_empty(site: TestClient) -> None:
    assert "Hier staan geen sensoren geregistreerd" in site.get("/sensoren?municipality=GM0344").text


def test_list_nearby_shows_the_distance(site: TestClient, codes: dict[str, str]) -> None:
    page = site.get("/sensoren?near=4.8932,52.3731").text

    assert "op 0 meter" in read_text(page)
    assert codes["plain"] in page


def test_list_nearby_gives_no_distance_of_generalised_and_moving_sensors(
    site: TestClient, codes: dict[str, str]
) -> None:
    page = site.get("/sensoren?near=4.8932,52.3731&radius=5000").text
    rows = {code: row for row in page.split("<li>") for code in codes.values() if f'href="/s/{code}"' in row}

    assert "op 0 meter" in read_text(rows[codes["plain"]])
    for kind in ("generalised", "mobile"):
        assert " meter" not in read_text(rows[codes[kind]])


def test_list_nearby_shows_the_sensors_that_pass_by(site: TestClient, codes: dict[str, str]) -> None:
    # The place is in a corner of the operating area, far from the places of the other sensors.
    inside = read_text(site.get("/sensoren?near=4.8805,52.3605&radius=10").text)
    outside = read_text(site.get("/sensoren?near=4.8795,52.3605&radius=10").text)

    assert "Rijdt of vaart hier soms langs" in inside
    assert codes["mobile"] in inside
    assert codes["mobile"] not in outside


@pytest.mark.parametrize("address", ["/s/ONZIN", "/sensoren?near=1", "/nergens"])
def test_error_page_leads_to_the_same_address_in_the_other_language(site: TestClient, address: str) -> None:
    dutch = site.get(address, headers={"Accept": "text/html"})
    english = site.get(f"/en{address}", headers={"Accept": "text/html"})

    assert (dutch.status_code, english.status_code) in {(404, 404), (400, 400)}
    assert f'href="/en{address}"' in dutch.text
    assert f'href="{address}"' in english.text


def test_page_of_the_api_changes_to_the_chosen_language(site: TestClient) -> None:
    accept = {"Accept": "text/html", "Accept-Language": "nl"}
    address = "/v1/collections/sensors/items?sensorType=sound"
    page = site.get(address, headers=accept)
    (choice,) = re.findall(r'href="(/language[^"]+)"', page.text)

    answer = site.get(unescape(choice), headers=accept, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    for path in (address, "/v1", "/v1/collections", "/v1/nergens"):
        english = site.get(path, headers=accept | cookie)
        assert english.headers["content-language"] == "en"
        assert "Cookie" in english.headers["vary"]
        assert '<html lang="en"' in english.text
    site.cookies.clear()
    assert site.get(address, headers=accept).headers["content-language"] == "nl"


@pytest.mark.parametrize(
    "query", ["lang=fr&page=/v1", "page=/v1", "lang=en&page=//elsewhere", "lang=en&page=/v1x", "a=1&lang=en"]
)
def test_choice_of_a_language_with_a_wrong_parameter_is_refused(site: TestClient, query: str) -> None:
    answer = site.get(f"/language?{query}", follow_redirects=False)

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


def test_unknown_municipality_offers_the_nearest(site: TestClient) -> None:
    answer = site.get("/sensoren?municipality=Amsterdm")

    assert answer.status_code == 400
    assert "Zoek met Amsterdam" in read_text(answer.text)
    assert 'aria-invalid="true"' in answer.text


def test_list_takes_the_parameters_of_the_api(site: TestClient, codes: dict[str, str]) -> None:
    page = site.get("/sensoren?personalData=none&sortby=-placedFrom&operationalStatus=active,planned").text
    assert "begrijpen wij niet" not in page
    assert 'href="/s/' in page


def test_list_reports_unknown_parameters_with_the_nearest_name(site: TestClient) -> None:
    answer = site.get("/sensoren?municipalty=Amsterdam&utm_source=nieuwsbrief")
    assert answer.status_code == 200
    text = read_text(answer.text)
    assert (
        "“municipalty” kennen wij niet. Haal dit weg uit het adres van de pagina. Bedoelt u “Gemeente”?"
        in text
    )
    assert "“utm_source” kennen wij niet." in text


@pytest.mark.parametrize(
    "question",
    ["near=1", "near=nan,52", "near=52.37,4.89", "smartCityTheme=x", "cursor=x", "sortby=x", "radius=9"],
)
def test_invalid_query_is_refused(site: TestClient, question: str) -> None:
    name, _, value = question.partition("=")
    answer = site.get(f"/sensoren?{question}")
    assert answer.status_code == 400
    label = PARAMETER_LABELS[name].nl
    assert f"{label} “{value}”: " in read_text(answer.text)
    assert f"Zoek zonder {label.lower()}" in read_text(answer.text)


def test_typed_text_is_escaped(site: TestClient) -> None:
    page = site.get("/sensoren", params={"municipality": '"><script>alert(1)</script>'}).text

    assert "<script>alert" not in page


def test_well_known_files_are_served(site: TestClient) -> None:
    assert "User-agent" in site.get("/robots.txt").text
    assert site.get("/favicon.ico").headers["content-type"].startswith("image/svg+xml")


def test_security_txt_names_the_contact_that_the_operator_gave(
    module_database: str, codes: dict[str, str]
) -> None:
    with make_client(module_database, security_email="cert@voorbeeld.nl") as client:
        security = client.get("/.well-known/security.txt")

    assert security.headers["content-type"].startswith("text/plain")
    assert re.search(r"^Contact: mailto:cert@voorbeeld\.nl$", security.text, re.MULTILINE)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", security.text, re.MULTILINE)


def test_without_a_contact_there_is_no_security_txt(site: TestClient) -> None:
    assert site.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("path", ["/v1", "/v1/collections", "/v1/collections/sensors", "/v1/docs"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_of_the_api_follow_the_visitor(site: TestClient, path: str, language: Language) -> None:
    answer = site.get(path, headers={"Accept": "text/html", "Accept-Language": language})

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]


def test_error_is_a_page_for_a_browser(site: TestClient) -> None:
    answer = site.get("/bestaat-niet", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "overgetypt" in answer.text


def test_pages_of_a_list_have_each_sensor_once(
    site: TestClient, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.website.listing.list_query.PAGE_SIZE", 2)
    address: str | None = "/en/sensoren?municipality=Amsterdam&smartCityTheme=healthy_urban_living"
    seen: list[str] = []
    while address:
        page = site.get(address).text
        seen += re.findall(r'<a href="/en/s/(\w{7})">', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(following[1]) if following else None

    shown = codes.keys() - NOT_SHOWN - {"full"}
    assert sorted(seen) == sorted(codes[kind] for kind in shown)


def test_head_is_answered_like_get(site: TestClient, codes: dict[str, str]) -> None:
    for path in ("/", "/sensoren", f"/s/{codes['plain']}", "/robots.txt"):
        got, answer = site.get(path), site.head(path)

        assert (answer.status_code, answer.content) == (200, b""), path
        assert {name: value for name, value in answer.headers.items() if name != "x-request-id"} == {
            name: value for name, value in got.headers.items() if name != "x-request-id"
        }, path
