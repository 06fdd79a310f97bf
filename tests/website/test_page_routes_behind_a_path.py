"""Every address that an answer names, where the site is a path of a host: https://gemeente.nl/sensoren."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.support.application import make_client

HOST = "https://gemeente.nl"
PREFIX = "/sensoren"
HTML = {"Accept": "text/html"}
ELSEWHERE = re.compile(r"(?:https?|mailto|tel):")


@pytest.fixture(scope="module")
def behind_a_path(module_database: str, codes: dict[str, str]) -> Iterator[TestClient]:
    with make_client(module_database, public_url=HOST + PREFIX) as client:
        yield client


def list_addresses(page: str) -> set[str]:
    found = re.findall(r'\b(?:href|action|src|data-[\w-]+)="((?:/|\./|https?:)[^"]*)"', page)
    return {unescape(address) for address in found}


@pytest.mark.slow
def test_links_of_all_pages_stay_below_the_path(behind_a_path: TestClient, codes: dict[str, str]) -> None:
    waiting = [
        f"{PREFIX}/",
        f"{PREFIX}/en",
        f"{PREFIX}/v1",
        f"{PREFIX}/s/{codes['full']}",
        f"{PREFIX}/nergens",
    ]
    seen: set[str] = set()
    astray: set[tuple[str, str]] = set()
    while waiting:
        here = waiting.pop(0)
        # One page of each template is enough: addresses of the same form differ in their query.
        form = re.sub(r"\?.*|[0-9a-f-]{36}|(?<=/s/)\w+|(?<=/v1/docs/)\w+", "", here)
        if form in seen:
            continue
        seen.add(form)
        answer = behind_a_path.get(here, headers=HTML, follow_redirects=False)
        assert answer.status_code < 500, here
        addresses = list_addresses(answer.text) if "html" in answer.headers.get("content-type", "") else set()
        addresses |= {answer.headers["location"]} if "location" in answer.headers else set()
        addresses |= set(re.findall(r"<([^>]+)>;", answer.headers.get("link", "")))
        for address in sorted(addresses):
            path = address.removeprefix(HOST)
            if path.startswith((f"{PREFIX}/", f"{PREFIX}?")) or path == PREFIX:
                waiting.append(path)
            elif not ELSEWHERE.match(path) or "gemeente.nl" in path:
                astray.add((here, address))

    assert astray == set()
    assert len(seen) > 20


def test_files_of_pages_are_found_below_the_path(behind_a_path: TestClient) -> None:
    page = behind_a_path.get(f"{PREFIX}/").text
    files = {address.partition("#")[0] for address in list_addresses(page) if "/static/" in address}

    assert {file.rpartition(".")[2] for file in files} >= {"css", "svg", "woff2"}
    for file in files:
        assert behind_a_path.get(file).status_code == 200, file


def test_addresses_in_answers_of_the_api_have_the_host_and_the_path(behind_a_path: TestClient) -> None:
    for path in (
        "/v1",
        "/v1/collections/sensors/items?limit=1",
        "/v1/vocabularies",
        "/v1/tiles",
        "/v1/openapi.json",
    ):
        answer = behind_a_path.get(PREFIX + path, headers={"Accept": "application/json"})
        assert answer.status_code == 200, path
        addresses = re.findall(r'"(?:href|uri|url)": ?"([^"]+)"', answer.text)
        own = [one for one in addresses if "gemeente.nl" in one or one.startswith("/")]
        assert own, path
        assert [one for one in own if not one.startswith(HOST + PREFIX)] == [], path


def test_slash_at_the_end_leads_to_the_page_below_the_path(behind_a_path: TestClient) -> None:
    answer = behind_a_path.get(f"{PREFIX}/gemeente/utrecht/?jaar=2026", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (308, f"{PREFIX}/gemeente/utrecht?jaar=2026")


def test_chosen_language_is_stored_for_the_path_alone(behind_a_path: TestClient) -> None:
    answer = behind_a_path.get(f"{PREFIX}/language?lang=en&page=/v1", follow_redirects=False)

    assert answer.headers["location"] == f"{PREFIX}/v1"
    assert f"Path={PREFIX}/" in answer.headers["set-cookie"]


def test_problem_names_the_path_as_it_was_asked(behind_a_path: TestClient) -> None:
    answer = behind_a_path.get(f"{PREFIX}/v1/nergens", headers={"Accept": "application/json"})

    assert answer.json()["instance"] == f"{PREFIX}/v1/nergens"
