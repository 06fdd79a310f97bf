"""Files for people: words for names and codes, in the order of the list."""

import csv
import html
import io
import re
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from app.core.clock import DUTCH_TIME
from app.core.formatting import format_date, format_datetime, format_number
from app.core.i18n import Language
from tests.support.website import read_text

SEARCH = "municipality=Amsterdam&sortby=name"


def read_sheet(site: TestClient, address: str) -> tuple[list[str], list[list[Any]]]:
    """The headings and the rows of cells, as openpyxl reads them."""
    answer = site.get(address)
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    headings, *rows = ([*row] for row in sheet.iter_rows())
    return [str(cell.value) for cell in headings], rows


def word_cell(cell: Any, language: Language) -> str:
    """A cell as pages word its value."""
    value, shown_as = cell.value, cell.number_format
    if value is None:
        return ""
    if cell.is_date:
        if "h" in shown_as:
            return format_datetime(value.replace(tzinfo=DUTCH_TIME), language)
        return format_date(value.date(), language)
    if cell.data_type == "n":
        unit = re.search(r'"(.*)"', shown_as)
        return format_number(value, language) + (unit[1] if unit else "")
    return str(value)


@pytest.mark.parametrize(("language", "prefix"), [("nl", ""), ("en", "/en")])
def test_workbook_has_the_words_of_the_csv_in_its_order(
    site: TestClient, language: Language, prefix: str
) -> None:
    headings, rows = read_sheet(site, f"{prefix}/sensoren/bestand.xlsx?{SEARCH}")
    text = site.get(f"{prefix}/sensoren/bestand.csv?{SEARCH}").content.decode("utf-8-sig")
    names, *lines = csv.reader(io.StringIO(text), delimiter=";" if language == "nl" else ",")

    assert headings == names
    assert len(rows) == len(lines) >= 5
    assert [[word_cell(cell, language) for cell in row] for row in rows] == lines


def test_dates_moments_and_numbers_are_such_and_text_is_no_formula(
    site: TestClient, codes: dict[str, str]
) -> None:
    headings, rows = read_sheet(site, f"/sensoren/bestand.xlsx?publicCode={codes['full']}")
    (row,) = rows
    cells = {heading: cell for heading, cell in zip(headings, row, strict=True) if cell.value is not None}
    assert {str, float, datetime} <= {type(cell.value) for cell in cells.values()}
    assert any(cell.number_format == 'General" meter"' and cell.value == 4.5 for cell in cells.values())
    assert cells["Soort sensor"].value == "Camera of andere optische sensor"
    assert not [cell for cell in row if cell.data_type == "f"]


def test_organisations_and_municipalities_have_one_column_with_their_name(
    site: TestClient, codes: dict[str, str]
) -> None:
    headings, rows = read_sheet(site, f"/sensoren/bestand.xlsx?publicCode={codes['full']}")
    (row,) = rows
    cells = {heading: cell.value for heading, cell in zip(headings, row, strict=True)}
    assert len(cells) == len(headings)
    assert (cells["Eigenaar"], cells["Gemeente"]) == ("Gemeente Amsterdam", "Amsterdam")
    assert not [value for value in cells.values() if re.fullmatch(r"[0-9a-f-]{36}", str(value))]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_page_offers_the_file_with_its_search(site: TestClient, suffix: str) -> None:
    for prefix in ("", "/en"):
        page = html.unescape(site.get(f"{prefix}/sensoren?{SEARCH}").text)
        assert f'href="{prefix}/sensoren/bestand.{suffix}?{SEARCH}"' in page


def test_wrong_search_has_no_file(site: TestClient) -> None:
    assert site.get("/sensoren/bestand.xlsx?sensorType=zon").status_code == 400


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_file_with_more_sensors_than_it_may_have_is_refused_and_not_cut_off(
    site: TestClient, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr("app.website.listing.labelled_file.MAX_ROWS", 3)
    monkeypatch.setattr("app.website.listing.labelled_source.MAX_ROWS", 3)

    answer = site.get(f"/sensoren/bestand.{suffix}?mobility=fixed")

    assert answer.status_code == 400
    assert "te veel sensoren voor een bestand in woorden" in answer.json()["detail"]


def test_page_offers_no_file_in_words_for_more_sensors_than_it_may_have(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.website.listing.result_page.MAX_ROWS", 3)

    page = read_text(site.get("/sensoren").text)

    assert "In Nederlandse woorden kunt u hoogstens 3 sensoren downloaden." in page
    assert "Excel in het Nederlands" not in page


def test_file_is_made_once_and_can_be_had_in_parts(site: TestClient) -> None:
    address = f"/sensoren/bestand.xlsx?{SEARCH}"
    whole = site.get(address)
    part = site.get(address, headers={"Range": "bytes=0-1", "If-Range": whole.headers["etag"]})

    assert (part.status_code, part.content) == (206, whole.content[:2])
    assert site.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("page", ["/sensoren", "/open-data"])
def test_workbook_in_words_comes_first_and_the_other_is_called_one_for_systems(
    site: TestClient, page: str
) -> None:
    links = re.findall(r">(Excel[^<]*)</a>", site.get(page).text)

    assert links[0] == "Excel in het Nederlands"
    assert len(links) == 2
    assert links[1].endswith("voor systemen")
