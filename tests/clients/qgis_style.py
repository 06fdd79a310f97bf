"""Opens our vector tiles in QGIS with our style, as a connection with a style URL does: see `qgis_program`."""

from pathlib import Path
from typing import Any
from urllib.request import urlopen

from qgis.core import (  # type: ignore[import-not-found]
    QgsMapBoxGlStyleConversionContext,
    QgsMapBoxGlStyleConverter,
    QgsVectorTileLayer,
)

from tests.clients.qgis_program import draw, run


def main(root: str, folder: Path) -> dict[str, Any]:
    style = f"{root}/styles/sensors"
    converter = QgsMapBoxGlStyleConverter()
    with urlopen(style) as answer:
        result = converter.convert(answer.read().decode(), QgsMapBoxGlStyleConversionContext())
    layer = QgsVectorTileLayer(
        f"type=xyz&url={root}/tiles/WebMercatorQuad/%7Bz%7D/%7By%7D/%7Bx%7D&zmin=0&zmax=14&styleUrl={style}",
        "tiles",
    )
    error, loaded = layer.loadDefaultStyle()
    return {
        "converted": result == QgsMapBoxGlStyleConverter.Success,
        "warnings": converter.warnings(),
        "valid": layer.isValid(),
        "loaded": loaded,
        "error": error,
        "styles": [one.styleName() for one in layer.renderer().styles()],
        "labels": [one.labelSettings().fieldName for one in layer.labeling().styles()],
        "drawn": draw(layer, folder / "qgis-style.png"),
    }


if __name__ == "__main__":
    run(main)
