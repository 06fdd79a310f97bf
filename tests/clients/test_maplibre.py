"""MapLibre in a browser, under the policy of our pages: draws our style and our tiles, and complains of nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.clients.conftest import MAPLIBRE_PACKAGES, SENSORS, Site
from tests.support.browser import open_browser

pytestmark = pytest.mark.slow

# WebGL in software: a machine of tests has no graphics card.
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")

COUNT_COLOURS = """() => {
  const canvas = document.querySelector("canvas");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const dots = context.getImageData(0, 0, copy.width, copy.height).data;
  let red = 0, blue = 0;
  for (let at = 0; at < dots.length; at += 4) {
    if (dots[at + 3] < 128) continue;
    if (dots[at] > 120 && dots[at + 2] < 90) red++;
    if (dots[at + 2] > 80 && dots[at] < 60) blue++;
  }
  return { red, blue };
}"""
COUNT_SENSORS = """() => {
  // A feature in the buffer of a tile is in the neighbour too: a cluster has an id, a sensor a property.
  const found = map.querySourceFeatures("sensors", { sourceLayer: "sensors" });
  const different = new Map(found.map((one) => [one.id ?? one.properties.id, one.properties.count ?? 1]));
  return { found: found.length, different: different.size, sensors: [...different.values()].reduce((a, b) => a + b) };
}"""
LIST_LABELS = (
    """() => map.queryRenderedFeatures({ layers: ["cluster-counts"] }).map((one) => one.properties.count)"""
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE) as browser:
        yield browser


@pytest.mark.parametrize("version", MAPLIBRE_PACKAGES)
@pytest.mark.parametrize("zoom", [10.4, 12.5])
def test_style_and_tiles_are_drawn(
    site: Site, browser: Browser, tmp_path: Path, zoom: float, version: int
) -> None:
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 640, "height": 640}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("requestfailed", lambda request: complaints.append(request.url))
        policy = page.goto(
            f"{site.address}/map/?version={version}&zoom={zoom}&style={site.root}/styles/sensors"
        )
        assert policy is not None
        assert "default-src 'self'" in policy.headers["content-security-policy"]
        page.wait_for_selector("body[data-drawn=yes]", timeout=60_000)
        colours = page.evaluate(COUNT_COLOURS)
        counted = page.evaluate(COUNT_SENSORS)
        labels = page.evaluate(LIST_LABELS)
        complaints += page.evaluate("complaints")
        page.screenshot(path=tmp_path / "maplibre.png")
    assert [one for one in complaints if "GPU stall" not in one] == []
    assert colours["red"] > 100
    assert colours["blue"] > 100
    # Tiles reach beyond the map on all sides: their edges cross the sensors.
    assert counted["found"] > counted["different"]
    assert 0 < counted["sensors"] <= SENSORS
    # The labels are drawn with our digits, which both versions fetch.
    assert (max(labels, default=0) > 1) == (zoom < 11)
