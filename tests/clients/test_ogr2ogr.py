"""Debian's GDAL: what the register holds as a GeoPackage, whole, by attribute and by box."""

import math
import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote_plus

import pyogrio
import pytest

from app.core.clock import dutch_date
from app.sensors.properties import PROPERTY_NAMES
from tests.clients.conftest import CAMERAS, DAM_RD, EXACT_CAMERA, SENSORS, Site, place_rd

pytestmark = pytest.mark.slow


def convert(site: Site, target: Path, *words: str) -> list[str]:
    """Give ogr2ogr its words; the references of what it wrote."""
    command = ["ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{site.root}", "sensors", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    *_, columns = pyogrio.raw.read(target, layer="sensors", columns=["reference"])
    return sorted(columns[0])


def test_ogr2ogr_converts_all_sensors(site: Site, requests: list[str], tmp_path: Path) -> None:
    references = convert(site, tmp_path / "sensors.gpkg")
    assert references == [f"sensor-{number:03}" for number in range(SENSORS)]
    layer = pyogrio.read_info(tmp_path / "sensors.gpkg", layer="sensors")
    assert layer["geometry_type"] == "Point"


def test_ogr2ogr_where_with_text_is_sent_to_server(site: Site, requests: list[str], tmp_path: Path) -> None:
    references = convert(site, tmp_path / "cameras.gpkg", "-where", "sensorType = 'optical_camera'")
    assert references == [f"sensor-{number:03}" for number in range(0, SENSORS, 3)]
    assert len(references) == CAMERAS
    assert any("optical_camera" in unquote_plus(asked) for asked in requests), requests


def test_columns_and_decimals_come_along_without_options(site: Site, tmp_path: Path) -> None:
    convert(site, tmp_path / "sensors.gpkg")
    layer = pyogrio.read_info(tmp_path / "sensors.gpkg", layer="sensors")
    kinds = dict(zip(layer["fields"], layer["dtypes"], strict=True))
    assert set(PROPERTY_NAMES) <= set(kinds)
    # No sensor has these two: their types come from the schema.
    assert kinds["removedOn"].startswith("datetime64")
    assert kinds["locationAccuracyM"] == "float64"
    assert {kinds[name] for name in ("heightM", "viewDirectionDeg", "viewAngleDeg", "viewRangeM")} == {
        "float64"
    }
    numbers = ["heightM", "viewDirectionDeg", "viewAngleDeg"]
    for number, expected in ((125, [12.5, None, None]), (EXACT_CAMERA, [None, 45.25, 33.3])):
        *_, columns = pyogrio.raw.read(
            tmp_path / "sensors.gpkg",
            layer="sensors",
            columns=numbers,
            where=f"reference = 'sensor-{number}'",
        )
        read = {
            name: float(column[0])
            for name, column in zip(_[0]["fields"], columns, strict=True)
            if not math.isnan(column[0])
        }
        assert read == {
            name: value for name, value in zip(numbers, expected, strict=True) if value is not None
        }


def test_where_with_a_comma_in_the_value_finds_that_value(
    site: Site, requests: list[str], tmp_path: Path
) -> None:
    references = convert(site, tmp_path / "project.gpkg", "-where", "project = 'Zorg, welzijn'")
    assert references == ["sensor-013"]
    assert any("project=Zorg, welzijn" in unquote_plus(asked) for asked in requests), requests


def test_ogr2ogr_where_with_boolean_is_sent_to_server(
    site: Site, requests: list[str], tmp_path: Path
) -> None:
    words = ("-oo", "PAGE_SIZE=1000", "-where", "openData = 1")
    references = convert(site, tmp_path / "open.gpkg", *words)
    assert references == [f"sensor-{number:03}" for number in range(SENSORS) if number % 3]
    assert any("openData=1" in asked for asked in requests), requests


@pytest.mark.parametrize(("operator", "found"), [("<", SENSORS), (">=", 0)])
def test_file_with_filter_by_date_has_matching_sensors(
    site: Site, tmp_path: Path, operator: str, found: int
) -> None:
    # GDAL turns -where into `datetime`, which searches something else: see docs/gis.md.
    last_week = dutch_date() - timedelta(days=5)
    words = ["curl", "-sSfG", "-o", "since.gpkg", f"{site.root}/collections/sensors/items"]
    words += ["-d", "f=geopackage", "-d", "limit=1000000"]
    words += ["--data-urlencode", f"filter=placedFrom {operator} DATE('{last_week}')"]
    subprocess.run(words, check=True, cwd=tmp_path)
    assert pyogrio.read_info(tmp_path / "since.gpkg", layer="sensors")["features"] == found


def test_ogr2ogr_spat_is_sent_to_server_as_bbox(site: Site, requests: list[str], tmp_path: Path) -> None:
    west, south, east, north = 4.88, 52.36, 4.91, 52.39
    box = [str(number) for number in (west, south, east, north)]
    references = convert(site, tmp_path / "box.gpkg", "-spat_srs", "OGC:CRS84", "-spat", *box)
    near = [
        number
        for number in range(SENSORS)
        if abs(place_rd(number)[0] - DAM_RD[0]) < 300 and abs(place_rd(number)[1] - DAM_RD[1]) < 300
    ]
    assert near
    assert {f"sensor-{number:03}" for number in near} <= set(references)
    assert len(references) < SENSORS / 4
    assert any("bbox=" in asked for asked in requests), requests
