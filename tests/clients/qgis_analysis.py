"""Works with our layers in QGIS as an analyst does: types, selections, joins, styles: see `qgis_program`."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.request import urlretrieve

# The algorithms of Processing are a plugin.
sys.path.append("/usr/share/qgis/python/plugins")

import processing  # type: ignore[import-not-found]
from processing.core.Processing import Processing  # type: ignore[import-not-found]
from qgis.core import (  # type: ignore[import-not-found]
    QgsGraduatedSymbolRenderer,
    QgsMarkerSymbol,
    QgsRendererRange,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from qgis.PyQt.QtCore import QVariant  # type: ignore[import-not-found]

from tests.clients.qgis_program import draw, run

SELECTIONS = {
    "a decimal": '"heightM" = 12.5',
    "a range": '"heightM" >= 10 AND "heightM" < 20',
    "no height": '"heightM" IS NULL',
    "two directions": '"viewDirectionDeg" = 45.25 AND "viewAngleDeg" = 33.3',
    "a list": "array_contains(\"themes\", 'safety_security_camera')",
    "a day": "\"placedFrom\" = to_date('{day}')",
    "a text with a comma": "\"project\" = 'Zorg, welzijn'",
}
BOOLEANS = ('"openData" = true', '"openData" = false', '"openData" IS NULL')


def main(root: str, folder: Path) -> dict[str, Any]:
    Processing.initialize()
    downloaded = {name: download(root, name, folder) for name in ("sensors", "municipalities")}
    without_lists = download(root, "sensors", folder, "properties=publicCode,name,openData")
    sensors, municipalities = open_layer(root, "sensors"), open_layer(root, "municipalities")
    booleans = {"first": count_values(sensors, "openData"), "then": count_values(sensors, "openData")}
    few = open_layer(root, "sensors")
    few.setSubsetString("\"project\" = 'Zorg'")
    (camera,) = (one for one in sensors.getFeatures() if one["reference"] == "sensor-126")
    day = camera["placedFrom"].toString("yyyy-MM-dd")
    return {
        "booleans": booleans | {"downloaded": count_values(downloaded["sensors"], "openData")},
        "selected": {
            name: [count_selected(layer, text.format(day=day)) for layer in (sensors, downloaded["sensors"])]
            for name, text in SELECTIONS.items()
        },
        "selected_booleans": {
            text: [count_selected(layer, text) for layer in (sensors, downloaded["sensors"])]
            for text in BOOLEANS
        },
        "types": {
            name: type(camera[name]).__name__
            for name in ("viewAngleDeg", "version", "placedFrom", "themes", "name")
        },
        "joined": {
            "service": join_by_location(sensors, municipalities),
            "file": join_by_location(sensors, downloaded["municipalities"]),
            "few, service": join_by_location(few, municipalities),
            "few, file": join_by_location(few, downloaded["municipalities"]),
            "file without lists, file": join_by_location(without_lists, downloaded["municipalities"]),
            "attribute": join_by_code(sensors, municipalities),
        },
        "drawn": draw_with_edited_style(root, folder),
    }


def download(root: str, collection: str, folder: Path, query: str = "") -> Any:
    path = folder / f"{collection}-{len(query)}.gpkg"
    urlretrieve(f"{root}/collections/{collection}/items?f=geopackage&limit=10000&{query}".rstrip("&"), path)
    return QgsVectorLayer(f"{path}|layername={collection}", collection, "ogr")


def open_layer(root: str, collection: str) -> Any:
    return QgsVectorLayer(
        f"typename='{collection}' url='{root}' pagingEnabled='true' pageSize='1000'", collection, "OAPIF"
    )


def count_values(layer: Any, name: str) -> dict[str, int]:
    return dict(Counter(name_value(feature[name]) for feature in layer.getFeatures()))


def name_value(value: Any) -> str:
    return "NULL" if value is None or isinstance(value, QVariant) else str(value)


def count_selected(layer: Any, expression: str) -> int:
    layer.selectByExpression(expression)
    return int(layer.selectedFeatureCount())


def join_by_location(layer: Any, joined: Any) -> dict[str, int]:
    done = processing.run(
        "native:joinattributesbylocation",
        {
            "INPUT": layer, "JOIN": joined, "PREDICATE": [0], "JOIN_FIELDS": ["name"],
            "METHOD": 0, "PREFIX": "in_", "OUTPUT": "memory:",
        },
    )  # fmt: skip
    return count_values(done["OUTPUT"], "in_name")


def join_by_code(layer: Any, joined: Any) -> dict[str, int]:
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(joined)
    join.setJoinFieldName("code")
    join.setTargetFieldName("municipalityCode")
    join.setPrefix("in_")
    join.setUsingMemoryCache(True)
    layer.addJoin(join)
    return count_values(layer, "in_name")


def draw_with_edited_style(root: str, folder: Path) -> dict[str, int]:
    """Classes by height, stored as a style file, and drawn on a layer that loads this file."""
    styled = open_layer(root, "sensors")
    styled.setRenderer(
        QgsGraduatedSymbolRenderer(
            "heightM",
            [
                QgsRendererRange(
                    low,
                    high,
                    QgsMarkerSymbol.createSimple({"color": colour, "size": "2.4", "outline_style": "no"}),
                    "",
                )
                for low, high, colour in ((0, 15, "#2166ac"), (15, 30, "#b2182b"))
            ],
        )
    )
    path = str(folder / "heights.qml")
    styled.saveNamedStyle(path)
    fresh = open_layer(root, "sensors")
    fresh.loadNamedStyle(path)
    return draw(fresh, folder / "qgis-heights.png")


if __name__ == "__main__":
    run(main)
