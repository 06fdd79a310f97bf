"""Paths of the pages that a found place leads to; the Dutch ones, which `page_path` translates."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def write_sensor_path(public_code: str) -> str:
    return f"/s/{quote(public_code)}"


def write_municipality_path(code: str) -> str:
    return f"/gemeente/{quote(code)}"


def write_kind_path(code: str) -> str:
    return f"/soort/{quote(code)}"


def write_owner_path(organisation_id: str) -> str:
    return f"/organisatie/{quote(organisation_id)}"


def write_list_path(parameters: Mapping[str, str]) -> str:
    """The list of sensors, by parameters of the API."""
    return f"/sensoren?{urlencode(parameters)}"


def write_spot_path(lon: float, lat: float, searched: str | None = None, precision: str | None = None) -> str:
    """The page of a position, to about a metre; `precision` is the kind of location that was searched for."""
    given = {"plek": f"{lon:.5f},{lat:.5f}", "zoek": searched, "soort": precision}
    return f"/hier?{urlencode({name: value for name, value in given.items() if value}, safe=',')}"
