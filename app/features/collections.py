"""The three collections: what they are called, where they lie and how they are linked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.language import Language, Text
from app.spatial.crs import Crs

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"

NETHERLANDS: Final = (3.0, 50.6, 7.4, 53.9)
"""West, south, east, north: every Dutch municipality, with its water."""

ANSWERED_IN: Final = (Crs.CRS84, Crs.RD)
"""The systems in which finished text is kept; an answer comes in one of these."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection; `id` is its name in addresses."""

    id: str
    title: Text
    description: Text


SENSORS: Final = Collection(
    "sensors",
    Text("Sensoren", "Sensors"),
    Text(
        "Elke geregistreerde sensor in de openbare ruimte als punt: wie meet wat, waar, waarom en hoe lang."
        " Een mobiele sensor staat op een punt in zijn werkgebied.",
        "Every registered sensor in public space as a point: who measures what, where, why and for how long."
        " A mobile sensor stands at a point in its operating area.",
    ),
)
OBSERVED_AREAS: Final = Collection(
    "observed-areas",
    Text("Waargenomen gebieden", "Observed areas"),
    Text(
        "Wat sensoren zien en waar mobiele sensoren rijden, varen of vliegen, als vlakken.",
        "What sensors observe and where mobile sensors move, as areas.",
    ),
)
MUNICIPALITIES: Final = Collection(
    "municipalities",
    Text("Gemeenten", "Municipalities"),
    Text(
        "De gemeenten van de geldende editie, met hun grenzen.",
        "The municipalities of the edition in force, with their boundaries.",
    ),
)
COLLECTIONS: Final[Mapping[str, Collection]] = {
    collection.id: collection for collection in (SENSORS, OBSERVED_AREAS, MUNICIPALITIES)
}


def link(rel: str, href: str, media_type: str, title: str | None = None) -> dict[str, str]:
    """A link as OGC writes it."""
    return {"rel": rel, "href": href, "type": media_type} | ({"title": title} if title else {})


def describe_collection(collection: Collection, root: str, language: Language) -> dict[str, Any]:
    """The collection's document; `root` is the address of the landing page."""
    here = f"{root}/collections/{collection.id}"
    title = collection.title.render(language)
    return {
        "id": collection.id,
        "title": title,
        "description": collection.description.render(language),
        "extent": {"spatial": {"bbox": [list(NETHERLANDS)], "crs": Crs.CRS84.uri}},
        "itemType": "feature",
        "crs": [crs.uri for crs in ANSWERED_IN],
        "storageCrs": Crs.CRS84.uri,
        "links": [
            link("self", here, JSON),
            link("items", f"{here}/items", GEOJSON, title),
            link("license", LICENCE, HTML, "CC0 1.0"),
        ],
    }
