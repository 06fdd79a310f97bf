"""Parsing a GeoJSON FeatureCollection: a file, or one page of an OGC API Features collection."""

import json
from dataclasses import dataclass
from typing import Any

import shapely

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
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
        collection = json.loads(content)
    except (ValueError, RecursionError) as error:
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
    links = collection.get("links") or []
    crs = collection.get("crs") or {}
    return FeatureCollection(
        [_read_feature(feature, location) for feature in collection["features"]],
        crs.get("properties", {}).get("name"),
        next((link["href"] for link in links if link.get("rel") == "next"), None),
        collection.get("numberMatched"),
    )


def _read_feature(feature: dict[str, Any], location: str) -> Feature:
    attributes = feature.get("properties") or {}
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
