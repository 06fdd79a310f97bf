"""MapLibre in a browser, under the policy of our pages: draws our style and our tiles, and complains of nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.clients.conftest import SENSORS, Site
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
COUNT_SENSORS = """() => map.querySourceFeatures("sensors", { sourceLayer: "sensors" })
  .reduce((sum, feature) => sum + (feature.properties.count ?? 1), 0)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE) as browser:
        yield browser


@pytest.mark.parametrize("zoom", [10.4, 12.5])
def test_style_and_tiles_are_drawn(site: Site, browser: Browser, tmp_path: Path, zoom: float) -> None:
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 640, "height": 640}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("requestfailed", lambda request: complaints.append(request.url))
        policy = page.goto(f"{site.address}/map/?zoom={zoom}&style={site.root}/styles/sensors")
        assert policy is not None
        assert "default-src 'self'" in policy.headers["content-security-policy"]
        page.wait_for_selector("body[data-drawn=yes]", timeout=60_000)
        colours = page.evaluate(COUNT_COLOURS)
        sensors = page.evaluate(COUNT_SENSORS)
        page.screenshot(path=tmp_path / "maplibre.png")
    assert [one for one in complaints if "GPU stall" not in one] == []
    assert colours["red"] > 100
    assert colours["blue"] > 100
    assert 0 < sensors <= SENSORS
