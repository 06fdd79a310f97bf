"""Every property of a published sensor, described once for whoever reads the answers: schema, pages, filters.

Made from the description of the fields; what the register adds is described here.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from app.core.language import Text
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, Field, Kind
from app.sensors.projection import PROPERTY_NAMES

ValueType = Literal["string", "number", "integer", "boolean", "array"]


@dataclass(frozen=True, slots=True)
class Property:
    """One property as it is published: an `array` holds strings; `vocabulary` names the list of its codes.

    `unit` is by UCUM. `added` says that the register gives it and not the owner.
    """

    name: str
    label: Text
    type: ValueType = "string"
    format: str | None = None
    vocabulary: str | None = None
    unit: str | None = None
    pattern: str | None = None
    most: int | None = None
    added: bool = False


_FORMATS: Final = {Kind.URL: "uri", Kind.DATE: "date", Kind.DURATION: "duration", Kind.ORGANISATION: "uuid"}
_TYPES: Final[dict[Kind, ValueType]] = {
    Kind.TERMS: "array",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
}

_ADDED: Final = {
    one.name: one
    for one in (
        Property("operationalStatus", DERIVED_LABELS["operationalStatus"], vocabulary="operationalStatus"),
        Property("version", DERIVED_LABELS["version"], "integer"),
        Property("smartCityTheme", DERIVED_LABELS["smartCityTheme"], "array", vocabulary="smartCityTheme"),
        Property("operatingMunicipalities", DERIVED_LABELS["operatingMunicipalities"], "array"),
        Property("onBehalfOf", DERIVED_LABELS["onBehalfOf"], format="uuid"),
        Property("municipalityCodes", DERIVED_LABELS["municipalityCodes"], "array"),
        Property("notifiedLate", DERIVED_LABELS["notifiedLate"], "boolean"),
        Property("lastConfirmedOn", DERIVED_LABELS["lastConfirmedOn"], format="date"),
        Property("confirmBy", DERIVED_LABELS["confirmBy"], format="date"),
        Property("registeredAt", DERIVED_LABELS["registeredAt"], format="date-time"),
        Property("updatedAt", DERIVED_LABELS["updatedAt"], format="date-time"),
    )
}


def _describe(name: str) -> Property:
    if name in FIELD_BY_NAME:
        return _describe_field(FIELD_BY_NAME[name])
    if name in _ADDED:
        return replace(_ADDED[name], added=True)
    if name in DERIVED_LABELS:
        return Property(name, DERIVED_LABELS[name], added=True)
    # Of an organisation both the id and the name are published.
    label = FIELD_BY_NAME[name.removesuffix("Name")].label
    return Property(name, Text(f"{label.nl} (naam)", f"{label.en} (name)"), added=True)


def _describe_field(field: Field) -> Property:
    limited = field.kind in (Kind.TEXT, Kind.URL)
    return Property(
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
"""In the order in which a feature has them."""

DISTANCE: Final = Property("distanceM", Text("Afstand", "Distance"), "number", unit="m", added=True)
"""Of a sensor that is asked for near a spot."""

AREA_KIND: Final = Property("areaKind", Text("Soort gebied", "Kind of area"), added=True)
"""Of an area: `observed`, `operating`."""
