"""Tables of a GeoPackage that it does not list as its contents: scripts and conversions leave that out."""

from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText

# Tables of the format itself, of GDAL and of QGIS.
_OWN_TABLES: Final = ("gpkg_", "rtree_", "sqlite_", "ogr_", "layer_styles", "qgis_")
_SHOWN_TABLES: Final = 10


def find_unlisted(tables: set[str], listed: set[str]) -> list[str]:
    """Tables with data of people, by their names, of which `listed` does not tell."""
    return sorted(name for name in tables - listed if not name.startswith(_OWN_TABLES))


def refuse_without_layers(unlisted: list[str]) -> InvalidRequest:
    """The refusal of a file that lists no layers, which names the tables in it."""
    if not unlisted:
        return InvalidRequest(
            LocalizedText(
                "Het GeoPackage heeft geen lagen met objecten.", "The GeoPackage has no layers with features."
            )
        )
    names = ", ".join(unlisted[:_SHOWN_TABLES])
    return InvalidRequest(
        LocalizedText(
            f"Het GeoPackage noemt geen lagen in gpkg_contents. Deze tabellen staan er wel in: {names}. Exporteer de "
            "tabel in QGIS naar een nieuw GeoPackage.",
            f"The GeoPackage lists no layers in gpkg_contents. These tables are in it: {names}. Export the table to a "
            "new GeoPackage in QGIS.",
        )
    )
