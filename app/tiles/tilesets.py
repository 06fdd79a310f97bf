"""The documents that describe the tiles: lists, the metadata of a tileset and TileJSON.

Source: OGC 20-057, 8 and 9 (tilesets); OGC 17-083r4, 7 (tileset metadata); TileJSON 3.0.0.
"""

from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.spatial.crs import Crs
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.tiles.queries import LAYER
from app.tiles.tile_matrix_sets import TILE_MATRIX_SETS, WEB_MERCATOR_QUAD, TileMatrixSet

JSON: Final = "application/json"
MVT: Final = "application/vnd.mapbox-vector-tile"
TILEJSON: Final = "application/vnd.mapbox.tile+json"

_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0"
TILING_SCHEME: Final = f"{_REL}/tiling-scheme"

TITLE: Final = LocalizedText("Sensoren in de openbare ruimte", "Sensors in public space")
DESCRIPTION: Final = LocalizedText(
    "Ingezoomd elke sensor als punt, uitgezoomd groepen met hun aantal.",
    "Each sensor as a point when zoomed in, clusters with their count when zoomed out.",
)

_FIELDS: Final[dict[str, tuple[str, LocalizedText]]] = {
    "count": (
        "integer",
        LocalizedText("Aantal sensoren; alleen bij een groep", "Number of sensors; for a cluster only"),
    ),
    "personalDataCount": (
        "integer",
        LocalizedText("Hoeveel daarvan persoonsgegevens verwerken", "How many of them process personal data"),
    ),
    "personalDataShare": (
        "integer",
        LocalizedText(
            "Hoeveel procent dat is; 0 alleen bij geen enkele en 100 alleen bij allemaal",
            "Which percentage that is; 0 for none only, and 100 for all only",
        ),
    ),
    "id": (
        "string",
        LocalizedText(
            "Id; alleen bij een punt, net als de velden hieronder",
            "Id; for a point only, as the fields below",
        ),
    ),
    "publicCode": ("string", LocalizedText("Registratienummer", "Registration number")),
    "name": ("string", LocalizedText("Naam", "Name")),
    "sensorType": ("string", LocalizedText("Soort sensor", "Kind of sensor")),
    "personalData": ("string", LocalizedText("Persoonsgegevens", "Personal data")),
    "operationalStatus": ("string", LocalizedText("Status", "Status")),
    "visibility": (
        "string",
        LocalizedText(
            "Of de plek precies is (public), of het midden van een vak van 250 meter (generalised)",
            "Whether the place is exact (public) or the middle of a square of 250 metres (generalised)",
        ),
    ),
    "ownerName": ("string", LocalizedText("Eigenaar", "Owner")),
}


def link(rel: str, href: str, media_type: str, **more: Any) -> dict[str, Any]:
    """A link in the JSON of OGC API."""
    return {"rel": rel, "href": href, "type": media_type, **more}


def make_address(root: str, path: str, query: str) -> str:
    """The address of a document or template below the landing page, for a search."""
    return f"{root}/{path}?{query}" if query else f"{root}/{path}"


def make_tilejson_address(root: str, query: str) -> str:
    """The address of the tileset of web maps as TileJSON, for a search."""
    with_format = "&".join(part for part in (query, "f=tilejson") if part)
    return make_address(root, f"tiles/{WEB_MERCATOR_QUAD.id}", with_format)


def list_tilesets(root: str, query: str, language: Language) -> dict[str, Any]:
    """The list of tilesets; `root` is the address of the landing page, `query` the search that the tiles show."""
    tilesets = [
        {
            **_head(one, root, language),
            "links": [
                link("self", make_address(root, f"tiles/{one.id}", query), JSON),
                _scheme_link(root, one),
            ],
        }
        for one in TILE_MATRIX_SETS.values()
    ]
    return {"links": [link("self", make_address(root, "tiles", query), JSON)], "tilesets": tilesets}


def describe_tileset(matrix_set: TileMatrixSet, root: str, query: str, language: Language) -> dict[str, Any]:
    """The metadata of one tileset, with the addresses of its tiles."""
    here = f"tiles/{matrix_set.id}"
    links = [
        link("self", make_address(root, here, query), JSON),
        _scheme_link(root, matrix_set),
        link(
            "item",
            make_address(root, f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", query),
            MVT,
            templated=True,
        ),
        link("describedby", f"{root}/collections/sensors", JSON),
    ]
    if matrix_set is WEB_MERCATOR_QUAD:
        links.append(link("alternate", make_tilejson_address(root, query), TILEJSON))
    return {
        **_head(matrix_set, root, language),
        "description": DESCRIPTION.render(language),
        "links": links,
        "tileMatrixSetLimits": [_describe_limits(matrix_set, zoom) for zoom in range(matrix_set.deepest + 1)],
        "boundingBox": {
            "crs": Crs.CRS84.uri,
            "lowerLeft": [WEST, SOUTH],
            "upperRight": [EAST, NORTH],
        },
        "layers": [
            {
                "id": LAYER,
                "title": TITLE.render(language),
                "dataType": "vector",
                "geometryDimension": 0,
                "minTileMatrix": "0",
                "maxTileMatrix": str(matrix_set.deepest),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        name: {"type": kind, "title": text.render(language)}
                        for name, (kind, text) in _FIELDS.items()
                    },
                },
            }
        ],
    }


def write_tilejson(root: str, query: str, language: Language) -> dict[str, Any]:
    """The tileset of web maps as TileJSON, which has no other tile matrix sets."""
    return {
        "tilejson": "3.0.0",
        "name": TITLE.render(language),
        "description": DESCRIPTION.render(language),
        "scheme": "xyz",
        "tiles": [make_address(root, f"tiles/{WEB_MERCATOR_QUAD.id}/{{z}}/{{y}}/{{x}}", query)],
        "minzoom": 0,
        "maxzoom": WEB_MERCATOR_QUAD.deepest,
        "bounds": [WEST, SOUTH, EAST, NORTH],
        "center": [5.3, 52.2, 7],
        "vector_layers": [
            {
                "id": LAYER,
                "description": DESCRIPTION.render(language),
                "minzoom": 0,
                "maxzoom": WEB_MERCATOR_QUAD.deepest,
                "fields": {name: text.render(language) for name, (_, text) in _FIELDS.items()},
            }
        ],
    }


def list_tile_matrix_sets(root: str) -> dict[str, Any]:
    """The tile matrix sets of the tilesets."""
    return {
        "links": [link("self", f"{root}/tileMatrixSets", JSON)],
        "tileMatrixSets": [
            {
                "id": one.id,
                "title": one.title,
                "uri": one.identifier(root),
                "crs": one.crs.uri,
                "links": [link("self", one.address(root), JSON)],
            }
            for one in TILE_MATRIX_SETS.values()
        ],
    }


def _head(matrix_set: TileMatrixSet, root: str, language: Language) -> dict[str, Any]:
    return {
        "title": f"{TITLE.render(language)} ({matrix_set.id})",
        "dataType": "vector",
        "crs": matrix_set.crs.uri,
        "tileMatrixSetURI": matrix_set.identifier(root),
    }


def _scheme_link(root: str, matrix_set: TileMatrixSet) -> dict[str, Any]:
    return link(TILING_SCHEME, matrix_set.address(root), JSON)


def _describe_limits(matrix_set: TileMatrixSet, zoom: int) -> dict[str, Any]:
    top, bottom, left, right = matrix_set.list_limits(zoom)
    return {
        "tileMatrix": str(zoom),
        "minTileRow": top,
        "maxTileRow": bottom,
        "minTileCol": left,
        "maxTileCol": right,
    }
