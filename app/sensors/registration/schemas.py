"""The JSON of a registration, and its schemas in the API document."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape

from app.core.i18n import Language
from app.sensors.fields import DERIVED_LABELS, FIELDS, Field, FieldKind, Needed
from app.sensors.receipts.schemas import SHORT_RECEIPT_SCHEMA
from app.sensors.registration.version_record import SensorVersion
from app.sensors.search.operational_status import RULES, find_operational_status
from app.spatial.crs import Crs
from app.spatial.geojson import write_geometry

_KIND_SCHEMA: Final[dict[FieldKind, dict[str, Any]]] = {
    FieldKind.TEXT: {"type": "string"},
    FieldKind.URL: {"type": "string", "format": "uri"},
    FieldKind.TERM: {"type": "string"},
    FieldKind.TERMS: {"type": "array", "items": {"type": "string"}, "minItems": 1},
    FieldKind.DATE: {"type": "string", "format": "date"},
    FieldKind.NUMBER: {"type": "number"},
    FieldKind.BOOLEAN: {"type": "boolean"},
    FieldKind.DURATION: {"type": "string", "example": "P28D"},
    FieldKind.ORGANISATION: {"type": "string", "format": "uuid"},
    FieldKind.POINT: {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": ["Point"]},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
        },
        "example": {"type": "Point", "coordinates": [4.8932, 52.3731]},
    },
    FieldKind.AREA: {
        "type": "object",
        "description": "A GeoJSON Polygon or MultiPolygon; an operating area may be a list of municipality codes.",
    },
}


def describe_field(field: Field) -> dict[str, Any]:
    """The field as a JSON schema (OpenAPI 3.0), with its labels in both languages."""
    schema = dict(_KIND_SCHEMA[field.kind])
    if field.name == "operatingArea":
        schema = {"oneOf": [schema, {"type": "array", "items": {"type": "string"}}]}
    label = f"{field.label.en} ({field.label.nl})"
    schema["description"] = f"{label}. {schema['description']}" if "description" in schema else f"{label}."
    if field.vocabulary:
        schema["description"] += f" A code of /vocabularies/{field.vocabulary}."
    if field.kind in (FieldKind.TEXT, FieldKind.URL):
        schema["maxLength"] = field.most
    if field.kind is FieldKind.TERMS:
        schema["maxItems"] = field.most
    if field.least is not None:
        schema |= {"minimum": field.least, "exclusiveMinimum": not field.least_included}
    if field.below is not None:
        schema |= {"maximum": field.below, "exclusiveMaximum": not field.below_included}
    if field.needed is Needed.PERSONAL:
        schema["description"] += " Mandatory when personal data are processed."
    return schema


REGISTRATION_SCHEMA: Final[dict[str, Any]] = {
    "title": "Registration",
    "type": "object",
    "required": [field.name for field in FIELDS if field.needed is Needed.ALWAYS and field.name != "owner"],
    "properties": {field.name: describe_field(field) for field in FIELDS},
    "additionalProperties": False,
}
"""The fields of a registration; the owner is optional for a key of one organisation."""

AMENDMENT_SCHEMA: Final[dict[str, Any]] = {
    "title": "Amendment",
    "type": "object",
    "properties": {field.name: {**describe_field(field), "nullable": True} for field in FIELDS},
    "additionalProperties": False,
    "example": {"name": "Camera op de Dam", "operator": None},
}
"""A merge patch: null empties a field."""

REGISTRATION_EXAMPLE: Final[dict[str, Any]] = {
    "reference": "geluid-dam-1",
    "name": "Geluidmeter op de Dam",
    "sensorType": "sound",
    "measures": "Geluid in decibel",
    "purpose": "Weten hoe luid het is op het plein.",
    "themes": ["environment_noise"],
    "personalData": "none",
    "mobility": "fixed",
    "location": {"type": "Point", "coordinates": [4.8932, 52.3731]},
    "placedFrom": "2025-07-01",
    "activeUntil": "2030-06-30",
}
"""A registration that is accepted as it is."""

_DERIVED_SCHEMA: Final[dict[str, dict[str, Any]]] = {
    "version": {"type": "integer", "minimum": 1},
    "operatingMunicipalities": {"type": "array", "items": {"type": "string"}},
    "onBehalfOf": {"type": "string", "format": "uuid"},
    "municipalityCodes": {"type": "array", "items": {"type": "string"}},
    "notifiedLate": {"type": "boolean"},
    "lastConfirmedOn": {"type": "string", "format": "date"},
    "confirmBy": {"type": "string", "format": "date"},
    "registeredAt": {"type": "string", "format": "date-time"},
    "updatedAt": {"type": "string", "format": "date-time"},
}
"""Schemas of properties that the register adds, where they are not plain strings."""

REGISTERED_SCHEMA: Final[dict[str, Any]] = {
    "title": "RegisteredSensor",
    "type": "object",
    "required": ["id", "publicCode", "version", "registrationStatus"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        **{
            name: {
                **_DERIVED_SCHEMA.get(name, {"type": "string"}),
                "description": f"{label.en} ({label.nl}).",
            }
            for name, label in DERIVED_LABELS.items()
        },
        **REGISTRATION_SCHEMA["properties"],
        "warnings": {"type": "array", "items": {"type": "object"}},
    },
}

RECEIVED_SCHEMA: Final[dict[str, Any]] = {
    "allOf": [REGISTERED_SCHEMA],
    "type": "object",
    "required": ["receipt"],
    "properties": {
        "receipt": {
            "type": "object",
            "description": "The receipt: its number, the moment of registration, and how to verify it.",
            "required": ["publicCode", "notifiedLate", *SHORT_RECEIPT_SCHEMA["required"]],
            "properties": {
                "publicCode": {"type": "string"},
                "notifiedLate": {"type": "boolean"},
                **SHORT_RECEIPT_SCHEMA["properties"],
            },
        }
    },
}

CHANGED_SCHEMA: Final[dict[str, Any]] = {
    "allOf": [REGISTERED_SCHEMA],
    "type": "object",
    "properties": {"receipt": SHORT_RECEIPT_SCHEMA},
}
"""A version that was made before there were receipts, or that an import made, has none of its own."""

LISTED_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["sensors", "links"],
    "properties": {
        "sensors": {"type": "array", "items": REGISTERED_SCHEMA},
        "links": {
            "type": "array",
            "description": "Link to the next page: `next`, while there is one.",
            "items": {
                "type": "object",
                "required": ["rel", "href"],
                "properties": {"rel": {"type": "string"}, "href": {"type": "string", "format": "uri"}},
            },
        },
    },
}

VERSIONS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["versions"],
    "properties": {
        "versions": {
            "type": "array",
            "items": {
                "allOf": [REGISTERED_SCHEMA],
                "type": "object",
                "properties": {
                    "publishedAt": {"type": "string", "format": "date-time"},
                    "supersededAt": {"type": "string", "format": "date-time"},
                    "redactedAt": {
                        "type": "string",
                        "format": "date-time",
                        "description": "When an administrator hid the version from the public, or erased it.",
                    },
                },
            },
        }
    },
}


def write_registration(
    version: SensorVersion, language: Language, today: date, crs: Crs = Crs.CRS84
) -> dict[str, Any]:
    """The JSON of a version for its owner: every field that has a value, and what the register added.

    `today` is the day of the operational status.
    """
    written: dict[str, Any] = {
        "id": str(version.sensor_id),
        "publicCode": version.public_code,
        "version": version.number,
        "registrationStatus": version.registration_status,
        "operationalStatus": find_operational_status(
            {rule.column: getattr(version, rule.column) for rule in RULES}, today
        ),
    }
    for field in FIELDS:
        written[field.name] = _write_value(getattr(version, field.column), crs)
    if version.operating_municipalities:
        written["operatingArea"] = version.operating_municipalities
    written |= {
        "onBehalfOf": _write_value(version.on_behalf_of_id, crs),
        "municipalityCode": version.municipality_code,
        "municipalityCodes": version.municipality_codes,
        "notifiedLate": version.notified_late,
        "lastConfirmedOn": version.last_confirmed_on.isoformat(),
        "confirmBy": version.confirm_by.isoformat(),
        "registeredAt": write_moment(version.registered_at),
        "updatedAt": write_moment(version.recorded_at),
        "warnings": [{**warning, "detail": warning["detail"][language]} for warning in version.warnings],
    }
    return {name: value for name, value in written.items() if value is not None}


def write_moment(moment: datetime) -> str:
    """A moment in UTC, to the second, as the Dutch API design rules require."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write_value(value: Any, crs: Crs) -> Any:
    if isinstance(value, WKBElement):
        return write_geometry(to_shape(value), crs)
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
