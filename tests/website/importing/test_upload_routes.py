"""The form that sends a file, and the list of earlier imports."""

import pytest

from app.imports import actions
from tests.support.import_browser import HEADERS, ImportBrowser, open_import_browser
from tests.support.import_client import make_rows, write_csv


def test_file_is_received_checked_and_listed(eva: ImportBrowser) -> None:
    assert "U hebt nog niets" in eva.get("/mijn/importeren").text
    path = eva.submit(write_csv(make_rows(3)), "camera's.csv")
    page = eva.get(path)
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    assert "Gecontroleerd. Er is nog niets veranderd." in page.text
    listed = eva.get("/mijn/importeren").text
    assert "camera&#39;s.csv" in listed
    assert "gecontroleerd" in listed
    assert 'href="/mijn/importeren"' in eva.get("/mijn").text


def test_english_page_receives_and_leads_on_in_english(eva: ImportBrowser) -> None:
    files = {"bestand": ("list.csv", write_csv(make_rows(1)))}
    answer = eva.client.post("/en/mijn/importeren", headers=HEADERS, files=files, follow_redirects=False)
    assert answer.headers["location"].startswith("/en/mijn/importeren/")
    eva.imports.run_jobs()
    assert "Checked. Nothing has changed yet." in eva.get(answer.headers["location"]).text


def test_form_without_a_file_or_with_an_empty_one_says_what_to_do(eva: ImportBrowser) -> None:
    for answer in (eva.post("/mijn/importeren"), eva.upload(b"", "")):
        assert answer.status_code == 400
        assert "Kies eerst een bestand op uw computer." in answer.text
    assert "Het bestand is leeg." in eva.upload(b"").text


def test_file_of_all_sensors_names_those_that_end(eva: ImportBrowser) -> None:
    first = eva.submit(write_csv(make_rows(3)))
    eva.send(f"{first}/toepassen")
    page = eva.get(eva.submit(write_csv(make_rows(2)), compleet="ja")).text
    assert "Beëindigd worden onder meer: rij-3" in page


def test_too_many_waiting_files_are_refused(eva: ImportBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_WAITING", 0)
    assert eva.upload(b"x").status_code == 429


def test_file_larger_than_an_import_is_refused(fresh_database: str) -> None:
    with open_import_browser(fresh_database, import_limit_bytes=2_000) as browser:
        assert browser.upload(b"x" * 3_000).status_code == 413


def test_who_may_not_import_or_comes_from_another_site_is_refused(fresh_database: str) -> None:
    with open_import_browser(fresh_database, role="auditor") as browser:
        assert "Kies een organisatie" in browser.get("/mijn/importeren").text
        assert browser.upload(b"x").status_code == 403
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
            files = {"bestand": ("a.csv", b"x")}
            answer = browser.client.post("/mijn/importeren", headers=HEADERS | headers, files=files)
            assert answer.status_code == 403
        browser.client.cookies.clear()
        answer = browser.upload(b"x")
        assert (answer.status_code, answer.headers["location"]) == (303, "/inloggen")
        assert browser.get("/mijn/importeren").headers["location"].startswith("/inloggen?terug=")
