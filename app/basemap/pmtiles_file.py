"""The header of a PMTiles file. Source: PMTiles specification, version 3."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_HEADER_BYTES: Final = 127
_LARGEST_METADATA: Final = 10_000_000
_GZIP: Final = 2
_VECTOR, _PNG, _JPEG, _WEBP, _AVIF = 1, 2, 3, 4, 5
_PLAIN_METADATA: Final = 1


class InvalidPmtiles(ValueError):
    """The file is not a PMTiles file that a map can show; the text says why."""


@dataclass(frozen=True, slots=True)
class PmtilesFile:
    """A file of tiles: vector tiles with the names of their layers, or images; `attribution` is HTML of its maker."""

    path: Path
    is_vector: bool
    max_zoom: int
    layers: frozenset[str]
    attribution: str


def read_pmtiles(path: Path) -> PmtilesFile:
    """Read the header and the metadata. Raises: InvalidPmtiles."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            if len(header) < _HEADER_BYTES or header[:7] != b"PMTiles" or header[7] != 3:
                raise InvalidPmtiles(f"{path} is not a PMTiles file of version 3.")
            offset, length = (int.from_bytes(header[at : at + 8], "little") for at in (24, 32))
            if length > _LARGEST_METADATA:
                raise InvalidPmtiles(f"The metadata of {path} are larger than {_LARGEST_METADATA} bytes.")
            file.seek(offset)
            metadata = _parse_metadata(path, file.read(length), header[97])
    except OSError as error:
        raise InvalidPmtiles(f"{path} cannot be read: {error.strerror}.") from error
    kind = header[99]
    if kind not in {_VECTOR, _PNG, _JPEG, _WEBP, _AVIF}:
        raise InvalidPmtiles(f"{path} has tiles of an unknown kind ({kind}).")
    layers = metadata.get("vector_layers")
    return PmtilesFile(
        path,
        kind == _VECTOR,
        header[101],
        frozenset(layer["id"] for layer in _list(layers) if isinstance(layer, dict) and "id" in layer),
        str(metadata.get("attribution") or ""),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _parse_metadata(path: Path, content: bytes, compression: int) -> dict[str, object]:
    try:
        if compression == _GZIP:
            content = gzip.decompress(content)
        elif compression != _PLAIN_METADATA:
            raise InvalidPmtiles(f"{path} is compressed in a way that is not supported; use gzip.")
        metadata = json.loads(content or b"{}")
    except (OSError, EOFError, zlib.error, ValueError) as error:
        if isinstance(error, InvalidPmtiles):
            raise
        raise InvalidPmtiles(f"The metadata of {path} cannot be read.") from error
    return metadata if isinstance(metadata, dict) else {}
