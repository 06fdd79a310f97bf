"""The parameters of a search in the API document, as OpenAPI 3.0."""

from typing import Any, Final

from app.core.i18n import LocalizedText
from app.sensors.properties import SENSOR_PROPERTIES
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.parameters import DEFAULT_RADIUS_METRES, MAX_RADIUS_METRES
from app.sensors.search.sensor_search import SEVERAL_VALUED
from app.spatial.cql2.filters import FILTER_LANGUAGES
from app.spatial.cql2.parsing import MAX_FILTER_BYTES
from app.spatial.crs import Crs

_SCHEMAS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "bbox": (
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        "A box: lowest corner, then highest; longitude and latitude unless `bbox-crs` says otherwise.",
    ),
    "bbox-crs": ({"type": "string", "enum": [crs.uri for crs in Crs]}, "The system of `bbox`."),
    "crs": (
        {"type": "string", "enum": [crs.uri for crs in Crs]},
        "The coordinate reference system of the answer.",
    ),
    "datetime": (
        {"type": "string"},
        "A date, a moment or an interval: what is there then, from `placedFrom` until `removedOn` or `activeUntil`.",
    ),
    "municipality": ({"type": "string"}, "A municipality by code (GM0363) or name; old codes too."),
    "province": (
        {"type": "string"},
        "A province by code (PV27) or name: the sensors of its municipalities of today.",
    ),
    "near": (
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        (
            "A spot, longitude,latitude unless `nearCrs` says otherwise: answers come nearest first, with `distanceM`."
            " A spot of which no place in the Netherlands can be within 50 km is refused."
        ),
    ),
    "nearCrs": (
        {"type": "string", "enum": [crs.uri for crs in Crs]},
        "The system of `near`; without it and without `bbox`, that of `bbox-crs`.",
    ),
    "radius": (
        {
            "type": "number",
            "minimum": 0,
            "exclusiveMinimum": True,
            "maximum": MAX_RADIUS_METRES,
        },
        # Not as `default`: programs fill that in, and a radius without `near` is refused.
        f"Metres around `near`, at most {MAX_RADIUS_METRES:.0f}; {DEFAULT_RADIUS_METRES:.0f} without it.",
    ),
    "covers": (
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        (
            "A spot, longitude,latitude unless `coversCrs` says otherwise: what has it in its field of view or"
            " operating area. A sensor without such an area, or with a generalised place, is not found by it."
        ),
    ),
    "coversCrs": (
        {"type": "string", "enum": [crs.uri for crs in Crs]},
        "The system of `covers`; without it and without `bbox`, that of `bbox-crs`.",
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
        "Sortables, most important first; `-` before a name sorts descending. Features without a value come last.",
    ),
    "operationalStatus": (
        {"type": "array", "items": {"type": "string", "enum": list(OPERATIONAL_STATUSES)}},
        "Asking for it shows removed and long expired sensors too.",
    ),
}

_LABELS: Final = {one.name: one.label for one in SENSOR_PROPERTIES}


def describe_search_parameter(name: str) -> dict[str, Any]:
    """One parameter of a search; a property that has no description of its own takes a value or several."""
    if name in _SCHEMAS:
        return describe_query_parameter(name, *_SCHEMAS[name])
    return describe_value_parameter(name, _LABELS[name], several=name in SEVERAL_VALUED)


def describe_value_parameter(name: str, label: LocalizedText, *, several: bool) -> dict[str, Any]:
    """A parameter for the values of a property; without `several` a comma is a part of the value."""
    text = f"{label.en} ({label.nl}); {'several values with commas between' if several else 'one value'}."
    return describe_query_parameter(name, {"type": "string"}, text)


def describe_query_parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    described = {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
    return described | {"style": "form", "explode": False}
