"""Opens one address in QGIS as a layer of GeoJSON: see `qgis_program`."""

from pathlib import Path

from qgis.core import QgsVectorLayer  # type: ignore[import-not-found]

from tests.clients.qgis_program import run


def main(address: str, _: Path) -> dict[str, object]:
    # As the dialogue "Protocol HTTP(S), GeoJSON" makes it.
    layer = QgsVectorLayer(address, "sensors", "ogr")
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "codes": sorted(feature["publicCode"] for feature in layer.getFeatures()),
    }


if __name__ == "__main__":
    run(main)
