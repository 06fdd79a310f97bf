"""What an item of each kind of source looks like: its members, and which of them are lists."""

from dataclasses import dataclass
from typing import Final

from app.harvests.mapping import SourceKind


@dataclass(frozen=True, slots=True)
class ItemSchema:
    """The members an item may have; `lists` must be followed by a number or `*` in a path.

    `free` is the member with what the source itself thought of. `expand` is what SensorThings is asked to add.
    """

    members: frozenset[str]
    free: str = "properties"
    lists: frozenset[str] = frozenset()
    expand: str = ""


FEATURE_SCHEMA: Final = ItemSchema(frozenset({"id", "geometry", "properties", "bbox", "links"}))
"""Source: RFC 7946, 3.2; OGC API Features part 1, schema featureGeoJSON."""

_ANNOTATIONS: Final = frozenset({"@iot.id", "@iot.selfLink", "name", "description", "properties"})

_ENTITIES: Final = {
    "Things": ItemSchema(
        _ANNOTATIONS | {"Locations", "Datastreams"},
        lists=frozenset({"Locations", "Datastreams"}),
        expand="Locations,Datastreams($expand=Sensor,ObservedProperty)",
    ),
    "Datastreams": ItemSchema(
        _ANNOTATIONS
        | {"observationType", "unitOfMeasurement", "observedArea", "phenomenonTime", "resultTime"}
        | {"Thing", "Sensor", "ObservedProperty"},
        expand="Thing($expand=Locations),Sensor,ObservedProperty",
    ),
}
"""Source: SensorThings API 1.1, 8.2 (entities)."""

ENTITY_SCHEMAS: Final = tuple(_ENTITIES)


def find_item_schema(kind: SourceKind, collection: str) -> ItemSchema | None:
    """The shape of an item; features look the same whatever their collection. None for unknown entities."""
    return FEATURE_SCHEMA if kind == "ogc" else _ENTITIES.get(collection)
