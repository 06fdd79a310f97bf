"""How the API document describes the public addresses; items spell out what official test suites look for."""

from typing import Any, Final

from app.features.collections import ANSWERED_IN, GEOJSON
from app.features.parameters import (
    BOUNDARY_PARAMETERS,
    DEFAULT_LIMIT,
    DEFAULT_RADIUS_METRES,
    MOST_ITEMS,
    MOST_RADIUS_METRES,
    SENSOR_PARAMETERS,
)
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME
from app.sensors.search import OPERATIONAL_STATUSES
from app.spatial.crs import Crs

_SCHEMAS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "f": ({"type": "string", "enum": ["json", "geojson"]}, "The format."),
    "limit": (
        {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": DEFAULT_LIMIT},
        f"How many at most; above {MOST_ITEMS} it is cut, not refused.",
    ),
    "cursor": ({"type": "string"}, "Where the page begins, from a link `next`."),
    "bbox": (
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        "A box: lowest corner, then highest; longitude and latitude unless `bbox-crs` says otherwise.",
    ),
    "bbox-crs": ({"type": "string", "enum": [crs.uri for crs in Crs]}, "The system of `bbox`."),
    "crs": ({"type": "string", "enum": [crs.uri for crs in ANSWERED_IN]}, "The system of the answer."),
    "datetime": (
        {"type": "string"},
        "A date, a moment or an interval: what is there then, from `placedFrom` until `removedOn` or `activeUntil`.",
    ),
    "municipality": ({"type": "string"}, "A municipality by code (GM0363) or name; old codes too."),
    "near": (
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "A spot, longitude,latitude: answers come nearest first, with `distanceM`.",
    ),
    "radius": (
        {
            "type": "number",
            "minimum": 0,
            "exclusiveMinimum": True,
            "maximum": MOST_RADIUS_METRES,
            "default": DEFAULT_RADIUS_METRES,
        },
        "Metres around `near`.",
    ),
    "covers": (
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "A spot, longitude,latitude: what has it in its field of view or operating area.",
    ),
    "asOf": ({"type": "string"}, "What the register said at that moment; a date is the end of that day."),
    "operationalStatus": (
        {"type": "array", "items": {"type": "string", "enum": list(OPERATIONAL_STATUSES)}},
        "Asking for it shows removed and long expired sensors too.",
    ),
}


def describe_parameter(name: str) -> dict[str, Any]:
    """One query parameter, in OpenAPI 3.0."""
    if name in _SCHEMAS:
        schema, text = _SCHEMAS[name]
    else:
        label = FIELD_BY_NAME[name].label if name in FIELD_BY_NAME else DERIVED_LABELS[name]
        schema, text = {"type": "string"}, f"{label.en} ({label.nl}); several values with commas between."
    described = {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
    return described | {"style": "form", "explode": False}


_FEATURES: Final = {"type": "object", "required": ["type", "features"], "properties": {
    "type": {"type": "string", "enum": ["FeatureCollection"]},
    "features": {"type": "array", "items": {"type": "object"}},
    "numberReturned": {"type": "integer"},
    "numberMatched": {"type": "integer", "description": "Left out where nobody counted that far."},
    "timeStamp": {"type": "string", "format": "date-time"},
    "links": {"type": "array", "items": {"type": "object"}},
}}  # fmt: skip
_ITEM_ID: Final = {
    "name": "featureId",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
}
_COLLECTION_ID: Final = {
    "name": "collectionId",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "enum": ["sensors", "observed-areas", "municipalities"]},
}

COLLECTION: Final = {"parameters": [_COLLECTION_ID]}
SENSOR_ITEMS: Final = {"parameters": [describe_parameter(name) for name in SENSOR_PARAMETERS]}
BOUNDARY_ITEMS: Final = {"parameters": [describe_parameter(name) for name in BOUNDARY_PARAMETERS]}
ITEM: Final = {"parameters": [_ITEM_ID, describe_parameter("f"), describe_parameter("crs")]}
ITEMS_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "A page of features.", "content": {GEOJSON: {"schema": _FEATURES}}}
}
ITEM_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One feature.",
        "content": {GEOJSON: {"schema": {"type": "object", "required": ["type", "geometry", "properties"]}}},
    }
}
