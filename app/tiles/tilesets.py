"""The documents that describe the tiles: lists, the metadata of a tileset, TileJSON and a style.

Source: OGC 20-057, 8 and 9 (tilesets); OGC 17-083r4, 7 (tileset metadata); TileJSON 3.0.0; MapLibre Style
Specification 8.
"""

from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.spatial.crs import Crs
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.tiles.queries import LAYER
from app.tiles.tile_matrix_sets import TILE_MATRIX_SETS, WEB_MERCATOR_QUAD, TileMatrixSet

JSON: Final = "application/json"
MVT: Final = "application/vnd.mapbox-vector-tile"
TILEJSON: Final = "application/vnd.mapbox.tile+json"
STYLE: Final = "application/vnd.mapbox.style+json"

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
    "ownerName": ("string", LocalizedText("Eigenaar", "Owner")),
}


def link(rel: str, href: str, media_type: str, **more: Any) -> dict[str, Any]:
    """A link in the JSON of OGC API."""
    return {"rel": rel, "href": href, "type": media_type, **more}


def _address(root: str, path: str, query: str) -> str:
    return f"{root}/{path}?{query}" if query else f"{root}/{path}"


def list_tilesets(root: str, query: str, language: Language) -> dict[str, Any]:
    """The list of tilesets; `root` is the address of the landing page, `query` the search that the tiles show."""
    tilesets = [
        {
            **_head(one, language),
            "links": [link("self", _address(root, f"tiles/{one.id}", query), JSON), _scheme_link(root, one)],
        }
        for one in TILE_MATRIX_SETS.values()
    ]
    return {"links": [link("self", _address(root, "tiles", query), JSON)], "tilesets": tilesets}


def describe_tileset(matrix_set: TileMatrixSet, root: str, query: str, language: Language) -> dict[str, Any]:
    """The metadata of one tileset, with the addresses of its tiles."""
    here = f"tiles/{matrix_set.id}"
    links = [
        link("self", _address(root, here, query), JSON),
        _scheme_link(root, matrix_set),
        link(
            "item",
            _address(root, f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", query),
            MVT,
            templated=True,
        ),
        link("describedby", f"{root}/collections/sensors", JSON),
    ]
    if matrix_set is WEB_MERCATOR_QUAD:
        tilejson = "&".join(part for part in (query, "f=tilejson") if part)
        links.append(link("alternate", _address(root, here, tilejson), TILEJSON))
    return {
        **_head(matrix_set, language),
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
        "tiles": [_address(root, f"tiles/{WEB_MERCATOR_QUAD.id}/{{z}}/{{y}}/{{x}}", query)],
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
                **({"uri": one.uri} if one.uri else {}),
                "crs": one.crs.uri,
                "links": [link("self", f"{root}/tileMatrixSets/{one.id}", JSON)],
            }
            for one in TILE_MATRIX_SETS.values()
        ],
    }


def _head(matrix_set: TileMatrixSet, language: Language) -> dict[str, Any]:
    title = f"{TITLE.render(language)} ({matrix_set.id})"
    head = {"title": title, "dataType": "vector", "crs": matrix_set.crs.uri}
    return head | ({"tileMatrixSetURI": matrix_set.uri} if matrix_set.uri else {})


def _scheme_link(root: str, matrix_set: TileMatrixSet) -> dict[str, Any]:
    return link(TILING_SCHEME, f"{root}/tileMatrixSets/{matrix_set.id}", JSON)


def _describe_limits(matrix_set: TileMatrixSet, zoom: int) -> dict[str, Any]:
    top, bottom, left, right = matrix_set.list_limits(zoom)
    return {
        "tileMatrix": str(zoom),
        "minTileRow": top,
        "maxTileRow": bottom,
        "minTileCol": left,
        "maxTileCol": right,
    }


_PERSONAL: Final = "#a4262c"
_NOT_PERSONAL: Final = "#154273"
_WHITE: Final = "#ffffff"
_FADED: Final = tuple(
    status for status in OPERATIONAL_STATUSES if status in ("planned", "expired", "removed")
)


def write_style(root: str, query: str, language: Language) -> dict[str, Any]:
    """A MapLibre style for the tiles on any background; labels use the fonts of the browser.

    Red sensors process personal data, blue ones do not. A cluster has a colour between the two, by its share of red
    sensors, and a size that grows with its count.
    """
    tilejson = "&".join(part for part in (query, "f=tilejson") if part)
    clusters = ["has", "count"]
    source = {"source": LAYER, "source-layer": LAYER}
    return {
        "version": 8,
        "name": TITLE.render(language),
        "center": [5.3, 52.2],
        "zoom": 7,
        "sources": {
            LAYER: {"type": "vector", "url": _address(root, f"tiles/{WEB_MERCATOR_QUAD.id}", tilejson)}
        },
        "layers": [
            {
                "id": "clusters",
                "type": "circle",
                **source,
                "filter": clusters,
                "paint": {
                    "circle-color": [
                        "interpolate", ["linear"], ["/", ["get", "personalDataCount"], ["get", "count"]],
                        0, _NOT_PERSONAL, 1, _PERSONAL,
                    ],
                    "circle-radius": [
                        "interpolate", ["linear"], ["log10", ["get", "count"]], 0, 6, 2, 12, 4, 20, 6, 28,
                    ],
                    "circle-opacity": 0.85,
                    "circle-stroke-color": _WHITE,
                    "circle-stroke-width": 1,
                },
            },
            {
                "id": "cluster-counts",
                "type": "symbol",
                **source,
                "filter": clusters,
                "layout": {
                    "text-field": ["to-string", ["get", "count"]],
                    "text-font": ["sans-serif"],
                    "text-size": 11,
                    "text-allow-overlap": True,
                },
                "paint": {"text-color": _WHITE},
            },
            {
                "id": "sensors",
                "type": "circle",
                **source,
                "filter": ["!", clusters],
                "paint": {
                    "circle-color": ["match", ["get", "personalData"], "none", _NOT_PERSONAL, _PERSONAL],
                    "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 3, 18, 8],
                    "circle-opacity": ["match", ["get", "operationalStatus"], list(_FADED), 0.45, 0.95],
                    "circle-stroke-color": _WHITE,
                    "circle-stroke-width": 1,
                },
            },
        ],
    }  # fmt: skip
