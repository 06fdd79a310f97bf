"""One import in the browser: problems, changes, applying, undoing and downloads."""

import re

import pytest

from tests.support.import_browser import ImportBrowser, make_own_list
from tests.support.import_client import make_rows, write_csv

UNKNOWN = "01a22665-7c97-7210-96bb-44ae106a9f2c"
"""An id that no import has."""


def test_problems_are_grouped_and_the_file_with_remarks_is_mended(eva: ImportBrowser) -> None:
    rows = make_rows(6)
    for row in rows[1:4]:
        row["sensorType"] = "soundd"
    rows[4]["latitude"] = "nergens"
    path = eva.submit(write_csv(rows))
    page = eva.get(path).text
    assert "3, 4, 5" in page
    assert "Pas alleen de goede rijen toe (2)" in page.replace("</button>", "").replace("  ", " ")
    remarks = eva.get(f"{path}/opmerkingen")
    assert "Opmerkingen van het register" in remarks.text
    assert "attachment" in remarks.headers["content-disposition"]
    table = eva.get(f"{path}/problemen.csv").text
    assert table.count("\n") >= 4
    mended = remarks.text.replace("soundd", "sound").replace("nergens", "52.3609").encode()
    again = eva.get(eva.submit(mended)).text
    assert "Wat u moet verbeteren" not in again
    assert "Pas alles toe" in again


def test_valid_rows_are_applied_and_undone(eva: ImportBrowser) -> None:
    rows = make_rows(3)
    rows[0]["sensorType"] = "soundd"
    path = eva.submit(write_csv(rows))
    assert eva.post(f"{path}/toepassen").status_code == 409
    applied = eva.send(f"{path}/toepassen", {"rijen": "goede"}).text
    assert "Klaar. De sensoren staan in het register." in applied
    assert eva.imports.count_versions() == 2
    assert "Ongedaan gemaakt." in eva.send(f"{path}/terugdraaien").text
    assert eva.post(f"{path}/terugdraaien").status_code == 409


def test_applied_import_leads_to_its_receipt(eva: ImportBrowser) -> None:
    path = eva.submit(write_csv(make_rows(3)))
    applied = eva.send(f"{path}/toepassen").text
    found = re.search(r'href="(/mijn/ontvangst/[2-9B-Z]{12})"', applied)
    assert found
    page = eva.get(found[1]).text
    assert "Een import van sensoren" in page
    assert "<dt>Nieuwe sensoren</dt><dd>3</dd>" in page
    assert "Alles uit de import staat nu in het register." in page
    assert eva.get(f"{found[1]}.pdf").content.startswith(b"%PDF")


def test_changes_are_shown_old_to_new_with_moves_and_borders(eva: ImportBrowser) -> None:
    rows = make_rows(2)
    eva.send(f"{eva.submit(write_csv(rows))}/toepassen")
    rows[0]["measures"] = "Geluid van de straat"
    rows[1] |= {"latitude": 52.0907, "longitude": 5.1214}
    page = eva.get(eva.submit(write_csv(rows))).text
    assert "Wat meet de sensor?: 1" in page
    assert "→ Geluid van de straat" in page
    assert "Meer dan 100 meter verplaatst: 1" in page
    assert "Naar een andere gemeente: 1" in page


def test_running_import_can_be_followed_and_stopped(eva: ImportBrowser) -> None:
    path = eva.upload(write_csv(make_rows(1))).headers["location"]
    page = eva.get(path).text
    assert f'<a href="{path}">Ververs deze pagina</a>' in page
    assert "data-running" in page
    eva.post(f"{path}/stoppen")
    stopped = eva.get(path).text
    assert "Gestopt. Er is niets veranderd." in stopped
    assert "data-running" not in stopped


def test_unreadable_file_says_why(eva: ImportBrowser) -> None:
    page = eva.get(eva.submit(b"PK\x03\x04 no workbook", "lijst.xlsx"))
    assert page.status_code == 200
    assert "Dit is niet gelukt" in page.text


def test_list_with_own_headings_leads_to_its_columns(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(2))
    answer = eva.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/kolommen")


@pytest.mark.parametrize("path", [UNKNOWN, "x", f"{UNKNOWN}/kolommen", f"{UNKNOWN}/problemen.csv"])
def test_import_that_is_not_there_is_not_found(eva: ImportBrowser, path: str) -> None:
    assert eva.get(f"/mijn/importeren/{path}").status_code == 404
