"""Rows with an address and without coordinates."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shapely

from app.files.table import Cell
from app.records.geocoding import open_geocoder
from app.records.layouts import ReadingContext
from tests.support.layout_tables import list_codes, list_english, read_one, read_tables, tabulate
from tests.support.locatieserver import Locatieserver, make_address, run_locatieserver
from tests.support.sensors import DAM
from tests.support.waiting import PATIENCE_SECONDS

ROW: dict[str, Cell] = {"reference": "a", "Postcode": "1012 JS", "Huisnummer": 1}


@pytest.fixture
def server() -> Iterator[Locatieserver]:
    with run_locatieserver(make_address("1012JS", 1, *DAM)) as server:
        yield server


@pytest.fixture
def looking_up(context: ReadingContext, server: Locatieserver) -> Iterator[ReadingContext]:
    with open_geocoder(server.url, timeout_seconds=PATIENCE_SECONDS) as geocoder:
        yield replace(context, geocoder=geocoder)


def test_address_becomes_approximate_location(looking_up: ReadingContext) -> None:
    reader, (record,) = read_tables(looking_up, tabulate(ROW))
    given = record.given
    assert (given["location"].x, given["location"].y) == DAM
    assert (given["locationAccuracy"], given["locationAccuracyM"]) == ("approximate", 25)
    assert "an approximate location was looked up (25 m)" in list_english(reader.assumptions)[0]


def test_accuracy_in_row_replaces_that_of_address(looking_up: ReadingContext) -> None:
    record = read_one(looking_up, tabulate({**ROW, "locationAccuracy": "Exact"}))
    assert record.given["locationAccuracy"] == "exact"
    assert "locationAccuracyM" not in record.given


def test_row_with_point_or_area_is_not_geocoded(looking_up: ReadingContext, server: Locatieserver) -> None:
    rows: list[dict[str, Cell]] = [
        {**ROW, "lat": DAM[1], "lon": DAM[0]},
        {**ROW, "Werkgebied": "Amsterdam"},
        {**ROW, "mobility": "Mobiel"},
        {**ROW, "lat": "ergens", "lon": "daar"},
        {**ROW, "Huisnummer": None},
    ]
    read_tables(looking_up, tabulate(*rows))
    assert not server.asked


def test_address_unknown_is_a_problem_at_its_heading(looking_up: ReadingContext) -> None:
    reader, (record,) = read_tables(looking_up, tabulate({**ROW, "Huisnummer": "99-2"}))
    assert list_codes(record) == [("unknown_address", "/location")]
    assert reader.find_heading(record.origin, "location") == "Postcode"


def test_geocoder_without_response_is_a_problem_of_those_rows(
    looking_up: ReadingContext, server: Locatieserver
) -> None:
    server.answer = b"onderhoud"
    _, (asked, placed) = read_tables(looking_up, tabulate(ROW, {**ROW, "lat": DAM[1], "lon": DAM[0]}))
    assert list_codes(asked) == [("geocoder_unreachable", "/location")]
    assert not placed.problems


def test_addresses_without_geocoder_are_reported_as_unused(context: ReadingContext) -> None:
    reader, (record,) = read_tables(context, tabulate(ROW))
    assert not record.problems
    assert "location" not in record.given
    assert "no address service" in list_english(reader.assumptions)[0]


@pytest.mark.parametrize(("number", "is_kept"), [("1", True), ("2", False)])
def test_registered_sensor_stays_while_its_address_stays_the_same(
    looking_up: ReadingContext, server: Locatieserver, number: str, *, is_kept: bool
) -> None:
    exact = shapely.Point(4.8937, 52.3726)
    registered = {"postcode": "1012JS", "houseNumber": number, "location": exact}
    context = replace(looking_up, owner="Amsterdam", find_registered=lambda *_: {"a": registered})
    reader, (record,) = read_tables(context, tabulate(ROW | {"lat": None, "lon": None}))
    assert ("location" not in record.given) is is_kept
    assert bool(server.asked) is not is_kept
    kept = [one for one in list_english(reader.assumptions) if "stayed the same" in one]
    assert kept == (["The address has stayed the same, and so has the place: 1 row."] if is_kept else [])
