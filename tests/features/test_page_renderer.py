"""The public addresses as pages for people: by `f=html` and by what a browser asks for."""

import re
from collections.abc import Iterator

import pytest

from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
COLLECTIONS = ("sensors", "observed-areas", "municipalities")
DOCUMENTS = (
    "/v1",
    "/v1/conformance",
    "/v1/crss",
    "/v1/collections",
    *(f"/v1/collections/{name}" for name in COLLECTIONS),
    *(
        f"/v1/collections/{name}/{kind}"
        for name in COLLECTIONS
        for kind in ("queryables", "sortables", "schema", "items")
    ),
)


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        register.register(**make_camera(name="<b>Kijker</b> & co") | dates)
        for number in range(3):
            register.register(reference=f"{number}")
        yield register


def read(register: Register, path: str, language: str = "nl") -> str:
    answer = register.client.get(path, headers=BROWSER | {"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    return answer.text


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html")
@pytest.mark.parametrize("path", DOCUMENTS)
def test_resources_are_pages_for_browsers_and_json_for_programs(register: Register, path: str) -> None:
    dutch, english = read(register, path), read(register, path, "en")
    assert '<html lang="nl"' in dutch
    assert '<html lang="en"' in english
    asked = register.client.get(f"{path}?f=html")
    assert asked.headers["content-type"] == "text/html; charset=utf-8"
    for page in (dutch, english):
        assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son[a-z]+=", page)
        assert page.count("<h1") == 1
    # Nothing but an explicit wish makes a program get a page.
    for accept in ("*/*", "application/json", "application/geo+json, application/json"):
        kind = register.client.get(path, headers={"Accept": accept}).headers["content-type"]
        assert kind in {"application/json", "application/geo+json", "application/schema+json"}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_json_and_html_link_to_each_other(register: Register, path: str) -> None:
    for f in ("json", "html"):
        answer = register.client.get(f"{path}?f={f}")
        if f == "html" or "items" not in path:
            link = re.search(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["link"])
            assert link
            other = register.client.get(link[1])
            assert other.headers["content-type"].partition(";")[0] == link[2]
        assert "Accept" in answer.headers["vary"]
    document = register.client.get(f"{path}?f=json").json()
    if "$schema" not in document:
        (alternate,) = [
            one for one in document["links"] if one["rel"] == "alternate" and one["type"] == "text/html"
        ]
        assert register.client.get(alternate["href"]).headers["content-type"] == "text/html; charset=utf-8"


def test_table_links_to_each_feature(register: Register) -> None:
    page = read(register, "/v1/collections/sensors/items")
    assert "&lt;b&gt;Kijker&lt;/b&gt; &amp; co" in page
    assert "<b>Kijker" not in page
    assert "4 gevonden" in page
    assert "f=geopackage" in page
    assert "Camera of andere optische sensor" in page
    assert ">Amsterdam<" in page
    rows = re.findall(r'<th scope="row"><a class="code" href="([^"]+)">', page)
    assert len(rows) == 4
    item = read(register, rows[0])
    assert re.search(r'href="/s/[0-9A-Z]{7}"', item)
    assert re.search(r'href="/en/s/[0-9A-Z]{7}"', read(register, rows[0], "en"))


def test_html_pages_by_next_link_have_each_feature_once(register: Register) -> None:
    seen, path = [], "/v1/collections/sensors/items?f=html&limit=3&sortby=reference"
    while path:
        answer = register.client.get(path)
        page = answer.text
        rows = re.findall(r'<th scope="row"><a class="code" href="([^"?]+)', page)
        seen += rows
        # The other form is of this page, the files are of all that was found.
        as_json = answer.headers["link"].partition(">")[0].lstrip("<")
        features = register.client.get(as_json).json()["features"]
        assert [row.rpartition("/")[2] for row in rows] == [feature["id"] for feature in features]
        (file,) = re.findall(r'href="([^"]+f=json-seq[^"]*)"', page)
        assert register.client.get(file.replace("&amp;", "&")).text.count("\n") == 4
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(set(seen)) == len(seen) == 4


def test_form_has_values_of_the_query(register: Register) -> None:
    page = read(
        register, "/v1/collections/sensors/items?bbox=4,52,5,53&sensorType=sound&q=plein&sortby=-placedFrom"
    )
    assert '<option value="sound" selected>' in page
    assert '<option value="-placedFrom" selected>' in page
    assert '<input type="hidden" name="bbox" value="4,52,5,53">' in page
    assert 'id="q" name="q" value="plein"' in page
    labelled = re.findall(r'<label for="(\w+)">', page)
    assert {"q", "sensorType", "sortby"} <= set(labelled)
    assert set(labelled) == set(re.findall(r'<(?:select|input type="text")[^>]* id="(\w+)"', page))


def test_empty_form_fields_are_removed_by_redirect(register: Register) -> None:
    for collection in COLLECTIONS:
        items = f"/v1/collections/{collection}/items"
        empty = "sortby=&f=html&bbox=4%2C52%2C5%2C53"
        answer = register.client.get(f"{items}?{empty}", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{items}?f=html&bbox=4%2C52%2C5%2C53"
        browsed = register.client.get(f"{items}?sortby=", headers=BROWSER, follow_redirects=False)
        assert (browsed.status_code, browsed.headers["location"]) == (303, items)
        # A program gets the problem as JSON.
        assert register.client.get(f"{items}?sortby=").status_code == 400
        assert register.client.get(f"{items}?sortby=&f=json", headers=BROWSER).status_code == 400


def test_error_for_browser_is_a_page_with_suggestion(register: Register) -> None:
    answer = register.client.get("/v1/collections/sensors/items?municipality=Amsterdm", headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "Amsterdam" in answer.text


def test_chosen_properties_are_the_columns(register: Register) -> None:
    page = read(register, "/v1/collections/sensors/items?properties=purpose,viewAngleDeg&skipGeometry=true")
    assert re.findall(r'<th scope="col">([^<]+)</th>', page) == [
        "Kenmerk",
        "Waarvoor wordt er gemeten?",
        "Kijkhoek",
    ]
    assert "60 graden" in page
    near = read(register, "/v1/collections/sensors/items?near=4.8932,52.3740", "en")
    assert '<th scope="col">Distance</th>' in near
    assert "metres</td>" in near


def test_html_pages_have_content_crs(register: Register) -> None:
    rd = "http://www.opengis.net/def/crs/EPSG/0/28992"
    for collection in COLLECTIONS:
        items = f"/v1/collections/{collection}/items"
        answer = register.client.get(f"{items}?crs={rd}&f=html")
        assert answer.headers["content-crs"] == f"<{rd}>"
        href = re.findall(r'<th scope="row"><a class="code" href="([^"?]+)', answer.text)[0]
        item = register.client.get(f"{href}?f=html&crs={rd}")
        assert item.headers["content-crs"] == f"<{rd}>"
        assert "EPSG:28992" in item.text
