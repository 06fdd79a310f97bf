"""The formats that are text, piece by piece as features come."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Final

from app.files.writers.csv import write_header, write_rows
from app.files.writers.geojson_sequence import write_sequence
from app.files.writers.schema import CSV, GEOJSON_FORMAT, SEQUENCE, Format, Layer
from app.spatial.crs import Crs

_SEPARATOR: Final = b",\n"


class TextWriter:
    """Writes one file: its opening, features some at a time, its end."""

    def __init__(self, form: Format, layer: Layer) -> None:
        self._form = form
        self._layer = layer
        self._is_empty = True

    def open(self) -> bytes:
        if self._form is CSV:
            return write_header(self._layer)
        return _open_collection(self._layer) if self._form is GEOJSON_FORMAT else b""

    def write(self, features: Sequence[bytes]) -> bytes:
        if self._form is SEQUENCE:
            return write_sequence(features)
        if self._form is CSV:
            return write_rows(features, self._layer)
        separator = _SEPARATOR if features and not self._is_empty else b""
        self._is_empty = self._is_empty and not features
        return separator + _SEPARATOR.join(features)

    def close(self) -> bytes:
        return b"\n]}\n" if self._form is GEOJSON_FORMAT else b""


async def write_text_pieces(
    form: Format, layer: Layer, batches: AsyncIterator[Sequence[bytes]]
) -> AsyncIterator[bytes]:
    """The features in a format that is not spooled."""
    writer = TextWriter(form, layer)
    if opening := writer.open():
        yield opening
    async for features in batches:
        # Reading the features takes some 20 ms a thousand: other requests go on meanwhile.
        yield await asyncio.to_thread(writer.write, features) if form is CSV else writer.write(features)
    if end := writer.close():
        yield end


def write_text_file(form: Format, path: Path, layer: Layer, batches: Iterable[Sequence[bytes]]) -> None:
    """The same, to a new file."""
    writer = TextWriter(form, layer)
    with path.open("wb") as file:
        file.write(writer.open())
        for features in batches:
            file.write(writer.write(features))
        file.write(writer.close())


def _open_collection(layer: Layer) -> bytes:
    """Source: RFC 7946, and for other systems than its own the older GeoJSON of 2008, which GDAL reads."""
    system = ""
    if layer.crs is not Crs.CRS84:
        name = f"urn:ogc:def:crs:{layer.crs.code.replace(':', '::')}"
        system = f'"crs":{{"type":"name","properties":{{"name":"{name}"}}}},'
    return f'{{"type":"FeatureCollection","name":{json.dumps(layer.name)},{system}"features":[\n'.encode()
