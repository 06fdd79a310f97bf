"""Which kind of file it is, by its first bytes; what is not read is refused with what to do instead."""

import re
import zipfile
from pathlib import Path
from typing import Final, Literal

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText

FileFormat = Literal["xlsx", "csv", "geojson", "gpkg", "parquet"]

_SAVE_AS_XLSX: Final = LocalizedText(
    "Open het in Excel of LibreOffice en kies Opslaan als: Excel-werkmap (.xlsx) of CSV.",
    "Open it in Excel or LibreOffice and choose Save as: Excel workbook (.xlsx) or CSV.",
)
_EXPORT: Final = LocalizedText(
    "Open het in QGIS of ArcGIS en exporteer het als GeoJSON of CSV.",
    "Open it in QGIS or ArcGIS and export it as GeoJSON or CSV.",
)
_READ: Final = LocalizedText(
    "Wij lezen Excel (.xlsx), CSV, GeoJSON, GeoPackage en GeoParquet. Exporteer de gegevens als GeoJSON of CSV.",
    "Excel (.xlsx), CSV, GeoJSON, GeoPackage and GeoParquet are read. Export the data as GeoJSON or CSV.",
)

_REFUSED: Final = (
    (b"%PDF", LocalizedText("een PDF", "a PDF"), _READ),
    (b"\x00\x00\x27\x0a", LocalizedText("een shapefile", "a shapefile"), _EXPORT),
    (b"fgb\x03", LocalizedText("een FlatGeobuf-bestand", "a FlatGeobuf file"), _EXPORT),
    (
        b"\x1f\x8b",
        LocalizedText("ingepakt met gzip", "compressed by gzip"),
        LocalizedText("Pak het uit.", "Unpack it."),
    ),
    (
        b"7z\xbc\xaf",
        LocalizedText("ingepakt met 7-Zip", "compressed by 7-Zip"),
        LocalizedText("Pak het uit.", "Unpack it."),
    ),
    (
        b"Rar!",
        LocalizedText("ingepakt met RAR", "compressed by RAR"),
        LocalizedText("Pak het uit.", "Unpack it."),
    ),
    (
        b"\x00\x01\x00\x00Standard ",
        LocalizedText("een Access-database", "an Access database"),
        LocalizedText("Exporteer de tabel als CSV.", "Export the table as CSV."),
    ),
    (b"\x89PNG", LocalizedText("een afbeelding", "an image"), _READ),
    (b"\xff\xd8\xff", LocalizedText("een afbeelding", "an image"), _READ),
)
_BYTE_ORDER_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"
_JSON_BEGINS: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\x1e\s]*\{")
# XML by its root element, which may stand below comments.
_REFUSED_XML: Final = (
    (
        re.compile(rb"<(\w+:)?kml[\s>]", re.IGNORECASE),
        LocalizedText("een KML-bestand", "a KML file"),
        _EXPORT,
    ),
    (
        re.compile(rb"<(\w+:)?gpx[\s>]", re.IGNORECASE),
        LocalizedText("een GPX-bestand", "a GPX file"),
        _EXPORT,
    ),
    (
        re.compile(rb"opengis\.net/gml|<gml:|<(\w+:)?gml[\s>]"),
        LocalizedText("een GML-bestand", "a GML file"),
        _EXPORT,
    ),
    (
        re.compile(rb"<(\w+:)?Workbook[\s>]|Excel\.Sheet"),
        LocalizedText("een Excel-werkmap in XML", "an Excel workbook in XML"),
        _SAVE_AS_XLSX,
    ),
    (
        re.compile(rb"<(!doctype html|html|table)", re.IGNORECASE),
        LocalizedText("een webpagina", "a web page"),
        _READ,
    ),
    (re.compile(rb"<"), LocalizedText("een XML-bestand", "an XML file"), _READ),
)
_XML_BEGINS: Final = re.compile(
    rb"<(!|\?xml|(\w+:)?(kml|gpx|gml|FeatureCollection|Workbook|html|table)[\s>])", re.IGNORECASE
)
_FEATURE: Final = re.compile(rb'"type"\s*:\s*"Feature')
_REFUSED_JSON: Final = (
    (
        re.compile(rb'"esri(Geometry|FieldType)|"(features|fieldAliases)"\s*:.*"attributes"\s*:', re.DOTALL),
        LocalizedText("Esri JSON", "Esri JSON"),
        LocalizedText(
            "Vraag het aan de server als GeoJSON (f=geojson), of exporteer het in ArcGIS of QGIS als GeoJSON of CSV.",
            "Request it from the server as GeoJSON (f=geojson), or export it as GeoJSON or CSV in ArcGIS or QGIS.",
        ),
    ),
    (
        re.compile(rb'"@iot\.\w+"\s*:'),
        LocalizedText("een antwoord van een SensorThings-server", "an answer of a SensorThings server"),
        LocalizedText(
            "Exporteer de gegevens als GeoJSON of CSV. Een SensorThings-server kan het register ook zelf ophalen.",
            "Export the data as GeoJSON or CSV. The register can also harvest a SensorThings server.",
        ),
    ),
    (
        re.compile(rb'"type"\s*:\s*"(Topology|CityJSON)"'),
        LocalizedText("TopoJSON of CityJSON", "TopoJSON or CityJSON"),
        _EXPORT,
    ),
)
_JSON_LIST: Final = re.compile(rb"\[\s*([\[{\]])")
# Some servers number it: workbook22.xml.
_WORKBOOK: Final = re.compile(r"/?xl/workbook\d*\.xml")
_OLE: Final = b"\xd0\xcf\x11\xe0"
# Some programs leave the mark of a GeoPackage out of the database; whether it is one, its tables tell.
_MARKS: Final[tuple[tuple[bytes, FileFormat], ...]] = ((b"SQLite format 3\x00", "gpkg"), (b"PAR1", "parquet"))
_OLE_SEARCHED_BYTES: Final = 1 << 22


def detect_format(path: Path) -> FileFormat:
    """The kind of a file. Raises: InvalidRequest for one that is empty or of a kind that is not read."""
    with path.open("rb") as file:
        beginning = file.read(1 << 12)
    if not beginning.lstrip(_BYTE_ORDER_MARKS).strip():
        raise InvalidRequest(LocalizedText("Het bestand is leeg.", "The file is empty."))
    if beginning.startswith(b"PK\x03\x04"):
        return _recognise_archive(path)
    for mark, kind in _MARKS:
        if beginning.startswith(mark):
            return kind
    if beginning.startswith(_OLE):
        raise _refuse_ole(path)
    if _JSON_BEGINS.match(beginning):
        _refuse_json(beginning)
        return "geojson"
    _refuse_others(beginning)
    return "csv"


def _refuse_others(beginning: bytes) -> None:
    for mark, name, advice in _REFUSED:
        if beginning.startswith(mark):
            raise _refuse(name, advice)
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _XML_BEGINS.match(text):
        for pattern, name, advice in _REFUSED_XML:
            if pattern.search(text):
                raise _refuse(name, advice)
    if _JSON_LIST.match(text):
        _refuse_json(text)
        raise _refuse(LocalizedText("JSON, maar geen GeoJSON", "JSON, but no GeoJSON"), _READ)


def _refuse_json(beginning: bytes) -> None:
    """Raises: InvalidRequest for objects of a known kind that are no features."""
    if _FEATURE.search(beginning):
        return
    for pattern, name, advice in _REFUSED_JSON:
        if pattern.search(beginning):
            raise _refuse(name, advice)


def _recognise_archive(path: Path) -> FileFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as damage:
        raise InvalidRequest(
            LocalizedText(
                "Het bestand is beschadigd of niet volledig verstuurd. Sla het opnieuw op en lever het opnieuw aan.",
                "The file is damaged or was not sent completely. Save it again and hand it in again.",
            )
        ) from damage
    if any(map(_WORKBOOK.fullmatch, names)):
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise _refuse(
            LocalizedText("een binaire Excel-werkmap (.xlsb)", "a binary Excel workbook (.xlsb)"),
            _SAVE_AS_XLSX,
        )
    if "content.xml" in names and "mimetype" in names:
        raise _refuse(
            LocalizedText("een OpenDocument-bestand (.ods)", "an OpenDocument file (.ods)"), _SAVE_AS_XLSX
        )
    if any(name.endswith(".shp") for name in names):
        raise _refuse(LocalizedText("een ingepakte shapefile", "a zipped shapefile"), _EXPORT)
    if any(name.endswith(".kml") for name in names):
        raise _refuse(LocalizedText("een ingepakt KML-bestand (.kmz)", "a zipped KML file (.kmz)"), _EXPORT)
    if any(name.endswith(".gdbtable") for name in names):
        raise _refuse(
            LocalizedText("een ingepakte geodatabase van Esri", "a zipped geodatabase of Esri"), _EXPORT
        )
    if "word/document.xml" in names:
        raise _refuse(LocalizedText("een Word-document", "a Word document"), _READ)
    advice = LocalizedText(
        "Pak het uit en lever elk bestand apart aan.", "Unpack it and hand in each file by itself."
    )
    raise _refuse(LocalizedText("een zip-bestand", "a zip file"), advice)


def _refuse_ole(path: Path) -> InvalidRequest:
    with path.open("rb") as file:
        content = file.read(_OLE_SEARCHED_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _refuse(
            LocalizedText("een Excel-werkmap met een wachtwoord", "an Excel workbook with a password"),
            LocalizedText(
                "Haal het wachtwoord eraf en sla het opnieuw op.", "Take the password off and save it again."
            ),
        )
    return _refuse(
        LocalizedText("een oude Excel-werkmap (.xls)", "an old Excel workbook (.xls)"), _SAVE_AS_XLSX
    )


def _refuse(name: LocalizedText, advice: LocalizedText) -> InvalidRequest:
    return InvalidRequest(LocalizedText(f"Dit is {name.nl}. {advice.nl}", f"This is {name.en}. {advice.en}"))
