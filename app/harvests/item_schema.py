"""Members of the items of each kind of source, and which of them are lists."""

from dataclasses import dataclass
from typing import Final

from app.harvests.mapping import SourceKind


@dataclass(frozen=True, slots=True)
class ItemSchema:
    """Members of an item; in a path, a member of `lists` must be followed by a number or `*`.

    `free` is the member whose content the source chooses. `expand` is the $expand option of a SensorThings request.
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
    """The schema of an item, the same for all collections of features. None for unknown entities."""
    return FEATURE_SCHEMA if kind == "ogc" else _ENTITIES.get(collection)
