"""The spatial index of a FlatGeobuf, put into a file that was written without one.

GDAL sorts by place before it writes an index, and holds a hundred bytes a feature meanwhile. Our features come in the
order of their places already (or in the order that was asked for, in which an index is as true and a little slower).
So their boxes are stored on disk, and the index is made from the leaves up, some thousands at a time.
Source: FlatGeobuf 3.0, header.fbs and the packed Hilbert R-tree.
"""

import shutil
from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path
from struct import pack_into, unpack_from
from typing import IO, Any, Final

import numpy as np

_NODE: Final = np.dtype([("least", "<f8", 2), ("most", "<f8", 2), ("offset", "<u8")])
"""A box, and where it leads: to the byte where a feature begins or, above the leaves, to the first child's number."""

_CHILDREN: Final = 16
"""Children of a node; the default of the format when its header does not give the number."""

_AT_A_TIME: Final = _CHILDREN * 4096

_MAGIC_BYTES: Final = 8
_LENGTH_BYTES: Final = 4

_ENVELOPE, _FEATURES_COUNT, _INDEX_NODE_SIZE = 1, 8, 9
"""Numbers of these fields in the header."""

_COPY_BYTES: Final = 1 << 20


def add_index(path: Path, boxes: Path, indexed: Path) -> None:
    """Write a copy of a FlatGeobuf with an index; `boxes` has the sides of each feature, in order, as four doubles."""
    with path.open("rb") as source, boxes.open("rb") as sides, indexed.open("wb") as target:
        header = _read_header(source)
        count = unpack_from("<Q", header, _find_field(header, _FEATURES_COUNT))[0]
        pack_into("<H", header, _find_field(header, _INDEX_NODE_SIZE), _CHILDREN)
        target.write(header)
        _write_index(target, count, _read_leaves(source, sides, count))
        if source.tell() != path.stat().st_size:
            # GDAL does not report every write that failed.
            raise OSError(ENOSPC, "No space left on device", str(path))
        source.seek(len(header))
        shutil.copyfileobj(source, target, _COPY_BYTES)


def remove_extent(path: Path) -> None:
    """Leave the extent out of the header of a FlatGeobuf, in place. A file without one stays as it is."""
    with path.open("r+b") as file:
        header = _read_header(file)
        entry = _find_entry(header, _ENVELOPE)
        if entry is not None and unpack_from("<H", header, entry)[0]:
            vector = _find_field(header, _ENVELOPE)
            vector += unpack_from("<I", header, vector)[0]
            pack_into("<4d", header, vector + _LENGTH_BYTES, 0, 0, 0, 0)
            pack_into("<H", header, entry, 0)
            file.seek(0)
            file.write(header)


def _read_header(source: IO[bytes]) -> bytearray:
    """Read everything before the features."""
    start = source.read(_MAGIC_BYTES + _LENGTH_BYTES)
    return bytearray(start + source.read(unpack_from("<I", start, _MAGIC_BYTES)[0]))


def _find_field(header: bytearray, field: int) -> int:
    """Where the value of a field stands. Raises: ValueError when it is left out. Source: FlatBuffers, internals."""
    entry = _find_entry(header, field)
    distance = unpack_from("<H", header, entry)[0] if entry is not None else 0
    if not distance:
        raise ValueError(f"the header of this FlatGeobuf has no field {field}")
    return _find_table(header) + int(distance)


def _find_entry(header: bytearray, field: int) -> int | None:
    """Where the header has the distance of a field from its table; None when its list of fields ends before it."""
    table = _find_table(header)
    vtable = table - unpack_from("<i", header, table)[0]
    entry = int(vtable + 4 + 2 * field)
    return entry if entry < vtable + unpack_from("<H", header, vtable)[0] else None


def _find_table(header: bytearray) -> int:
    root = _MAGIC_BYTES + _LENGTH_BYTES
    return root + int(unpack_from("<I", header, root)[0])


def _read_leaves(source: IO[bytes], sides: IO[bytes], count: int) -> Iterator[Any]:
    """A node for each feature, some at a time; `source` stands at the first of them."""
    offset = 0
    for first in range(0, count, _AT_A_TIME):
        leaves = np.empty(min(_AT_A_TIME, count - first), _NODE)
        corners = np.frombuffer(sides.read(leaves.size * 32), "<f8").reshape(-1, 2, 2)
        # A feature without a place has a box that meets no other, in the place of NaN.
        leaves["least"] = np.where(np.isnan(corners[:, 0]), np.inf, corners[:, 0])
        leaves["most"] = np.where(np.isnan(corners[:, 1]), -np.inf, corners[:, 1])
        for number in range(leaves.size):
            leaves["offset"][number] = offset
            length = unpack_from("<I", source.read(_LENGTH_BYTES))[0]
            source.seek(length, 1)
            offset += _LENGTH_BYTES + length
        yield leaves


def _write_index(target: IO[bytes], count: int, leaves: Iterator[Any]) -> None:
    """The levels from the root down; they are made from the leaves up, and the leaves are most of it."""
    first, sizes = 0, _count_nodes(count)
    begin, numbers = target.tell(), [sum(sizes[level + 1 :]) for level in range(len(sizes))]
    parents = []
    target.seek(begin + numbers[0] * _NODE.itemsize)
    for some in leaves:
        target.write(some.tobytes())
        parents.append(_join_nodes(some, numbers[0] + first))
        first += some.size
    level = np.concatenate(parents)
    for number in numbers[1:]:
        target.seek(begin + number * _NODE.itemsize)
        target.write(level.tobytes())
        level = _join_nodes(level, number)
    target.seek(begin + sum(sizes) * _NODE.itemsize)


def _count_nodes(count: int) -> list[int]:
    """How many nodes each level has, from the leaves up to the root, which is never a leaf."""
    sizes = [count, -(-count // _CHILDREN)]
    while sizes[-1] > 1:
        sizes.append(-(-sizes[-1] // _CHILDREN))
    return sizes


def _join_nodes(children: Any, number: int) -> Any:
    """The parents of these nodes, the first of which has that number."""
    starts = np.arange(0, children.size, _CHILDREN)
    parents = np.empty(starts.size, _NODE)
    parents["least"] = np.minimum.reduceat(children["least"], starts)
    parents["most"] = np.maximum.reduceat(children["most"], starts)
    parents["offset"] = number + starts
    return parents
