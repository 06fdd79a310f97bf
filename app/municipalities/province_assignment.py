"""The province of municipalities of which an edition does not name it: that of most of its towns."""

import logging
from collections import Counter
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.errors import Unavailable
from app.municipalities.geonames import Towns, read_towns

_UNKNOWN: Final = """
SELECT edition, code, ST_AsBinary(boundary_rd) FROM publication.municipality WHERE province IS NULL
"""
_FILL: Final = """
UPDATE publication.municipality SET province = :province WHERE edition = :edition AND code = :code
"""
# The stamp of the names in memory has the moments of loading.
_RENEW: Final = """
UPDATE publication.municipality_edition SET loaded_at = clock_timestamp() WHERE edition = ANY(:editions)
"""

_log = logging.getLogger(__name__)


def fill_missing_provinces(session: Session, packages: Path) -> int:
    """Fill in every province that no edition named, from the towns in this folder of npm packages; return their number.

    Without the package nothing is filled in, which the log says.
    """
    unknown = session.execute(text(_UNKNOWN)).all()
    if not unknown:
        return 0
    try:
        towns = read_towns(packages)
    except Unavailable as missing:
        _log.warning("the provinces of %d municipalities are not known: %s", len(unknown), missing)
        return 0
    find_province = ProvinceFinder(towns)
    filled = [
        {"edition": edition, "code": code, "province": find_province(shapely.from_wkb(bytes(boundary)))}
        for edition, code, boundary in unknown
    ]
    session.execute(text(_FILL), filled)
    session.execute(text(_RENEW), {"editions": sorted({row.edition for row in unknown})})
    return len(filled)


class ProvinceFinder:
    """The province of an area: that of most of the towns in it, else that of the nearest town."""

    def __init__(self, towns: Towns) -> None:
        self._provinces = towns.provinces
        self._tree = STRtree(shapely.points(towns.points))

    def __call__(self, boundary_rd: BaseGeometry) -> str:
        inside: Any = self._tree.query(boundary_rd, predicate="contains")
        if len(inside):
            counted = Counter(np.sort(self._provinces[inside]).tolist())
            return str(counted.most_common(1)[0][0])
        return str(self._provinces[self._tree.nearest(shapely.point_on_surface(boundary_rd))])
