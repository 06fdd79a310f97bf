"""Opens our layers in QGIS, filters and draws: see `qgis_program`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from qgis.core import (  # type: ignore[import-not-found]
    QgsCategorizedSymbolRenderer,
    QgsFeatureRequest,
    QgsMarkerSymbol,
    QgsRectangle,
    QgsRendererCategory,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QVariant  # type: ignore[import-not-found]

from tests.clients.qgis_program import draw, run

BOX = QgsRectangle(4.88, 52.36, 4.91, 52.39)
CAMERAS = "\"sensorType\" = 'optical_camera'"


def main(root: str, folder: Path) -> dict[str, object]:
    source = f"typename='sensors' url='{root}' pagingEnabled='true' pageSize='100'"
    layer = QgsVectorLayer(source, "sensors", "OAPIF")
    everything = [feature["reference"] for feature in layer.getFeatures()]
    boxed = QgsVectorLayer(f"{source} restrictToRequestBBOX='1'", "box", "OAPIF")
    in_box = [feature["reference"] for feature in boxed.getFeatures(QgsFeatureRequest(BOX))]
    filtered = QgsVectorLayer(source, "cameras", "OAPIF")
    took_filter = filtered.setSubsetString(CAMERAS)
    cameras = [feature["reference"] for feature in filtered.getFeatures()]
    tiles = QgsVectorTileLayer(
        f"type=xyz&url={root}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}&zmin=0&zmax=14", "tiles"
    )
    colour_by_kind(layer)
    dated = QgsVectorLayer(source, "placed long ago", "OAPIF")
    dated.setSubsetString("\"placedFrom\" <= '2000-01-01'")
    coming = QgsVectorLayer(source, "placed from tomorrow on", "OAPIF")
    # As text: a date would be asked of the server as a period, in which every sensor is there.
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    coming.setSubsetString(f"to_string(\"placedFrom\") >= '{tomorrow}'")
    come = QgsVectorLayer(source, "placed until tomorrow", "OAPIF")
    come.setSubsetString(f"to_string(\"placedFrom\") < '{tomorrow}'")
    return {
        "drawn": draw(layer, folder / "qgis.png"),
        "tiles_drawn": draw(tiles, folder / "qgis-tiles.png"),
        "placed_long_ago": sum(1 for _ in dated.getFeatures()),
        "coming": sum(1 for _ in coming.getFeatures()),
        "come": sum(1 for _ in come.getFeatures()),
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "numbers": {
            feature["reference"]: [
                None if isinstance(feature[name], QVariant) else feature[name]
                for name in ("heightM", "viewDirectionDeg", "viewAngleDeg")
            ]
            for feature in layer.getFeatures()
            if feature["reference"] in ("sensor-125", "sensor-126")
        },
        "all": everything,
        "box": in_box,
        "took_filter": took_filter,
        "cameras": cameras,
        "tiles_valid": tiles.isValid(),
    }


def colour_by_kind(layer: QgsVectorLayer) -> None:
    categories = [
        QgsRendererCategory(
            kind,
            QgsMarkerSymbol.createSimple({"color": colour, "size": "2.4", "outline_color": "white"}),
            kind,
        )
        for kind, colour in (("optical_camera", "#a4262c"), ("sound", "#154273"))
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer("sensorType", categories))


if __name__ == "__main__":
    run(main)
