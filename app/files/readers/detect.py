"""Which kind of file it is, by its first bytes; what is not read is refused with what to do instead."""

import re
import zipfile
from pathlib import Path
from typing import Final, Literal

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText

FileFormat = Literal["xlsx", "csv", "geojson", "gpkg", "parquet"]

_SAVE_AS_XLSX: Final = LocalizedText(
    "Open het in Excel of LibreOffice en kies Opslaan als: Excel-werkmap (.xlsx).",
    "Open it in Excel or LibreOffice and choose Save as: Excel workbook (.xlsx).",
)
_EXPORT: Final = LocalizedText(
    "Exporteer het in QGIS of ArcGIS als GeoPackage.", "Export it as GeoPackage in QGIS or ArcGIS."
)
_READ: Final = LocalizedText(
    "Wij lezen Excel (.xlsx), CSV, GeoJSON, GeoPackage en GeoParquet.",
    "Excel (.xlsx), CSV, GeoJSON, GeoPackage and GeoParquet are read.",
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
    (b"\x89PNG", LocalizedText("een afbeelding", "an image"), _READ),
    (b"\xff\xd8\xff", LocalizedText("een afbeelding", "an image"), _READ),
)
_BYTE_ORDER_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"
_JSON_BEGINS: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\x1e\s]*\{")
_REFUSED_TEXT: Final = (
    (
        re.compile(rb"<(!doctype|html|\?xml|kml|gml|table)", re.IGNORECASE),
        LocalizedText("een webpagina of XML-bestand", "a web page or XML file"),
    ),
    (re.compile(rb"\[\s*[\[{]"), LocalizedText("JSON, maar geen GeoJSON", "JSON, but no GeoJSON")),
)
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
        return "geojson"
    _refuse_others(beginning)
    return "csv"


def _refuse_others(beginning: bytes) -> None:
    for mark, name, advice in _REFUSED:
        if beginning.startswith(mark):
            raise _refuse(name, advice)
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    for pattern, name in _REFUSED_TEXT:
        if pattern.match(text):
            raise _refuse(name, _READ)


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
    if "xl/workbook.xml" in names:
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
