"""GDAL's newest release in pyogrio asks for RD and gets it, to the millimetre."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from tests.clients.conftest import SENSORS, Site, place_rd

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("pyogrio_rd.py")


def test_pyogrio_reads_rd_coordinates_from_server(site: Site, requests: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, site.root], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    # Columns are those of the schema, also what no feature on the first page has.
    assert (read["columns"]["removedOn"], read["columns"]["heightM"]) == ("datetime64[D]", "float64")
    assert read["crs"] == "EPSG:28992"
    assert len(read["places"]) == SENSORS
    for number in range(SENSORS):
        assert read["places"][f"sensor-{number:03}"] == pytest.approx(place_rd(number), abs=0.001)
    pages = [unquote_plus(one) for one in requests if "/items?" in one and "crs=" in one]
    assert len(pages) >= SENSORS // 100
    assert all("crs=http://www.opengis.net/def/crs/EPSG/0/28992" in one for one in pages), pages
