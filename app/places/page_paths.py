"""Paths of the pages of sensors, places, owners and kinds; the Dutch ones, which `page_path` translates."""

from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import quote, urlencode

from app.municipalities.codes import fold_name

NamedSubject = Literal["municipality", "province", "organisation", "kind"]

_FOLDERS: Final[dict[NamedSubject, str]] = {
    "municipality": "gemeente",
    "province": "provincie",
    "organisation": "organisatie",
    "kind": "soort",
}


def make_slug(name: str) -> str:
    """The part of an address that stands for a name: `Bergen (NH.)` becomes `bergen-nh`."""
    return fold_name(name).replace(" ", "-")


def write_subject_path(subject: NamedSubject, *, name: str) -> str:
    """The page of a municipality, province, organisation or kind by its name."""
    return f"/{_FOLDERS[subject]}/{make_slug(name)}"


def write_identified_path(subject: NamedSubject, *, code: str) -> str:
    """The same page by its code or id, for names that several may have."""
    return f"/{_FOLDERS[subject]}/{quote(code)}"


def write_sensor_path(public_code: str) -> str:
    return f"/s/{quote(public_code)}"


def write_list_path(parameters: Mapping[str, str]) -> str:
    """The list of sensors, by parameters of the API."""
    return f"/sensoren?{urlencode(parameters)}"


def write_spot_path(lon: float, lat: float, searched: str | None = None, precision: str | None = None) -> str:
    """The page of a position, to about a metre; `precision` is the kind of location that was searched for."""
    given = {"plek": f"{lon:.5f},{lat:.5f}", "zoek": searched, "soort": precision}
    return f"/hier?{urlencode({name: value for name, value in given.items() if value}, safe=',')}"
