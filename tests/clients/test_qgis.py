"""QGIS without a window: our features and our vector tiles as layers, what it asks for them, and what it draws."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.sensors.properties import PROPERTY_NAMES
from tests.clients.conftest import CAMERAS, SENSORS, Site
from tests.support.qgis import run_script
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

RED, BLUE, BACKGROUND = "#a4262c", "#154273", "#f4f4f0"


def run_qgis(script: str, site: Site, folder: Path) -> dict[str, Any]:
    """The printed JSON of a script of this folder on the landing page of a site."""
    return run_script(script, site.root, folder)


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
    style = httpx.get(f"{site.root}/styles/sensors", timeout=PATIENCE_SECONDS).json()
    circles = [layer["id"] for layer in style["layers"] if layer["type"] == "circle"]
    assert found["styles"] == circles
    counts, *letters = found["labels"]
    assert counts == 'to_string("count")'
    assert len(letters) == 2
    assert all(label.startswith("CASE") and "'optical_camera'" in label for label in letters)
    # Colours lie over the background with an opacity of 0.95. A third of the sensors are cameras.
    red, blue = (found["drawn"].get(colour, 0) for colour in ("#a83036", "#204b79"))
    assert red > 20
    assert blue > red


@pytest.fixture(scope="module")
def analysis(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_qgis("qgis_analysis", site, tmp_path_factory.mktemp("analysis"))


def test_qgis_selects_alike_in_a_layer_of_the_service_and_in_a_downloaded_file(
    analysis: dict[str, Any],
) -> None:
    heights = [number / 10 for number in range(SENSORS) if number % 3]
    assert analysis["types"] == {
        "viewAngleDeg": "float", "version": "int", "placedFrom": "QDate", "themes": "list", "name": "QVariant",
    }  # fmt: skip
    assert analysis["selected"] == {
        "a decimal": [1, 1],
        "a range": [sum(10 <= height < 20 for height in heights)] * 2,
        "no height": [CAMERAS, CAMERAS],
        "two directions": [1, 1],
        "a day": [SENSORS, SENSORS],
        "a text with a comma": [1, 1],
        "a list": [CAMERAS, CAMERAS],
    }


def test_qgis_draws_classes_of_a_number_from_a_stored_style(analysis: dict[str, Any]) -> None:
    drawn = analysis["drawn"]
    assert drawn["#2166ac"] > 100
    assert drawn["#b2182b"] > 100


def test_qgis_joins_municipalities_by_location_and_by_code(analysis: dict[str, Any]) -> None:
    everywhere = {"Amsterdam": SENSORS}
    joined = analysis["joined"]
    assert (joined["service"], joined["file"], joined["attribute"]) == (everywhere, everywhere, everywhere)
    assert joined["few, file"] == {"Amsterdam": 1}
    assert joined["file without lists, file"] == everywhere


def test_qgis_has_the_traps_that_its_guide_names(analysis: dict[str, Any]) -> None:
    """A newer QGIS may fail here: then docs/gis.md has a trap too many."""
    # The municipalities outnumber the points: QGIS looks them up by the box of a point, which it takes for empty.
    assert analysis["joined"]["few, service"] == {"NULL": 1}
    # An empty boolean is false in the cache of a layer, and there no comparison finds any.
    empty_or_true = {"NULL": CAMERAS, "True": SENSORS - CAMERAS}
    assert analysis["booleans"] == {
        "first": empty_or_true,
        "then": {"False": CAMERAS, "True": SENSORS - CAMERAS},
        "downloaded": empty_or_true,
    }
    assert analysis["selected_booleans"] == {
        '"openData" = true': [0, SENSORS - CAMERAS],
        '"openData" = false': [0, 0],
        '"openData" IS NULL': [0, CAMERAS],
    }
