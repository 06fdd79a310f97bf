"""The formats as GDAL of Debian 12 reads them, on which its QGIS stands: in place, with every feature and type."""

import re
import subprocess
from pathlib import Path

import pytest

from app.files.writers.schema import CSV, FLATGEOBUF, GEOPACKAGE, SEQUENCE, Format
from app.spatial.crs import Crs
from tests.features.test_file_renderer import get
from tests.support.register import SENSORS, Register

pytestmark = pytest.mark.slow


def ogrinfo(*words: str) -> str:
    finished = subprocess.run(["ogrinfo", *words], capture_output=True, text=True, check=True)
    assert finished.stderr == ""
    return finished.stdout


def save(register: Register, form: Format, folder: Path, query: str = "") -> str:
    path = folder / f"sensors.{form.suffix}"
    path.write_bytes(get(register, f"f={form.name}&limit=1000000{query}").content)
    return str(path)


def read_extent(listing: str) -> list[float]:
    found = re.search(r"Extent: \((\S+), (\S+)\) - \((\S+), (\S+)\)", listing)
    assert found is not None, listing
    return [float(side) for side in found.groups()]


DEGREES = [4.88, 52.37, 4.93, 52.38]
METRES = [120_450, 487_000, 124_000, 488_500]


@pytest.mark.parametrize("form", [FLATGEOBUF, GEOPACKAGE], ids=lambda form: form.name)
@pytest.mark.parametrize(
    ("crs", "identifier", "extent"),
    [
        (Crs.CRS84, 'ID["EPSG",4326]', DEGREES),
        (Crs.ETRS89, 'ID["EPSG",4258]', DEGREES),
        (Crs.RD, 'ID["EPSG",28992]', METRES),
    ],
)
def test_ogrinfo_reads_points_crs_and_extent(
    filled: Register, tmp_path: Path, *, form: Format, crs: Crs, identifier: str, extent: list[float]
) -> None:
    listing = ogrinfo("-al", "-so", save(filled, form, tmp_path, f"&crs={crs.uri}"), "sensors")
    assert f"Feature Count: {SENSORS}" in listing
    assert "Geometry: Point" in listing
    assert identifier in listing
    west, south, east, north = read_extent(listing)
    assert extent[0] <= west < east <= extent[2]
    assert extent[1] <= south < north <= extent[3]


def test_ogrinfo_reads_text_sequence_and_extent(filled: Register, tmp_path: Path) -> None:
    listing = ogrinfo("-al", "-so", save(filled, SEQUENCE, tmp_path), "sensors")
    assert f"Feature Count: {SENSORS}" in listing
    west, south, east, north = read_extent(listing)
    assert DEGREES[0] <= west < east <= DEGREES[2]
    assert DEGREES[1] <= south < north <= DEGREES[3]


def test_columns_have_their_types(filled: Register, tmp_path: Path) -> None:
    listing = ogrinfo("-al", "-so", save(filled, GEOPACKAGE, tmp_path), "sensors")
    for described in (
        "id: String",
        "name: String",
        "heightM: Real",
        "openData: Integer(Boolean)",
        "placedFrom: Date",
        "updatedAt: DateTime",
        "version: Integer",
        "themes: String(JSON)",
    ):
        assert described in listing


def test_ogrinfo_selects_by_value_and_by_box(filled: Register, tmp_path: Path) -> None:
    for form in (FLATGEOBUF, GEOPACKAGE, SEQUENCE):
        path = save(filled, form, tmp_path)
        listing = ogrinfo("-al", "-so", "-where", "sensorType = 'optical_camera'", path, "sensors")
        assert "Feature Count: 1\n" in listing
        listing = ogrinfo("-al", "-so", "-spat", "4.8925", "52.3725", "4.8935", "52.3735", path, "sensors")
        assert "Feature Count: 1\n" in listing


def test_csv_is_read_with_its_coordinates(filled: Register, tmp_path: Path) -> None:
    options = ("-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude")
    listing = ogrinfo("-al", "-so", *options, save(filled, CSV, tmp_path), "sensors")
    assert f"Feature Count: {SENSORS}" in listing
    assert "Geometry: Point" in listing
