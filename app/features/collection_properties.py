"""Which properties each collection's features have, and by which they are searched and ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.core.i18n import LocalizedText
from app.municipalities.boundary_pages import FILTERED
from app.municipalities.boundary_pages import SORTED as BOUNDARY_ORDER
from app.sensors.properties import AREA_KIND, DISTANCE, SENSOR_PROPERTIES, SensorProperty
from app.sensors.search.sensor_search import SEARCHABLE, SORTABLE


@dataclass(frozen=True)
class CollectionProperties:
    """The properties of one collection; `queryable` and `sortable` are names of some of them."""

    all: tuple[SensorProperty, ...]
    queryable: tuple[str, ...]
    sortable: tuple[str, ...]
    geometry: str
    starts: str | None = None
    ends: str | None = None

    @cached_property
    def by_name(self) -> dict[str, SensorProperty]:
        return {one.name: one for one in self.all}


_QUERYABLE: Final = ("operationalStatus", *SEARCHABLE)

PROPERTIES_OF: Final[Mapping[str, CollectionProperties]] = {
    "sensors": CollectionProperties(
        (*SENSOR_PROPERTIES, DISTANCE), _QUERYABLE, tuple(SORTABLE), "point", "placedFrom", "activeUntil"
    ),
    "observed-areas": CollectionProperties(
        (AREA_KIND, *SENSOR_PROPERTIES),
        _QUERYABLE,
        tuple(SORTABLE),
        "multipolygon",
        "placedFrom",
        "activeUntil",
    ),
    "municipalities": CollectionProperties(
        (
            SensorProperty(
                "code", LocalizedText("Gemeentecode", "Municipality code"), pattern="^GM[0-9]{4}$", added=True
            ),
            SensorProperty("name", LocalizedText("Naam", "Name"), added=True),
            SensorProperty("province", LocalizedText("Provincie", "Province"), added=True),
            SensorProperty(
                "edition", LocalizedText("Editie (jaar)", "Edition (year)"), "integer", added=True
            ),
            SensorProperty(
                "approximate", LocalizedText("Bij benadering", "Approximate"), "boolean", added=True
            ),
            SensorProperty("attribution", LocalizedText("Bronvermelding", "Attribution"), added=True),
        ),
        FILTERED,
        BOUNDARY_ORDER,
        "multipolygon",
    ),
}
"""By the collection's id, in the order in which a feature has them."""
