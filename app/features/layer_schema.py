"""Columns of a collection when its features are written as a table."""

from app.features.collection_properties import PROPERTIES_OF
from app.files.writers.schema import Column, GeometryType, Layer
from app.municipalities.boundary_pages import BoundarySearch
from app.sensors.properties import DISTANCE
from app.sensors.search.sensor_search import SensorSearch


def describe_layer(collection: str, search: SensorSearch | BoundarySearch, *, near: bool = False) -> Layer:
    """The columns that answers to a search have; `near` adds the distance."""
    properties, chosen = PROPERTIES_OF[collection], search.properties
    geometry_type: GeometryType = "Point" if properties.geometry == "point" else "MultiPolygon"
    columns = tuple(
        Column.of_schema(one.name, one.type, one.format)
        for one in properties.all
        if (not chosen or one.name in chosen) and (near or one is not DISTANCE)
    )
    return Layer(collection, geometry_type, columns, search.crs, has_geometry=not search.skip_geometry)
