"""Descriptions of the properties of a published sensor, for schemas, pages and filters.

Made from the descriptions of the fields; properties that the register adds are described here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.core.i18n import LocalizedText
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FIELDS, Field, FieldKind

ValueType = Literal["string", "number", "integer", "boolean", "array"]


@dataclass(frozen=True, slots=True)
class SensorProperty:
    """One property as it is published: an `array` holds strings; `vocabulary` names the list of its codes.

    `unit` is by UCUM. `added` says that the register gives it and not the owner.
    """

    name: str
    label: LocalizedText
    type: ValueType = "string"
    format: str | None = None
    vocabulary: str | None = None
    unit: str | None = None
    pattern: str | None = None
    most: int | None = None
    added: bool = False


_FORMATS: Final = {
    FieldKind.URL: "uri",
    FieldKind.DATE: "date",
    FieldKind.DURATION: "duration",
    FieldKind.ORGANISATION: "uuid",
}
_TYPES: Final[dict[FieldKind, ValueType]] = {
    FieldKind.TERMS: "array",
    FieldKind.NUMBER: "number",
    FieldKind.BOOLEAN: "boolean",
}

_ADDED: Final = {
    one.name: one
    for one in (
        SensorProperty(
            "operationalStatus", DERIVED_LABELS["operationalStatus"], vocabulary="operationalStatus"
        ),
        SensorProperty("version", DERIVED_LABELS["version"], "integer"),
        SensorProperty(
            "smartCityTheme", DERIVED_LABELS["smartCityTheme"], "array", vocabulary="smartCityTheme"
        ),
        SensorProperty("operatingMunicipalities", DERIVED_LABELS["operatingMunicipalities"], "array"),
        SensorProperty("onBehalfOf", DERIVED_LABELS["onBehalfOf"], format="uuid"),
        SensorProperty("municipalityCodes", DERIVED_LABELS["municipalityCodes"], "array"),
        SensorProperty("notifiedLate", DERIVED_LABELS["notifiedLate"], "boolean"),
        SensorProperty("lastConfirmedOn", DERIVED_LABELS["lastConfirmedOn"], format="date"),
        SensorProperty("confirmBy", DERIVED_LABELS["confirmBy"], format="date"),
        SensorProperty("registeredAt", DERIVED_LABELS["registeredAt"], format="date-time"),
        SensorProperty("updatedAt", DERIVED_LABELS["updatedAt"], format="date-time"),
    )
}


_DERIVED_LAST: Final = (
    "version",
    "smartCityTheme",
    "operatingMunicipalities",
    "onBehalfOf",
    "onBehalfOfName",
    "municipalityCode",
    "municipalityName",
    "municipalityCodes",
    "notifiedLate",
    "lastConfirmedOn",
    "confirmBy",
    "registeredAt",
    "updatedAt",
)


def _list_names() -> Iterator[str]:
    yield from ("operationalStatus", "publicCode")
    for field in FIELDS:
        if field.is_geometry:
            continue
        yield field.name
        if field.kind is FieldKind.ORGANISATION:
            # GIS tools read flat attributes: the id for filters, and the name for people.
            yield f"{field.name}Name"
    yield from _DERIVED_LAST


PROPERTY_NAMES: Final[tuple[str, ...]] = tuple(_list_names())
"""Names of the properties of a published sensor, in the order in which a feature has them."""


def _describe(name: str) -> SensorProperty:
    if name in FIELD_BY_NAME:
        return describe_field(FIELD_BY_NAME[name])
    if name in _ADDED:
        return replace(_ADDED[name], added=True)
    if name in DERIVED_LABELS:
        return SensorProperty(name, DERIVED_LABELS[name], added=True)
    # Both the id and the name of an organisation are published.
    label = FIELD_BY_NAME[name.removesuffix("Name")].label
    return SensorProperty(name, LocalizedText(f"{label.nl} (naam)", f"{label.en} (name)"), added=True)


def describe_field(field: Field) -> SensorProperty:
    """The property of a field with its own value; the name of an organisation is another property."""
    limited = field.kind in (FieldKind.TEXT, FieldKind.URL)
    return SensorProperty(
        field.name,
        field.label,
        _TYPES.get(field.kind, "string"),
        _FORMATS.get(field.kind),
        field.vocabulary,
        field.unit,
        f"^{field.pattern}$" if field.pattern else None,
        field.most if limited else None,
    )


SENSOR_PROPERTIES: Final = tuple(_describe(name) for name in PROPERTY_NAMES)
"""Descriptions of the properties of a published sensor, in the order of `PROPERTY_NAMES`."""

DISTANCE: Final = SensorProperty(
    "distanceM", LocalizedText("Afstand", "Distance"), "number", unit="m", added=True
)
"""Distance of a sensor to the place of a search."""

AREA_KIND: Final = SensorProperty("areaKind", LocalizedText("Soort gebied", "Kind of area"), added=True)
"""Kind of an area: `observed` or `operating`."""

PROPERTY_BY_NAME: Final = {one.name: one for one in SENSOR_PROPERTIES}
"""Descriptions of the properties of a published sensor by name."""
