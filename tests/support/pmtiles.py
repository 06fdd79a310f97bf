"""A small PMTiles file, of one image for the whole world. Source: PMTiles specification, version 3."""

import gzip
import json
import struct
from pathlib import Path
from typing import Any

PNG, MVT = 2, 1


def write_pmtiles(
    path: Path, tile: bytes, *, kind: int = PNG, metadata: dict[str, Any] | None = None
) -> Path:
    """A file with one tile at zoom 0."""
    # A directory of one entry: its number, tile id, run length, length and offset plus one.
    directory = gzip.compress(bytes([1, 0, 1]) + _write_number(len(tile)) + bytes([1]))
    described = gzip.compress(json.dumps(metadata or {}).encode())
    at_directory, at_metadata = 127, 127 + len(directory)
    at_tiles = at_metadata + len(described)
    numbers = [at_directory, len(directory), at_metadata, len(described), 0, 0, at_tiles, len(tile), 1, 1, 1]
    bounds = [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000]
    header = b"PMTiles\x03" + struct.pack("<11Q", *numbers)
    # Clustered; directories in gzip, tiles as they are; the kind; zooms 0 to 0.
    header += struct.pack("<6B4i", 1, 2, 1, kind, 0, 0, *bounds) + struct.pack("<B2i", 0, 0, 0)
    path.write_bytes(header + directory + described + tile)
    return path


def _write_number(number: int) -> bytes:
    written = bytearray()
    while number >= 128:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])
