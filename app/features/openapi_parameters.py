"""How the API document describes the public addresses; items spell out what official test suites look for."""

from typing import Any, Final

from app.features.boundary_query import BOUNDARY_PARAMETERS
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import GEOJSON, HTML
from app.features.item_formats import ITEM_MEDIA_TYPES, ONE_ITEM
from app.features.item_query import list_item_parameters
from app.features.parameters import (
    DEFAULT_LIMIT,
    DEFAULT_RADIUS_METRES,
    MAX_ITEMS,
    MAX_RADIUS_METRES,
    SENSOR_PARAMETERS,
)
from app.files.writers.schema import FORMATS
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.spatial.cql2.filters import FILTER_LANGUAGES
from app.spatial.cql2.parsing import MAX_FILTER_BYTES
from app.spatial.crs import Crs

_SCHEMAS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "f": ({"type": "string", "enum": list(ITEM_MEDIA_TYPES)}, "The format; without it `Accept` decides."),
    "limit": (
        {"type": "integer", "minimum": 1, "maximum": MAX_ITEMS, "default": DEFAULT_LIMIT},
        (
            f"How many at most; above {MAX_ITEMS} it is cut, not refused. Formats other than GeoJSON and HTML take"
            " any number, and send a whole search at once."
        ),
    ),
    "cursor": ({"type": "string"}, "Where the page begins, from a link `next`."),
    "bbox": (
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        "A box: lowest corner, then highest; longitude and latitude unless `bbox-crs` says otherwise.",
    ),
    "bbox-crs": ({"type": "string", "enum": [crs.uri for crs in Crs]}, "The system of `bbox`."),
    "crs": ({"type": "string", "enum": [crs.uri for crs in Crs]}, "The system of the answer."),
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
            "maximum": MAX_RADIUS_METRES,
        },
        # Not as `default`: programs fill that in, and a radius without `near` is refused.
        f"Metres around `near`; {DEFAULT_RADIUS_METRES:.0f} without it.",
    ),
    "covers": (
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "A spot, longitude,latitude: what has it in its field of view or operating area.",
    ),
    "asOf": ({"type": "string"}, "What the register said at that moment; a date is the end of that day."),
    "q": (
        {"type": "string"},
        "Words, all of which occur in what is publicly said of the sensor, in Dutch stems.",
    ),
    "filter": (
        {"type": "string", "maxLength": MAX_FILTER_BYTES},
        "A filter in CQL2 over the queryables; one about `operationalStatus` sees removed and long expired ones too.",
    ),
    "filter-lang": (
        {"type": "string", "enum": list(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]},
        "The language of `filter`.",
    ),
    "filter-crs": (
        {"type": "string", "enum": [crs.uri for crs in Crs]},
        "The system of coordinates in `filter`.",
    ),
    "properties": (
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "The properties that the answer holds, of those in the schema; all of them without this.",
    ),
    "skipGeometry": ({"type": "boolean", "default": False}, "Whether to leave the geometry out (`null`)."),
    "sortby": (
        {
            "type": "array",
            "items": {"type": "string", "pattern": "^[+-]?[A-Za-z]+$"},
            "minItems": 1,
            "maxItems": 5,
        },
        "Names of the sortables, the first one first; `-` before a name turns it round. What has no value comes last.",
    ),
    "operationalStatus": (
        {"type": "array", "items": {"type": "string", "enum": list(OPERATIONAL_STATUSES)}},
        "Asking for it shows removed and long expired sensors too.",
    ),
}


_TIMELESS: Final = (
    "A date, a moment or an interval; boundaries have no time of their own, so that all of them match."
)

_LABELS: Final = {one.name: one.label for each in PROPERTIES_OF.values() for one in each.all}


def describe_parameter(name: str) -> dict[str, Any]:
    """One query parameter, in OpenAPI 3.0."""
    if name in _SCHEMAS:
        schema, text = _SCHEMAS[name]
    else:
        label = _LABELS[name]
        schema, text = {"type": "string"}, f"{label.en} ({label.nl}); several values with commas between."
    described = {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
    return described | {"style": "form", "explode": False}


_LINKS: Final = {"type": "array", "items": {"type": "object"}}
_FEATURE: Final = {"title": "Feature", "type": "object", "required": ["type", "geometry", "properties"], "properties": {
    "type": {"type": "string", "enum": ["Feature"]},
    "id": {"type": "string"},
    "geometry": {"type": "object", "nullable": True, "description": "GeoJSON; null with `skipGeometry`."},
    "properties": {"type": "object", "description": "As `/collections/{collectionId}/schema` describes them."},
    "links": _LINKS,
}}  # fmt: skip
_FEATURES: Final = {"title": "FeatureCollection", "type": "object", "required": ["type", "features"], "properties": {
    "type": {"type": "string", "enum": ["FeatureCollection"]},
    "features": {"type": "array", "items": _FEATURE},
    "numberReturned": {"type": "integer"},
    "numberMatched": {"type": "integer", "description": "Left out where nobody counted that far."},
    "timeStamp": {"type": "string", "format": "date-time"},
    "links": _LINKS,
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

_FORMAT: Final = describe_parameter("f") | {"schema": {"type": "string", "enum": ["json", "html"]}}
FORMAT: Final = {"parameters": [_FORMAT]}
COLLECTION: Final = {"parameters": [_COLLECTION_ID, _FORMAT]}
SENSOR_ITEMS: Final = {"parameters": [describe_parameter(name) for name in SENSOR_PARAMETERS]}
BOUNDARY_ITEMS: Final = {
    "parameters": [
        describe_parameter(name) | ({"description": _TIMELESS} if name == "datetime" else {})
        for name in BOUNDARY_PARAMETERS
    ]
}


def describe_item(collection: str) -> dict[str, Any]:
    """What an operation on one feature takes."""
    parameters = [describe_parameter(name) for name in list_item_parameters(collection)]
    parameters[0]["schema"] = {"type": "string", "enum": list(ONE_ITEM)}
    return {"parameters": [_ITEM_ID, *parameters]}


def describe_answer(sentence: str, media_type: str) -> dict[int | str, dict[str, Any]]:
    """An answer that is a document or a page."""
    content = {media_type: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}
    return {200: {"description": sentence, "content": content}}


_CONTENT_CRS: Final = {
    "Content-Crs": {
        "description": "The system of the answer's coordinates, between angle brackets.",
        "schema": {"type": "string"},
    }
}
_PAGE: Final = {HTML: {"schema": {"type": "string"}}}
_FORMATS: Final = {one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in FORMATS}
_COUNTS: Final = {
    "Link": {
        "description": "`self`, `collection` and `next`, in formats that have no links of their own.",
        "schema": {"type": "string"},
    },
    "OGC-NumberReturned": {
        "description": "How many features it holds, in those formats, where that is known at the start.",
        "schema": {"type": "integer"},
    },
    "OGC-NumberMatched": {
        "description": "How many match, in those formats; left out where nobody counted that far.",
        "schema": {"type": "integer"},
    },
}
ITEMS_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A page of features; in other formats than GeoJSON and HTML a whole search too.",
        "headers": {**_CONTENT_CRS, **_COUNTS},
        "content": {GEOJSON: {"schema": _FEATURES}, **_PAGE, **_FORMATS},
    }
}
ITEM_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One feature.",
        "headers": _CONTENT_CRS,
        "content": {GEOJSON: {"schema": _FEATURE}, **_PAGE},
    }
}
