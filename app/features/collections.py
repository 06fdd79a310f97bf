"""The three collections: what they are called, where they lie and how they are linked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.files.writers.schema import FORMATS
from app.spatial.crs import Crs

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
OPENAPI_YAML: Final = "application/vnd.oai.openapi;version=3.0"
TILESETS: Final = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
TILING_SCHEMES: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"

NETHERLANDS: Final = (3.0, 50.6, 7.4, 53.9)
"""West, south, east, north: every Dutch municipality, with its water."""

SCHEMA: Final = "application/schema+json"

_OGC: Final = "http://www.opengis.net/def/rel/ogc/1.0"
DESCRIPTIONS: Final[Mapping[str, tuple[str, LocalizedText]]] = {
    "queryables": (f"{_OGC}/queryables", LocalizedText("Velden om op te zoeken", "Fields to search by")),
    "sortables": (f"{_OGC}/sortables", LocalizedText("Velden om op te sorteren", "Fields to sort by")),
    "schema": (f"{_OGC}/schema", LocalizedText("Wat er in de gegevens staat", "What the data contain")),
    # GDAL takes its columns from this schema; without it, from the features of the first page.
    "geojson-schema": (
        "describedby",
        LocalizedText("Hoe de gegevens worden verstuurd", "How the data are sent"),
    ),
}
"""The resources that say of a collection what its properties are: the relation of the link to it, and its title."""

QUERYABLES: Final = DESCRIPTIONS["queryables"][0]


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection; `id` is its name in addresses."""

    id: str
    title: LocalizedText
    description: LocalizedText


SENSORS: Final = Collection(
    "sensors",
    LocalizedText("Sensoren", "Sensors"),
    LocalizedText(
        "Elke geregistreerde sensor in de openbare ruimte als punt: wie meet wat, waar, waarom en hoe lang."
        " Een mobiele sensor staat op een punt in zijn werkgebied.",
        "Every registered sensor in public space as a point: who measures what, where, why and for how long."
        " A mobile sensor stands at a point in its operating area.",
    ),
)
OBSERVED_AREAS: Final = Collection(
    "observed-areas",
    LocalizedText("Waargenomen gebieden", "Observed areas"),
    LocalizedText(
        "Wat sensoren zien en waar mobiele sensoren rijden, varen of vliegen, als vlakken.",
        "What sensors observe and where mobile sensors move, as areas.",
    ),
)
MUNICIPALITIES: Final = Collection(
    "municipalities",
    LocalizedText("Gemeenten", "Municipalities"),
    LocalizedText(
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
        "crs": [crs.uri for crs in Crs],
        # Each place is also stored in RD, the system that a Dutch tool expects when it asks for none.
        "storageCrs": Crs.RD.uri,
        "links": [
            link("self", here, JSON),
            link("alternate", f"{here}?f=html", HTML),
            link("items", f"{here}/items", GEOJSON, title),
            link("items", f"{here}/items?f=html", HTML, title),
            *(link("items", f"{here}/items?f={one.name}", one.media_type, title) for one in FORMATS),
            *(
                link(rel, f"{here}/{name}", SCHEMA, text.render(language))
                for name, (rel, text) in DESCRIPTIONS.items()
            ),
            # GDAL 3.6 reads this spelling alone, later versions and the standard that above.
            link("describedBy", f"{here}/geojson-schema", SCHEMA),
            *([link(TILESETS, f"{root}/tiles", JSON)] if collection is SENSORS else []),
            link("license", LICENCE, HTML, "CC0 1.0"),
        ],
    }
