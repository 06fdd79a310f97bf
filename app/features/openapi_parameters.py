"""How the API document describes the public addresses; items spell out what official test suites look for."""

from collections.abc import Mapping
from typing import Any, Final

from app.features.boundary_parameters import BOUNDARY_PARAMETERS
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import GEOJSON, HTML
from app.features.item_formats import ITEM_MEDIA_TYPES, ONE_ITEM, POSTED_MEDIA_TYPES
from app.features.item_parameters import MAX_ITEMS, SENSOR_PARAMETERS
from app.features.single_item_parameters import list_item_parameters
from app.files.writers.schema import FORMATS
from app.municipalities.boundary_pages import FILTERED, SEVERAL_VALUED
from app.sensors.search.parameter_schemas import (
    describe_query_parameter,
    describe_search_parameter,
    describe_value_parameter,
)
from app.sensors.search.sensor_search import DEFAULT_LIMIT
from app.spatial.cql2.parsing import MAX_FILTER_BYTES, MAX_GEOMETRY_BYTES

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
}

_TIMELESS: Final = (
    "A date, a moment or an interval; boundaries have no time of their own, so that all of them match."
)

_BOUNDARY_LABELS: Final = {one.name: one.label for one in PROPERTIES_OF["municipalities"].all}


def describe_parameter(name: str) -> dict[str, Any]:
    """One query parameter of items, in OpenAPI 3.0."""
    if name in _SCHEMAS:
        return describe_query_parameter(name, *_SCHEMAS[name])
    return describe_search_parameter(name)


def _describe_boundary_parameter(name: str) -> dict[str, Any]:
    if name in FILTERED:
        return describe_value_parameter(name, _BOUNDARY_LABELS[name], several=name in SEVERAL_VALUED)
    return describe_parameter(name) | ({"description": _TIMELESS} if name == "datetime" else {})


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
    "numberMatched": {"type": "integer", "description": "Left out when there are more matches than are counted."},
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
BOUNDARY_ITEMS: Final = {"parameters": [_describe_boundary_parameter(name) for name in BOUNDARY_PARAMETERS]}


def _describe_search(items: Mapping[str, Any]) -> dict[str, Any]:
    """A search by POST: the parameters of the items in a form, and the cursor of a next page in the address."""
    named = {one["name"]: one for one in items["parameters"]}
    form = {
        "title": "ItemSearch",
        "type": "object",
        "description": (
            "The parameters of the items of this collection, which describe them, written as in an address."
            " Only `filter` may be longer, and a page for people is not a format."
        ),
        "properties": {
            "f": {"type": "string", "enum": list(POSTED_MEDIA_TYPES)},
            "filter": {
                "type": "string",
                "description": f"A filter in CQL2. Its coordinates have at most {MAX_GEOMETRY_BYTES} bytes, the rest"
                f" {MAX_FILTER_BYTES}.",
            },
        },
        "additionalProperties": {"type": "string"},
    }
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return {"parameters": [named["cursor"]], "requestBody": body}


SENSOR_SEARCH: Final = _describe_search(SENSOR_ITEMS)
BOUNDARY_SEARCH: Final = _describe_search(BOUNDARY_ITEMS)


NOT_ACCEPTABLE: Final[dict[int | str, dict[str, Any]]] = {406: {"description": "No such format."}}
"""For operations other than GET that answer in a format by Accept."""


def describe_item(collection: str) -> dict[str, Any]:
    """Parameters of an operation on one feature."""
    parameters = [describe_parameter(name) for name in list_item_parameters(collection)]
    parameters[0]["schema"] = {"type": "string", "enum": list(ONE_ITEM)}
    return {"parameters": [_ITEM_ID, *parameters]}


def describe_answer(sentence: str, media_type: str) -> dict[int | str, dict[str, Any]]:
    """An answer that is a document or a page."""
    content = {media_type: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}
    return {200: {"description": sentence, "content": content}}


_CONTENT_CRS: Final = {
    "Content-Crs": {
        "description": "The coordinate reference system of the answer, between angle brackets.",
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
        "description": "How many match, in those formats; left out when there are more than are counted.",
        "schema": {"type": "integer"},
    },
}
_FILES: Final = {
    one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in FORMATS if one.spooled
}
_ACCEPT_RANGES: Final = {
    "Accept-Ranges": {
        "description": "`bytes` for files that can be read in parts: all but GeoJSON, HTML and text.",
        "schema": {"type": "string"},
    }
}
_CONTENT_RANGE: Final = {
    "Content-Range": {
        "description": "The part, and the size of the whole file.",
        "schema": {"type": "string"},
    }
}
ITEMS_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A page of features; in other formats than GeoJSON and HTML a whole search too.",
        "headers": {**_CONTENT_CRS, **_COUNTS, **_ACCEPT_RANGES},
        "content": {GEOJSON: {"schema": _FEATURES}, **_PAGE, **_FORMATS},
    },
    206: {
        "description": "The part of a file that `Range` names.",
        "headers": {**_CONTENT_CRS, **_COUNTS, **_ACCEPT_RANGES, **_CONTENT_RANGE},
        "content": _FILES,
    },
    412: {"description": "`If-Match` names a file that is no longer stored."},
    416: {"description": "The file is shorter than `Range` says."},
}
ITEM_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One feature.",
        "headers": _CONTENT_CRS,
        "content": {GEOJSON: {"schema": _FEATURE}, **_PAGE},
    }
}
