"""The folder `seed/`: everything invented says so, and lies where it says."""

import json
from collections.abc import Mapping

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from app.bootstrap.paths import GRID, ROOT
from app.cli.seeding.examples import find_distance, read_examples, read_places
from app.cli.seeding.seed_files import read_organisations
from app.cli.seeding.stations import OWNER, read_stations
from app.core.clock import dutch_date
from app.municipalities.approximation import approximate_boundaries
from app.spatial.crs import add_grid, rd_from_lonlat

TODAY = dutch_date()
BOUNDARIES = ROOT.parent / "shared/geodata/boundaries/gemeenten_2024_cbs_gegeneraliseerd.geojson"


def test_invented_sensors_are_named_examples() -> None:
    invented = {heading: fields for heading, fields in read_organisations().items() if heading != OWNER}
    for fields in invented.values():
        assert "(voorbeeld)" in fields["name"] or fields["organisationType"] == "private_person"
    for entry in read_examples(TODAY):
        assert entry.owner in invented
        assert entry.record["name"].startswith("Voorbeeld: ")
        assert entry.record["summary"].startswith("Voorbeeld: ")
        assert entry.record["project"].startswith("Voorbeelden/")


def test_links_of_examples_are_of_example_org_or_legislation() -> None:
    for entry in read_examples(TODAY):
        for name, value in entry.record.items():
            if name.endswith("Url"):
                assert ".example.org/" in value or (
                    name == "legalBasisUrl" and value.startswith("https://wetten.overheid.nl/")
                )


def test_examples_are_the_same_every_time() -> None:
    assert read_examples(TODAY) == read_examples(TODAY)
    references = [entry.record["reference"] for entry in read_examples(TODAY)]
    assert len(set(references)) == len(references) > 140


def test_fixed_example_stands_at_the_place_in_its_description() -> None:
    places = {(code, place.name): place for code, listed in read_places().items() for place in listed}

    for entry in read_examples(TODAY):
        if "location" in entry.record:
            named = entry.record["locationDescription"].removeprefix("Bij ")
            place = places[entry.record["reference"][3:9], named]
            assert find_distance(entry.record["location"]["coordinates"], (place.lon, place.lat)) < 60, (
                entry.record["name"]
            )


def test_public_name_of_a_generalised_example_has_no_place() -> None:
    names = {place.name for listed in read_places().values() for place in listed}
    hidden = [
        entry.record for entry in read_examples(TODAY) if entry.record.get("visibility") == "generalised"
    ]

    assert len(hidden) > 5
    for record in hidden:
        assert not [name for name in names if name in record["name"] + record["summary"]], record["name"]


def find_outside(areas: Mapping[str, BaseGeometry], *, rd: bool) -> list[str]:
    """The examples that stand outside their municipality."""
    outside = []
    for entry in read_examples(TODAY):
        if "location" in entry.record:
            lon, lat = entry.record["location"]["coordinates"]
            spot = shapely.Point(*(rd_from_lonlat(lon, lat) if rd else (lon, lat)))
            if not areas[entry.record["reference"][3:9]].covers(spot):
                outside.append(entry.record["name"])
    return outside


def test_examples_lie_in_their_city_by_approximate_boundaries() -> None:
    add_grid(GRID)
    boundaries = approximate_boundaries(ROOT / "node_modules").boundaries
    assert find_outside({boundary.code: boundary.rd for boundary in boundaries}, rd=True) == []


@pytest.mark.skipif(not BOUNDARIES.exists(), reason="no ../shared beside the repository")
def test_examples_in_their_city_and_42_stations_on_land_by_real_boundaries() -> None:
    areas = {
        feature["properties"]["code"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    }
    assert find_outside(areas, rd=False) == []
    stations = [shapely.Point(entry.record["location"]["coordinates"]) for entry in read_stations(TODAY, ())]
    lying, _ = shapely.STRtree([*areas.values()]).query(stations, predicate="intersects")
    assert set(lying) == set(range(42))
