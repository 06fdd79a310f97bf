"""The part of a map's style below the sensors. Addresses in it are relative to its own.

Source: MapLibre Style Specification 8.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.basemap import brt_tiles, outline_tiles
from app.basemap.pmtiles_file import PmtilesFile
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a background; the sensors on it have the same colours on every background."""

    land: str
    line: str
    grid: str
    water: str
    green: str
    road: str
    text: str
    halo: str


COLOURS: Final[dict[Scheme, Colours]] = {
    "light": Colours("#eef2f1", "#8fa19d", "#dde4e2", "#cddde3", "#dfe9dc", "#ffffff", "#3d4a48", "#ffffff"),
    "dark": Colours("#2b3533", "#75857f", "#36423f", "#1d2a30", "#2c3a30", "#46534f", "#dde4e2", "#131b1a"),
}

_GRID_DEGREES: Final = 0.5
_BOUNDS: Final = [WEST, SOUTH, EAST, NORTH]

_FILLS: Final = {
    "water": ("water",),
    "green": ("landuse", "landcover", "park"),
}
_LINES: Final = {
    "road": ("roads", "transportation"),
    "line": ("boundaries", "boundary", "buildings", "building"),
}
_NAMES: Final = ("places", "place")
"""Layers of vector tiles by how they are drawn, with the names of Protomaps and of OpenMapTiles."""


_GREAT_CITIES: Final = (
    "Amsterdam", "Rotterdam", "'s-Gravenhage", "Den Haag", "Utrecht", "Eindhoven", "Groningen", "Tilburg", "Breda",
    "Nijmegen", "Arnhem", "Haarlem", "Enschede", "Zwolle", "Leeuwarden", "Maastricht", "'s-Hertogenbosch", "Lelystad",
    "Assen", "Middelburg",
)  # fmt: skip
"""The largest cities and the capitals of provinces: the names on a map of the country."""

_ALL_NAMES_ZOOM: Final = 8.5
"""From here on every municipality is wide enough for its name."""


def list_shown_names(names: Collection[str], zoom: float) -> list[str]:
    """Those of the names of municipalities that a map of outlines shows at a zoom, the great cities first."""
    great = [name for name in _GREAT_CITIES if name in names]
    return great if zoom < _ALL_NAMES_ZOOM else great + sorted(set(names) - set(great))


def write_brt_style(scheme: Scheme) -> dict[str, Any]:
    """PDOK's grey map; in the dark its light and dark are exchanged."""
    paint = {"raster-brightness-min": 0.9, "raster-brightness-max": 0.12} if scheme == "dark" else {}
    source = {
        "type": "raster",
        "tiles": ["brt/{z}/{x}/{y}.png"],
        "tileSize": 256,
        "maxzoom": brt_tiles.MAX_ZOOM,
        "bounds": _BOUNDS,
        "attribution": brt_tiles.ATTRIBUTION,
    }
    return {
        "sources": {"background": source},
        "layers": [
            _paint_land(COLOURS[scheme]),
            {"id": "background-tiles", "type": "raster", "source": "background", "paint": paint},
        ],
    }


def write_outline_style(scheme: Scheme, attribution: str) -> dict[str, Any]:
    """The outlines and names of municipalities, on a grid of half degrees."""
    colours = COLOURS[scheme]
    outlines = {
        "type": "vector",
        "tiles": ["municipalities/{z}/{x}/{y}"],
        "minzoom": 0,
        "maxzoom": outline_tiles.MAX_ZOOM,
        "bounds": _BOUNDS,
        "attribution": attribution,
    }
    layer = {"source": "background", "source-layer": "municipalities"}
    return {
        "sources": {"background": outlines, "grid": {"type": "geojson", "data": _draw_grid()}},
        "layers": [
            _paint_land(colours),
            {"id": "grid", "type": "line", "source": "grid", "paint": {"line-color": colours.grid}},
            {
                "id": "municipalities",
                "type": "line",
                **layer,
                "paint": {"line-color": colours.line, "line-width": 1},
            },
            *_write_city_names(colours, "names", ["get", "name"]),
        ],
    }


def write_pmtiles_style(scheme: Scheme, file: PmtilesFile) -> dict[str, Any]:
    """A file of tiles: its images, or what is known of its vector tiles."""
    colours = COLOURS[scheme]
    source = {
        "type": "vector" if file.is_vector else "raster",
        "url": "pmtiles://file.pmtiles",
        "attribution": file.attribution,
        **({} if file.is_vector else {"tileSize": 256}),
    }
    layers = (
        list(_list_vector_layers(colours, file.layers))
        if file.is_vector
        else [{"id": "background-tiles", "type": "raster", "source": "background"}]
    )
    return {"sources": {"background": source}, "layers": [_paint_land(colours), *layers]}


def _list_vector_layers(colours: Colours, present: frozenset[str]) -> Iterator[dict[str, Any]]:
    for kind, drawn in (("fill", _FILLS), ("line", _LINES)):
        for colour, names in drawn.items():
            for name in names:
                if name in present:
                    yield {
                        "id": f"background-{name}",
                        "type": kind,
                        "source": "background",
                        "source-layer": name,
                        "paint": {f"{kind}-color": getattr(colours, colour)},
                    }
    for name in _NAMES:
        if name in present:
            yield _write_names(colours, name, ["coalesce", ["get", "name:nl"], ["get", "name"], ""])


def _paint_land(colours: Colours) -> dict[str, Any]:
    return {"id": "background", "type": "background", "paint": {"background-color": colours.land}}


def _write_names(colours: Colours, layer: str, text: list[Any]) -> dict[str, Any]:
    return {
        "id": "background-names",
        "type": "symbol",
        "source": "background",
        "source-layer": layer,
        "layout": {
            "text-field": text,
            "text-size": 12,
            "text-font": ["sans-serif"],
            "text-max-width": 8,
        },
        "paint": {"text-color": colours.text, "text-halo-color": colours.halo, "text-halo-width": 1.5},
    }


def _write_city_names(colours: Colours, layer: str, text: list[Any]) -> Iterator[dict[str, Any]]:
    """Names of the great cities far away, beside the clusters of sensors on them, and of all places near by."""
    names = _write_names(colours, layer, text)
    yield {**names, "minzoom": _ALL_NAMES_ZOOM}
    yield {
        **names,
        "id": f"{names['id']}-of-cities",
        "maxzoom": _ALL_NAMES_ZOOM,
        "filter": ["in", text, ["literal", list(_GREAT_CITIES)]],
        "layout": {
            **names["layout"],
            "text-variable-anchor": ["top", "bottom", "left", "right", "center"],
            "text-radial-offset": 1.3,
            "text-justify": "auto",
        },
    }


def _draw_grid() -> dict[str, Any]:
    """Meridians and parallels as one MultiLineString."""

    def steps(first: float, last: float) -> list[float]:
        return [first + step * _GRID_DEGREES for step in range(int((last - first) / _GRID_DEGREES) + 2)]

    west, south = 2.5, 50.0
    lines = [[[lon, south], [lon, 54.5]] for lon in steps(west, EAST)]
    lines += [[[west, lat], [8.0, lat]] for lat in steps(south, NORTH)]
    return {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "MultiLineString", "coordinates": lines},
    }
