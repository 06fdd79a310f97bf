"""Which properties each collection's features have, and by which they are searched and ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.core.language import Text
from app.municipalities.pages import FILTERED
from app.municipalities.pages import SORTED as BOUNDARY_ORDER
from app.sensors.properties import AREA_KIND, DISTANCE, SENSOR_PROPERTIES, Property
from app.sensors.search import SEARCHABLE, SORTABLE


@dataclass(frozen=True)
class Properties:
    """The properties of one collection; `queryable` and `sortable` are names of some of them."""

    all: tuple[Property, ...]
    queryable: tuple[str, ...]
    sortable: tuple[str, ...]
    geometry: str
    starts: str | None = None
    ends: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Property]:
        return {one.name: one for one in self.all}


_QUERYABLE: Final = ("operationalStatus", *SEARCHABLE)

PROPERTIES_OF: Final[Mapping[str, Properties]] = {
    "sensors": Properties(
        (*SENSOR_PROPERTIES, DISTANCE), _QUERYABLE, tuple(SORTABLE), "point", "placedFrom", "activeUntil"
    ),
    "observed-areas": Properties(
        (AREA_KIND, *SENSOR_PROPERTIES),
        _QUERYABLE,
        tuple(SORTABLE),
        "multipolygon",
        "placedFrom",
        "activeUntil",
    ),
    "municipalities": Properties(
        (
            Property("code", Text("Gemeentecode", "Municipality code"), pattern="^GM[0-9]{4}$", added=True),
            Property("name", Text("Naam", "Name"), added=True),
            Property("province", Text("Provincie", "Province"), added=True),
            Property("edition", Text("Editie (jaar)", "Edition (year)"), "integer", added=True),
            Property("approximate", Text("Bij benadering", "Approximate"), "boolean", added=True),
            Property("attribution", Text("Bronvermelding", "Attribution"), added=True),
        ),
        FILTERED,
        BOUNDARY_ORDER,
        "multipolygon",
    ),
}
"""By the collection's id, in the order in which a feature has them."""
