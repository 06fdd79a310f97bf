"""Sources of boundaries: a GeoJSON or GeoPackage file, the web address of one, or that of a collection."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyogrio
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.municipalities.attribute_names import Feature
from app.municipalities.downloads import GEOPACKAGE_START, DownloadOptions, ReportDownload, download
from app.municipalities.feature_collection import parse_collection

OFFICIAL_SOURCE: Final = (
    "https://api.pdok.nl/kadaster/brk-bestuurlijke-gebieden/ogc/v1/collections/gemeentegebied/items"
    "?f=json&limit=1000"
)
"""The collection of current municipalities of the Kadaster, at PDOK."""


@dataclass(frozen=True, slots=True)
class EditionSource:
    """The features of a source, and the coordinate reference system that it declares, if any."""

    features: list[Feature]
    declared_crs: str | None


def read_source(location: str, options: DownloadOptions, report_progress: ReportDownload) -> EditionSource:
    """Read a path or http(s) address, with all pages of a collection.

    Raises: InvalidRequest for content that cannot be read, Unavailable for errors of a server.
    """
    if location.startswith(("http://", "https://")):
        found = download(location, options, report_progress)
        if not isinstance(found, bytes):
            return EditionSource(found.features, found.declared_crs)
        with TemporaryDirectory() as folder:
            path = Path(folder, "boundaries.gpkg")
            path.write_bytes(found)
            return _read_geopackage(path, location)
    path = Path(location)
    if not path.is_file():
        raise InvalidRequest(LocalizedText(f"{location} bestaat niet.", f"{location} does not exist."))
    with path.open("rb") as file:
        if file.read(len(GEOPACKAGE_START)) == GEOPACKAGE_START:
            return _read_geopackage(path, location)
    collection = parse_collection(path.read_bytes(), location)
    return EditionSource(collection.features, collection.declared_crs)


def _read_geopackage(path: Path, location: str) -> EditionSource:
    try:
        layer = _choose_layer(
            [name for name, kind in pyogrio.list_layers(path) if kind is not None], location
        )
        meta, _, geometries, columns = pyogrio.raw.read(path, layer=layer, force_2d=True)
        shapes = shapely.from_wkb(geometries)
    except (DataSourceError, DataLayerError, shapely.GEOSException) as error:
        raise InvalidRequest(
            LocalizedText(f"{location} is niet te lezen: {error}", f"{location} cannot be read: {error}")
        ) from error
    rows = zip(*columns, strict=True)
    features = [
        Feature(dict(zip(meta["fields"], row, strict=True)), shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return EditionSource(features, meta["crs"])


def _choose_layer(layers: list[str], location: str) -> str:
    """The layer of municipalities; official files also have layers of provinces, districts and the country."""
    likely = [name for name in layers if "gemeente" in name.lower() or "municipalit" in name.lower()]
    choice = likely if len(layers) > 1 else layers
    if len(choice) == 1:
        return choice[0]
    named = ", ".join(layers) or "-"
    raise InvalidRequest(
        LocalizedText(
            f"{location}: welke laag bevat de gemeenten? Gevonden: {named}. Bewaar die laag apart.",
            f"{location}: which layer holds the municipalities? Found: {named}. Save that layer by itself.",
        )
    )
