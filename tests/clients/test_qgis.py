"""QGIS without a window: our features and our vector tiles as layers, what it asks for them, and what it draws."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.bootstrap.paths import ROOT
from app.sensors.properties import PROPERTY_NAMES
from tests.clients.conftest import SENSORS, Site

pytestmark = pytest.mark.slow

SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's QGIS comes with a module for this Python."""
RED, BLUE, BACKGROUND = "#a4262c", "#154273", "#f4f4f0"


def run_qgis(script: str, site: Site, folder: Path) -> dict[str, Any]:
    """The printed JSON of a script of this folder; each has a profile of its own, since QGIS caches what it fetched."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [SYSTEM_PYTHON, "-m", f"tests.clients.{script}", site.root, folder],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_qgis_reads_filters_and_draws_layers(site: Site, requests: list[str], tmp_path: Path) -> None:
    found = run_qgis("qgis_layers", site, tmp_path)
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


def test_qgis_draws_the_style_of_the_tiles_with_its_colours_and_counts(site: Site, tmp_path: Path) -> None:
    found = run_qgis("qgis_style", site, tmp_path)
    assert found["converted"]
    # QGIS takes its own default for a font that the machine does not have.
    assert [one for one in found["warnings"] if "Referenced font" not in one] == []
    assert (found["valid"], found["loaded"], found["error"]) == (True, True, "")
    style = httpx.get(f"{site.root}/styles/sensors").json()
    circles = [layer["id"] for layer in style["layers"] if layer["type"] == "circle"]
    assert found["styles"] == circles
    assert found["labels"] == ['to_string("count")']
    # Colours lie over the background with an opacity of 0.95. A third of the sensors are cameras.
    red, blue = (found["drawn"].get(colour, 0) for colour in ("#a83036", "#204b79"))
    assert red > 20
    assert blue > red
