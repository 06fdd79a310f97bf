"""Parsing a GeoJSON FeatureCollection: a file, or one page of an OGC API Features collection."""

import json
from dataclasses import dataclass
from typing import Any

import shapely

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.strict_json import parse_json
from app.municipalities.attribute_names import Feature


@dataclass(frozen=True, slots=True)
class FeatureCollection:
    """Features, the declared reference system, the link to the next page and the total number of features."""

    features: list[Feature]
    declared_crs: str | None
    next_link: str | None
    number_matched: int | None


def parse_collection(content: bytes, location: str) -> FeatureCollection:
    """Parse a FeatureCollection; `location` names it in errors.

    Raises: InvalidRequest for other or incomplete content.
    """
    try:
        collection = parse_json(content.decode(json.detect_encoding(content)))
    except ValueError as error:
        raise InvalidRequest(
            LocalizedText(
                f"{location} is geen GeoJSON of GeoPackage, of is niet compleet.",
                f"{location} is not GeoJSON or GeoPackage, or is incomplete.",
            )
        ) from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise InvalidRequest(
            LocalizedText(f"{location} is geen FeatureCollection.", f"{location} is not a FeatureCollection.")
        )
    number_matched = collection.get("numberMatched")
    return FeatureCollection(
        [
            _read_feature(number, feature, location)
            for number, feature in enumerate(collection["features"], 1)
        ],
        _read_declared_crs(collection.get("crs"), location),
        _find_next_link(collection.get("links")),
        number_matched if isinstance(number_matched, int) else None,
    )


def _read_declared_crs(crs: Any, location: str) -> str | None:
    """The name of the system; None without `crs`. A declaration that cannot be read is no default."""
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str):
        return name
    raise InvalidRequest(
        LocalizedText(
            f"{location}: het coördinatenstelsel (crs) heeft geen naam. Exporteer opnieuw, in RD of WGS 84.",
            f"{location}: the reference system (crs) has no name. Export again, in RD or WGS 84.",
        )
    )


def _find_next_link(links: Any) -> str | None:
    found = [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    next_link = next((link.get("href") for link in found if link.get("rel") == "next"), None)
    return next_link if isinstance(next_link, str) else None


def _read_feature(number: int, feature: Any, location: str) -> Feature:
    attributes = (feature.get("properties") or {}) if isinstance(feature, dict) else None
    if not isinstance(attributes, dict):
        raise InvalidRequest(
            LocalizedText(
                f"{location}: object {number} is geen Feature met eigenschappen.",
                f"{location}: object {number} is not a Feature with properties.",
            )
        )
    geometry = feature.get("geometry")
    if geometry is None:
        return Feature(attributes, None)
    try:
        return Feature(attributes, shapely.force_2d(shapely.from_geojson(json.dumps(geometry))))
    except shapely.GEOSException as error:
        what = ", ".join(value for value in attributes.values() if isinstance(value, str)) or "?"
        raise InvalidRequest(
            LocalizedText(
                f"{location}: de geometrie van {what} is niet te lezen: {error}",
                f"{location}: the geometry of {what} cannot be read: {error}",
            )
        ) from error
