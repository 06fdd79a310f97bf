"""Properties of a collection as JSON Schema: queryables, sortables and the schema of its features.

Source: OGC API Features part 3, 7 (queryables) and part 5 (schemas, roles, units, code lists).
"""

from collections.abc import Iterable
from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import DESCRIPTIONS, Collection
from app.sensors.presentation import label_property
from app.sensors.properties import SensorProperty
from app.vocabularies.terms import Vocabularies

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_ID: Final = LocalizedText("Kenmerk", "Identifier")
_GEOMETRY: Final = LocalizedText("Plaats", "Place")
_AREA_KINDS: Final = {
    "observed": LocalizedText("Waargenomen gebied", "Observed area"),
    "operating": LocalizedText("Werkgebied", "Operating area"),
}


def describe_properties(
    kind: str, collection: Collection, root: str, language: Language, vocabularies: Vocabularies
) -> dict[str, Any]:
    """The document of one `kind` of `DESCRIPTIONS`; `root` is the address of the landing page."""
    properties = PROPERTIES_OF[collection.id]
    names = {"queryables": properties.queryable, "sortables": properties.sortable}.get(kind)
    described = {
        one.name: _describe_property(one, root, language, vocabularies)
        for one in (properties.all if names is None else (properties.by_name[name] for name in names))
    }
    for role, name in (
        ("primary-interval-start", properties.starts),
        ("primary-interval-end", properties.ends),
    ):
        if name in described:
            described[name]["x-ogc-role"] = role
    geometry = {
        "title": _GEOMETRY.render(language),
        "format": f"geometry-{properties.geometry}",
        "x-ogc-role": "primary-geometry",
    }
    if kind == "queryables":
        described["geometry"] = geometry
    elif kind == "schema":
        identifier = {"title": _ID.render(language), "type": "string", "x-ogc-role": "id", "readOnly": True}
        described = {"id": identifier, "geometry": geometry, **described}
        for number, one in enumerate(described.values(), 1):
            one["x-ogc-propertySeq"] = number
    elif kind == "geojson-schema":
        described = _put_in_feature(described)
    return {
        "$schema": DIALECT,
        "$id": f"{root}/collections/{collection.id}/{kind}",
        "type": "object",
        "title": collection.title.render(language),
        "description": DESCRIPTIONS[kind][1].render(language),
        "properties": described,
        # A feature in GeoJSON may have other members, as its links.
        "additionalProperties": kind == "geojson-schema",
    }


def _put_in_feature(described: dict[str, Any]) -> dict[str, Any]:
    """The members of a feature in GeoJSON. Source: RFC 7946, 3.2."""
    return {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": ["object", "null"]},
        "properties": {"type": "object", "properties": described, "additionalProperties": False},
    }


def _describe_property(
    one: SensorProperty, root: str, language: Language, vocabularies: Vocabularies
) -> dict[str, Any]:
    described: dict[str, Any] = {"title": label_property(one.name, one.label, language), "type": one.type}
    value: dict[str, Any] = described
    if one.type == "array":
        value = described["items"] = {"type": "string"}
    if one.format:
        value["format"] = one.format
    if one.pattern:
        value["pattern"] = one.pattern
    if one.most:
        value["maxLength"] = one.most
    if one.unit:
        described |= {"x-ogc-unit": one.unit, "x-ogc-unitLang": "UCUM"}
    if one.vocabulary:
        value |= _list_codes(vocabularies.labels(one.vocabulary).items(), language)
        value["x-ogc-codelistUri"] = f"{root}/vocabularies/{one.vocabulary}"
    elif one.name == "areaKind":
        value |= _list_codes(_AREA_KINDS.items(), language)
    if one.added:
        described["readOnly"] = True
    return described


def _list_codes(labels: Iterable[tuple[str, LocalizedText]], language: Language) -> dict[str, Any]:
    """The codes twice: plainly for programs that check values, and with their labels."""
    named = [{"const": code, "title": label.render(language)} for code, label in labels]
    return {"enum": [one["const"] for one in named], "oneOf": named}
