"""Files read from their address: by GDAL, the FlatGeobuf library in Node and in a browser, and curl after a break."""

import subprocess
from pathlib import Path

import httpx
import pytest

from app.bootstrap.paths import ROOT, VENV
from tests.clients.conftest import SENSORS, Site
from tests.support.browser import open_browser
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

RECTANGLE = "{ minX: 4.85, minY: 52.35, maxX: 4.9, maxY: 52.38 }"
READ_RECTANGLE = """
async function count(url, rect) {
  let found = 0;
  for await (const feature of deserialize(url, { rect })) found++;
  return found;
}
"""


def address(site: Site, form: str) -> str:
    return f"{site.root}/collections/sensors/items?f={form}&limit=1000000"


def count_in_rectangle(site: Site) -> int:
    query = "bbox=4.85,52.35,4.9,52.38&limit=1"
    answer = httpx.get(f"{site.root}/collections/sensors/items?{query}", timeout=PATIENCE_SECONDS)
    return int(answer.json()["numberMatched"])


@pytest.mark.parametrize("form", ["flatgeobuf", "geopackage"])
def test_gdal_reads_a_file_in_parts(site: Site, form: str) -> None:
    words = ["ogrinfo", "-al", "-so", f"/vsicurl/{address(site, form)}", "sensors"]
    listing = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {SENSORS}" in listing
    assert 'ID["EPSG",4326]' in listing


def test_flatgeobuf_in_node_reads_a_rectangle(site: Site, tmp_path: Path) -> None:
    program = tmp_path / "read.mjs"
    library = (ROOT / "node_modules/flatgeobuf/lib/mjs/geojson.js").as_uri()
    program.write_text(
        f'import {{ deserialize }} from "{library}";{READ_RECTANGLE}'
        f'console.log(await count("{address(site, "flatgeobuf")}", {RECTANGLE}));'
    )
    done = subprocess.run([VENV / "bin" / "node", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # The library reports its requests on the lines before.
    assert 0 < int(done.stdout.splitlines()[-1]) == count_in_rectangle(site) < SENSORS


def test_flatgeobuf_in_a_browser_reads_a_rectangle_of_another_site(site: Site) -> None:
    with open_browser() as browser, browser.new_context() as context:
        page = context.new_page()
        # A page without a site of its own: every request is one to another site.
        page.add_script_tag(path=ROOT / "node_modules/flatgeobuf/dist/flatgeobuf-geojson.min.js")
        found = page.evaluate(
            f"""async url => {{
                const {{ deserialize }} = flatgeobuf;{READ_RECTANGLE}
                return await count(url, {RECTANGLE});
            }}""",
            address(site, "flatgeobuf"),
        )
    assert 0 < found == count_in_rectangle(site) < SENSORS


@pytest.mark.parametrize("form", ["flatgeobuf", "geopackage", "geoparquet", "xlsx"])
def test_curl_continues_a_download(site: Site, form: str, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    url = address(site, form)
    subprocess.run(["curl", "-sf", "-o", whole, url], check=True)
    broken.write_bytes(whole.read_bytes()[:5000])
    subprocess.run(["curl", "-sf", "-C", "-", "-o", broken, url], check=True)
    assert broken.read_bytes() == whole.read_bytes()
