"""GDAL, on which QGIS and most GIS tools stand, as its users call it."""

import subprocess

import pytest

from tests.support.browser import serve_site
from tests.support.register import Register

pytestmark = pytest.mark.slow

SENSORS = 25
"""More than two of GDAL's pages, which hold ten."""


def ogrinfo(*words: str) -> str:
    return subprocess.run(["ogrinfo", *words], capture_output=True, text=True, check=True).stdout


def test_ogrinfo_lists_all_features(register: Register, fresh_database: str) -> None:
    references = {f"sensor-{number}" for number in range(SENSORS)}
    for reference in references:
        register.register(reference=reference)
    with serve_site(fresh_database) as address:
        source = f"OAPIF:{address}/v1"
        layers = ogrinfo("-q", source)
        summary = ogrinfo("-al", "-so", source, "sensors")
        features = ogrinfo("-al", source, "sensors")
    assert all(name in layers for name in ("sensors", "observed-areas", "municipalities"))
    assert f"Feature Count: {SENSORS}" in summary
    assert "Geometry: Point" in summary
    listed = {line.rpartition(" = ")[2] for line in features.splitlines() if "reference (String)" in line}
    assert listed == references
