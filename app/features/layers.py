"""What the features of a collection hold, as a table has it."""

from typing import Final

from app.features.properties import PROPERTIES_OF
from app.formats.layers import Column, GeometryType, Kind, Layer
from app.municipalities.pages import BoundarySearch
from app.sensors.properties import DISTANCE, Property
from app.sensors.search import SensorSearch

_KINDS: Final = {
    "date": Kind.DATE,
    "date-time": Kind.MOMENT,
    "array": Kind.TEXTS,
    "number": Kind.NUMBER,
    "integer": Kind.INTEGER,
    "boolean": Kind.BOOLEAN,
}


def describe_layer(collection: str, search: SensorSearch | BoundarySearch, *, near: bool = False) -> Layer:
    """The columns that answers to a search have; `near` is whether they tell their distance."""
    properties, chosen = PROPERTIES_OF[collection], search.properties
    geometry_type: GeometryType = "Point" if properties.geometry == "point" else "MultiPolygon"
    columns = tuple(
        Column(one.name, _find_kind(one))
        for one in properties.all
        if (not chosen or one.name in chosen) and (near or one is not DISTANCE)
    )
    return Layer(collection, geometry_type, columns, search.crs, has_geometry=not search.skip_geometry)


def _find_kind(one: Property) -> Kind:
    return _KINDS.get(one.format or "") or _KINDS.get(one.type, Kind.TEXT)
