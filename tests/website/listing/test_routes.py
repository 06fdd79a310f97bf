"""The pages of a search without JavaScript: filters, their counts, views, and what leads on from nothing."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient

from app.core.clock import dutch_date
from app.core.formatting import format_date
from app.core.i18n import Language
from app.municipalities.directory import Directory
from tests.support.website import read_text

OPTION = re.compile(
    r'<input type="checkbox" name="(\w+)" value="([^"]*)"[^>]*?(checked)?>\s*<span>([^<]*)</span>\s*'
    r'<span class="option__count">([\d.,]+)</span>'
)
CHIP = re.compile(r'<a href="([^"]*)" data-swap>\s*<span class="visually-hidden">Haal weg')


def read_options(page: str) -> dict[tuple[str, str], int]:
    """The count of each value of each filter."""
    return {
        (name, html.unescape(value)): int(re.sub(r"\D", "", count))
        for name, value, _, _, count in OPTION.findall(page)
    }


def count_items(site: TestClient, query: str) -> int:
    number: int = site.get(f"/v1/collections/sensors/items?{query}").json()["numberMatched"]
    return number


@pytest.mark.parametrize(
    "chosen",
    [
        "",
        "sensorType=optical_camera",
        "sensorType=optical_camera&personalData=yes",
        "operationalStatus=removed",
    ],
)
def test_count_of_each_value_is_what_choosing_it_finds(site: TestClient, chosen: str) -> None:
    options = read_options(site.get(f"/sensoren?{chosen}").text)

    assert {name for name, _ in options} >= {"sensorType", "personalData", "operationalStatus", "owner"}
    for (name, value), count in options.items():
        others = [part for part in chosen.split("&") if part and not part.startswith(f"{name}=")]
        assert count == count_items(site, "&".join([*others, f"{name}={value}"])), (name, value)


def test_total_is_that_of_the_items(site: TestClient) -> None:
    for query in ("", "sensorType=optical_camera", "municipality=Amsterdam&personalData=none"):
        total = count_items(site, query)
        page = site.get(f"/kaart?{query}").text
        assert re.search(rf"data-count>\s*{total} sensor", page), query


def test_values_that_a_form_repeats_are_one_choice(site: TestClient) -> None:
    repeated = site.get("/sensoren?sensorType=optical_camera&sensorType=sound&municipality=&q=").text
    joined = site.get("/sensoren?sensorType=optical_camera,sound").text

    assert re.findall(r'href="/s/[^"]+"', repeated) == re.findall(r'href="/s/[^"]+"', joined)
    assert repeated.count("checked") == 2


def test_each_chip_removes_its_filter_only(site: TestClient) -> None:
    page = site.get("/sensoren?sensorType=optical_camera,sound&municipality=Amsterdam&weergave=tabel").text
    removed = [dict(parse_qsl(urlsplit(html.unescape(url)).query)) for url in CHIP.findall(page)]

    everything = {"sensorType": "optical_camera,sound", "municipality": "Amsterdam", "weergave": "tabel"}
    assert len(removed) == 3
    assert everything | {"sensorType": "sound"} in removed
    assert everything | {"sensorType": "optical_camera"} in removed
    assert {name: text for name, text in everything.items() if name != "municipality"} in removed


def test_views_have_the_same_search(site: TestClient) -> None:
    page = html.unescape(
        site.get("/en/sensoren?sensorType=sound&asOf=2999-01-01".replace("2999", "2026")).text
    )

    for address in (
        "/en/kaart?asOf=2026-01-01&sensorType=sound",
        "/en/sensoren?asOf=2026-01-01&sensorType=sound&weergave=tabel",
        "/v1/collections/sensors/items?asOf=2026-01-01&f=csv&limit=1000000&sensorType=sound",
        "/v1/styles/sensors?asOf=2026-01-01&sensorType=sound",
    ):
        assert address in page
        assert site.get(address).status_code == 200


def test_table_has_a_row_for_each_sensor(site: TestClient) -> None:
    page = site.get("/sensoren?weergave=tabel").text

    assert page.count('<th scope="row">') == count_items(site, "")


def test_nothing_found_leads_on_by_each_filter(site: TestClient) -> None:
    page = html.unescape(site.get("/sensoren?sensorType=beacon&municipality=Utrecht").text)

    assert "Dan kan er op straat toch een sensor zijn" in page
    assert 'href="/sensoren?municipality=Utrecht" data-swap>Zoek zonder' in page
    assert 'href="/sensoren?sensorType=beacon" data-swap>Zoek zonder' in page


@pytest.mark.parametrize("path", ["/sensoren", "/kaart"])
def test_unknown_parameters_are_said_and_wrong_values_refused(site: TestClient, path: str) -> None:
    assert "“sensorTyp” kennen wij niet" in site.get(f"{path}?sensorTyp=sound").text
    for wrong in ("weergave=taart", "beeld=1,2", "asOf=gisteren", "sensorType=zon&personalData=misschien"):
        assert site.get(f"{path}?{wrong}").status_code == 400, wrong


def test_map_shows_the_view_of_its_address(site: TestClient) -> None:
    page = html.unescape(site.get("/kaart?beeld=4.88,52.36,4.91,52.38").text)

    assert 'data-bounds="[4.88, 52.36, 4.91, 52.38]"' in page
    inside = count_items(site, "bbox=4.88,52.36,4.91,52.38")
    assert re.search(rf'<p role="status">{inside} sensor', page)


@pytest.mark.parametrize("chosen", ["sortby=-placedFrom", "bbox=4.88,52.36,4.91,52.38", "sensorTyp=sound"])
def test_map_draws_the_sensors_of_its_search(site: TestClient, chosen: str) -> None:
    page = site.get(f"/kaart?{chosen}").text
    shown = html.unescape(re.search(r'data-query="([^"]*)"', page)[1])  # type: ignore[index]

    assert site.get(f"/v1/styles/sensors?{shown}").status_code == 200
    # The script adds the view of the map.
    in_view = site.get(f"/kaart/in-beeld?{shown}&bbox=3,50,8,54")
    assert in_view.status_code == 200
    total = count_items(site, "" if "Typ" in chosen else chosen)
    assert re.search(rf'<p role="status">{total} sensor', in_view.text)


def test_map_without_javascript_has_a_link_to_the_list(site: TestClient) -> None:
    page = html.unescape(site.get("/kaart?sensorType=sound").text)

    assert 'href="/sensoren?sensorType=sound">de sensoren als lijst' in page


@pytest.mark.parametrize(
    ("prefix", "kind", "word"),
    [("", "Soort sensor", "Geluidsensor"), ("/en", "Type of sensor", "Sound sensor")],
)
def test_csv_for_people_has_words_for_names_and_codes(
    site: TestClient, prefix: str, kind: str, word: str
) -> None:
    answer = site.get(f"{prefix}/sensoren/bestand.csv?sensorType=sound")
    text = io.StringIO(answer.content.decode("utf-8-sig"))
    # A Dutch spreadsheet parts cells by semicolons.
    rows = list(csv.DictReader(text, delimiter="," if prefix else ";"))

    assert "attachment" in answer.headers["content-disposition"]
    assert len(rows) == count_items(site, "sensorType=sound") > 0
    assert {row[kind] for row in rows} == {word}


def test_every_file_of_the_list_can_be_downloaded(site: TestClient) -> None:
    page = html.unescape(site.get("/sensoren?sensorType=sound").text)
    files = [
        link for link in re.findall(r'href="(/v1/collections/sensors/items[^"]*)"', page) if "f=" in link
    ]

    assert len(files) == 5
    assert {link: site.get(link).status_code for link in files} == dict.fromkeys(files, 200)


@pytest.mark.parametrize("page", ["/sensoren", "/kaart"])
def test_day_before_the_register_began_leads_to_its_first_day(site: TestClient, page: str) -> None:
    answer = site.get(f"{page}?asOf=2001-01-01&mobility=fixed")

    assert "Het register begint op" in read_text(answer.text)
    link = re.search(r'href="([^"]*)"[^>]*>Bekijk de eerste dag', answer.text)
    assert link
    first = site.get(html.unescape(link[1]))
    assert "mobility=fixed" in str(first.url)
    assert re.search(r"data-count>\s*[1-9]", first.text)


@pytest.mark.parametrize(
    ("prefix", "language", "sentence"),
    [
        ("", "nl", "De laatste dag die u kunt kiezen is vandaag: "),
        ("/en", "en", "The last day that you can choose is today: "),
    ],
)
def test_day_to_come_shows_today_and_says_so_in_words(
    site: TestClient, prefix: str, language: Language, sentence: str
) -> None:
    day = (dutch_date() + timedelta(days=400)).isoformat()
    page = site.get(f"{prefix}/sensoren?asOf={day}").text

    assert f"{sentence}{format_date(dutch_date(), language)}." in read_text(page)
    assert re.search(r"data-count>\s*[1-9]", page)


@pytest.mark.parametrize("query", ["asOf=2999-01-01", "sensortype=camera"])
def test_file_is_refused_when_a_parameter_cannot_be_used(site: TestClient, query: str) -> None:
    assert site.get(f"/sensoren/bestand.csv?{query}").status_code == 400


MORE_THAN_TOTAL = "Samen kan het dus meer zijn dan het totaal."


@pytest.mark.parametrize(
    ("path", "notes"),
    [
        # Purposes and legal grounds.
        ("/sensoren", 2),
        ("/kaart", 2),
        ("/v1/statistics?by=province", 1),
        ("/v1/statistics?by=sensorType", 0),
        ("/v1/statistics?by=sensorType,theme", 1),
        ("/cijfers/vergelijk?gemeente=Amsterdam&gemeente=Utrecht", 2),
    ],
)
def test_counts_that_add_up_to_more_than_the_total_say_so(site: TestClient, path: str, notes: int) -> None:
    page = read_text(site.get(path, headers={"Accept": "text/html", "Accept-Language": "nl"}).text)

    assert page.count(MORE_THAN_TOTAL) == notes


@pytest.mark.parametrize("page", ["/sensoren", "/kaart"])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("owner=01900000-0000-7000-8000-000000000000",
         "Eigenaar: geen organisatie in het register heeft het id “01900000-0000-7000-8000-000000000000”."),
        ("operator=01900000-0000-7000-8000-000000000000", "Beheerder: geen organisatie in het register"),
        ("publicCode=2222222", "Geen openbare sensor heeft het registratienummer “2222222”."),
    ],
)  # fmt: skip
def test_id_that_nothing_has_is_said(site: TestClient, page: str, query: str, sentence: str) -> None:
    text = read_text(site.get(f"{page}?{query}").text)

    assert sentence in text
    assert "naam niet openbaar" not in text


def test_ids_that_exist_are_not_remarked(site: TestClient, codes: dict[str, str]) -> None:
    assert "Geen openbare sensor" not in site.get(f"/sensoren?publicCode={codes['full']}").text


def test_mistakes_in_what_is_counted_and_filtered_have_labels_for_names(site: TestClient) -> None:
    page = {"Accept": "text/html", "Accept-Language": "nl"}
    counted = read_text(site.get("/v1/statistics?by=zzz", headers=page).text)
    filtered = read_text(site.get("/sensoren?themes=zzz", headers=page).text)

    assert (
        "Kies uit: Gemeente, Provincie, Soort sensor, Thema, Waarvoor, Eigenaar, Soort eigenaar," in counted
    )
    assert not {"legalGround", "placedMonth", "endedMonth", "confirmed"} & set(re.findall(r"\w+", counted))
    assert "“zzz” is geen waarde van “Thema”." in filtered


@pytest.mark.parametrize("page", ["/sensoren", "/kaart"])
def test_slider_of_days_begins_with_the_register(site: TestClient, page: str) -> None:
    start = site.get("/v1/statistics").json()["registerStart"]

    assert f'data-first="{start}"' in site.get(page).text


@pytest.mark.parametrize("page", ["/sensoren", "/kaart"])
@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("", "De gemeente Utrecht ligt niet in de provincie Gelderland, maar in de provincie Utrecht."),
        (
            "/en",
            "The municipality of Utrecht is not in the province of Gelderland but in the province of Utrecht.",
        ),
    ],
)
def test_municipality_outside_the_chosen_province_is_said(
    site: TestClient, monkeypatch: pytest.MonkeyPatch, prefix: str, page: str, sentence: str
) -> None:
    # The squares of the tests lie in no province.
    find = Directory.get_municipality
    monkeypatch.setattr(
        Directory,
        "get_municipality",
        lambda *args, **named: replace(find(*args, **named), province="Utrecht"),
    )

    answer = site.get(f"{prefix}{page}?province=gelderland&municipality=Utrecht")

    text = read_text(answer.text)
    assert sentence in text
    assert (
        "Search without province: Gelderland" in text
        if prefix
        else "Zoek zonder provincie: Gelderland" in text
    )
    assert "staat nog geen sensor" not in text


def test_municipality_in_the_chosen_province_is_not_remarked(site: TestClient) -> None:
    text = read_text(site.get("/sensoren?province=utrecht&municipality=Utrecht").text)

    assert "ligt niet in de provincie" not in text
