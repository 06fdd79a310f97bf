"""A style for the tiles: MapLibre from version 3 on draws it, and QGIS from version 3.22 on reads it.

It uses only what both of them draw. QGIS 3.22 loses every colour, opacity and radius that depends on a property,
without a warning: sensors and clusters of one look are a layer of their own, chosen by a filter. Before version 6
MapLibre draws no text without `glyphs`. Source: MapLibre Style Specification 8; decision 0046.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from app.core.i18n import Language
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.tiles.queries import LAYER
from app.tiles.tilesets import TITLE, make_tilejson_address

STYLE: Final = "application/vnd.mapbox.style+json"

GLYPHS_PATH: Final = "styles/glyphs"
FONT: Final = "Noto Sans Bold"

WHITE: Final = "#ffffff"
INK: Final = "#131b1a"
NOT_PERSONAL: Final = "#154273"
PERSONAL: Final = "#a4262c"

SHARES: Final = ((0, 0, NOT_PERSONAL), (1, 49, "#453b5d"), (50, 99, "#743145"), (100, 100, PERSONAL))
"""Clusters by the percentage of their sensors that process personal data, from the first to the second: the colour."""

SIZES: Final = ((1, 9, 8), (10, 99, 11), (100, 999, 15), (1000, None, 22))
"""Clusters by their number of sensors, in the same way: the radius in pixels, wide enough for the number."""

HOLLOW: Final = tuple(
    status for status in OPERATIONAL_STATUSES if status in ("planned", "expired", "removed")
)
"""Statuses of sensors that are not there, or should not be: they are drawn hollow."""

LETTERS: Final[dict[str, str]] = {
    "optical_camera": "C",
    "sound": "G",
    "climate": "K",
    "chemical": "S",
    "electric": "E",
    "flow": "V",
    "position": "P",
    "pressure": "D",
    "density": "M",
    "temperature": "T",
    "presence": "A",
    "beacon": "B",
    "radio": "W",
    "radar_lidar": "R",
    "other": "O",
}
"""The letter of each kind of sensor, mostly the first of its Dutch name. A kind without one has no letter."""

LETTERS_FROM_ZOOM: Final = 14
"""From here on a letter fits in the symbol of a sensor."""

CLUSTER_OPACITY, SENSOR_OPACITY, HOLLOW_OPACITY = 0.85, 0.95, 0.9

RADII: Final = (3, 9, 11)
HOLLOW_RADII: Final = (3, 8, 10)
RING_RADII: Final = (6, 12, 14)
"""Radii in pixels of a sensor, of a hollow one without its line, and of a ring, at the zooms of `RADIUS_ZOOMS`."""
RADIUS_ZOOMS: Final = (11, LETTERS_FROM_ZOOM, 18)


def write_style(root: str, query: str, language: Language) -> dict[str, Any]:
    """A style for the tiles of a search, on any background; `root` is the address of the landing page.

    Sensors that process personal data are red and have a ring, others are blue and have none; a sensor that is not
    there now is hollow, and its letter is that of its kind. A cluster has a colour between the two, by its share of red
    sensors, and a size that grows with its count. Nothing is said by colour alone (WCAG 2.2, 1.4.1).
    """
    return {
        "version": 8,
        "name": TITLE.render(language),
        "center": [5.3, 52.2],
        "zoom": 7,
        "glyphs": f"{root}/{GLYPHS_PATH}/{{fontstack}}/{{range}}.pbf",
        "sources": {LAYER: {"type": "vector", "url": make_tilejson_address(root, query)}},
        "layers": [{"source": LAYER, "source-layer": LAYER, **layer} for layer in _list_layers()],
    }


def _list_layers() -> Iterator[dict[str, Any]]:
    for first, last, radius in SIZES:
        for first_share, last_share, colour in SHARES:
            yield {
                "id": f"clusters-{first}-{first_share}",
                "filter": [
                    "all",
                    ["has", "count"],
                    *_between("count", first, last),
                    *_between("personalDataShare", first_share, last_share),
                ],
                **_draw_circle(colour, radius, CLUSTER_OPACITY),
            }
    yield {
        "id": "cluster-counts",
        "type": "symbol",
        "filter": ["has", "count"],
        "layout": {
            "text-field": ["to-string", ["get", "count"]],
            "text-font": [FONT],
            "text-size": 11,
            "text-allow-overlap": True,
        },
        "paint": {"text-color": WHITE},
    }
    yield from _list_sensor_layers()


def _list_sensor_layers() -> Iterator[dict[str, Any]]:
    status, personal_data, is_sensor = (
        ["get", "operationalStatus"],
        ["get", "personalData"],
        ["!", ["has", "count"]],
    )
    yield {
        "id": "sensors-personal-data-ring",
        "filter": ["all", is_sensor, ["!=", personal_data, "none"]],
        **_draw_circle(PERSONAL, _grow(RING_RADII), 0, stroke=PERSONAL, width=1.5),
    }
    for name, of_status, hollow in (
        ("sensors-hollow", ["any", *(["==", status, one] for one in HOLLOW)], True),
        ("sensors", ["all", *(["!=", status, one] for one in HOLLOW)], False),
    ):
        for suffix, comparison, colour in (("", "==", NOT_PERSONAL), ("-personal-data", "!=", PERSONAL)):
            circle = (
                _draw_circle(WHITE, _grow(HOLLOW_RADII), HOLLOW_OPACITY, stroke=colour, width=2)
                if hollow
                else _draw_circle(colour, _grow(RADII), SENSOR_OPACITY)
            )
            yield {
                "id": name + suffix,
                "filter": ["all", is_sensor, of_status, [comparison, personal_data, "none"]],
                **circle,
            }
        yield {
            "id": f"{name}-letters",
            "type": "symbol",
            "minzoom": LETTERS_FROM_ZOOM,
            "filter": ["all", is_sensor, of_status],
            "layout": {
                "text-field": ["match", ["get", "sensorType"], *chain(*LETTERS.items()), ""],
                "text-font": [FONT],
                "text-size": 11,
                "text-allow-overlap": True,
            },
            "paint": {"text-color": INK if hollow else WHITE},
        }


def _grow(radii: tuple[int, int, int]) -> list[Any]:
    """A radius in pixels that grows with the zoom; QGIS 3.22 takes the smallest."""
    return ["interpolate", ["linear"], ["zoom"], *chain(*zip(RADIUS_ZOOMS, radii, strict=True))]


def _between(name: str, first: int, last: int | None) -> list[list[Any]]:
    value = ["get", name]
    return [[">=", value, first], *([["<=", value, last]] if last is not None else [])]


def _draw_circle(
    colour: str, radius: Any, opacity: float, *, stroke: str = WHITE, width: float = 1
) -> dict[str, Any]:
    return {
        "type": "circle",
        "paint": {
            "circle-color": colour,
            "circle-radius": radius,
            "circle-opacity": opacity,
            "circle-stroke-color": stroke,
            "circle-stroke-width": width,
        },
    }
