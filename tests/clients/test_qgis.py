"""QGIS without a window: our features and our vector tiles as layers, what it asks for them, and what it draws."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.sensors.properties import PROPERTY_NAMES
from tests.clients.conftest import SENSORS, Site

pytestmark = pytest.mark.slow

SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's QGIS comes with a module for this Python."""
SCRIPT = Path(__file__).with_name("qgis_layers.py")
RED, BLUE, BACKGROUND = "#a4262c", "#154273", "#f4f4f0"


@pytest.fixture
def found(site: Site, requests: list[str], tmp_path: Path) -> dict[str, Any]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [SYSTEM_PYTHON, SCRIPT, site.root, tmp_path],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_qgis_reads_filters_and_draws_layers(
    found: dict[str, Any], requests: list[str], tmp_path: Path
) -> None:
    assert found["valid"]
    everything = [f"sensor-{number:03}" for number in range(SENSORS)]
    assert sorted(found["all"]) == everything
    # Columns and types are those of the first page, of which every feature has every property.
    fields = found["fields"]
    assert set(fields) - {"id"} == set(PROPERTY_NAMES)
    assert {name for name, kind in fields.items() if kind == "Real"} == {
        "heightM", "viewDirectionDeg", "viewAngleDeg", "viewRangeM"
    }  # fmt: skip
    assert {name for name, kind in fields.items() if kind == "Integer"} == {"version"}
    assert fields["themes"] == fields["gdprBases"] == "StringList"
    assert fields["placedFrom"] == fields["dpiaDate"] == "Date"
    assert fields["openData"] == "Boolean"
    assert found["numbers"] == {"sensor-125": [12.5, None, None], "sensor-126": [None, 45.25, 33.3]}

    # A box and a period are asked of the server; this QGIS evaluates other filters itself.
    assert 0 < len(found["box"]) < SENSORS / 4
    assert any("bbox=4.8" in asked for asked in requests)
    assert found["placed_long_ago"] == 0
    assert any("datetime=0000-01-01" in asked for asked in requests)
    assert (found["coming"], found["come"]) == (0, SENSORS)
    assert found["took_filter"]
    assert sorted(found["cameras"]) == everything[::3]

    # The picture shows cameras in red and the others in blue; that of the tiles has something in it.
    assert found["drawn"][RED] > 100
    assert found["drawn"][BLUE] > found["drawn"][RED]
    assert found["tiles_valid"]
    assert any("/tiles/WebMercatorQuad/" in asked for asked in requests)
    inked = sum(found["tiles_drawn"].values()) - found["tiles_drawn"][BACKGROUND]
    assert inked > 1_000
    for picture in ("qgis.png", "qgis-tiles.png"):
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")
