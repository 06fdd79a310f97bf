"""The tables of a file, read in a process of their own and passed on some rows at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice, repeat
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import shapely
from shapely import GeometryCollection
from shapely.geometry.base import BaseGeometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.isolation.limits import ProcessLimits
from app.files.isolation.messages import MAX_MESSAGE_BYTES, write_message
from app.files.isolation.processes import ReaderProcess, start_reader
from app.files.isolation.sent_errors import send_errors
from app.files.readers import open_source
from app.files.reading_account import ReadingAccount
from app.files.table import Row, Table, TableSource

_READ: Final = b"read"
_PASS_OVER: Final = b"pass over"
_BATCH_ROWS: Final = 100
_WIDE_ROWS: Final = LocalizedText(
    f"Honderd rijen van dit bestand zijn samen groter dan {MAX_MESSAGE_BYTES // 1_000_000} MB. Haal kolommen met lange "
    "teksten of grote vlakken eruit.",
    f"A hundred rows of this file are larger than {MAX_MESSAGE_BYTES // 1_000_000} MB together. Remove columns with "
    "long texts or large areas.",
)
_PASSED: Final = ("format", "fraction_read")
"""Attributes of a source that are passed on with each message."""


@contextmanager
def open_isolated_source(
    path: Path,
    *,
    limits: ProcessLimits | None = None,
    on_wait: Callable[[], None] = lambda: None,
    **options: Any,
) -> Iterator["IsolatedSource"]:
    """`open_source`, with its `options`, in a process of its own that ends with the block.

    `limits` depend on the size of the file by default. `on_wait` is called a few times a second while the file is being
    read, and may raise.
    Raises: InvalidRequest, also where the process dies or reaches a limit; OSError; Unavailable.
    """
    limits = limits or ProcessLimits.of_size(path.stat().st_size)
    with start_reader(send_tables, (path, options), limits, on_wait=on_wait) as process:
        yield IsolatedSource(process)


class IsolatedSource:
    """A `TableSource` of which the file is read by another process."""

    def __init__(self, process: ReaderProcess) -> None:
        self._process = process
        self._passed: dict[str, Any] = {}
        self._receive()

    @property
    def format(self) -> str:
        return str(self._passed["format"])

    @property
    def fraction_read(self) -> float:
        return float(self._passed["fraction_read"])

    @property
    def account(self) -> ReadingAccount:
        """Account of the tables of which all rows were read."""
        account: ReadingAccount = self._passed["account"]
        return account

    def read_tables(self) -> Iterator[Table]:
        while (table := self._receive()) is not None:
            rows = _IsolatedRows(self._process, self._receive)
            yield replace(table, rows=rows)
            rows.end()

    def _receive(self) -> Any:
        """The next message without the attributes that came with it. Raises: the error that the reader sent."""
        kind, content, passed = self._process.receive()
        if kind == "error":
            raise content.restore()
        self._passed |= passed
        return content


class _IsolatedRows(Iterator[Row]):
    """The rows of a table, asked for when the first is needed: a sheet that is passed over may be unreadable."""

    def __init__(self, process: ReaderProcess, receive: Callable[[], Any]) -> None:
        self._process = process
        self._rows = self._read(receive)
        self._is_asked = False

    def __next__(self) -> Row:
        return next(self._rows)

    def end(self) -> None:
        """Leave the rest of the rows out."""
        if not self._is_asked:
            self._process.send(_PASS_OVER)
        for _ in self._rows if self._is_asked else ():
            pass

    def _read(self, receive: Callable[[], Any]) -> Iterator[Row]:
        self._is_asked = True
        self._process.send(_READ)
        while (batch := receive()) is not None:
            numbers, cells, shapes = batch
            geometries = shapely.from_wkb(shapes) if shapes else repeat(None)
            yield from map(Row, numbers, cells, geometries)


def send_tables(connection: Connection, path: Path, options: dict[str, Any]) -> None:
    """Send each table and, where they are asked for, its rows and None; at the end None."""
    with send_errors(connection), open_source(path, **options) as source:
        send = partial(_send, connection, source)
        send(None)
        no_rows: Any = ()
        for table in source.read_tables():
            send(replace(table, rows=no_rows))
            if connection.recv_bytes() == _READ:
                rows = iter(table.rows)
                while batch := list(islice(rows, _BATCH_ROWS)):
                    send(([row.number for row in batch], [row.cells for row in batch], _write_shapes(batch)))
                send(None)
        send(None)


def _send(connection: Connection, source: TableSource, content: object) -> None:
    # An account of wide tables is larger than their rows: it is sent where a table begins or ends.
    names = _PASSED if isinstance(content, tuple) else (*_PASSED, "account")
    message = write_message(("content", content, {name: getattr(source, name) for name in names}))
    if len(message) > MAX_MESSAGE_BYTES:
        raise InvalidRequest(problems=[Problem(ProblemCode.FILE_NEEDS_MEMORY, "", _WIDE_ROWS)])
    connection.send_bytes(message)


def _write_shapes(rows: list[Row]) -> list[bytes | None]:
    """The geometries as WKB; nothing where no row has one. Raises: InvalidRequest for one that is nested."""
    if all(row.geometry is None for row in rows):
        return []
    for row in rows:
        if row.geometry is not None and _is_nested(row.geometry):
            raise InvalidRequest(
                problems=[Problem(ProblemCode.UNREADABLE_FILE, "", _describe_nested(row.number))]
            )
    return list(shapely.to_wkb([row.geometry for row in rows]))


def _is_nested(geometry: BaseGeometry) -> bool:
    """Whether a collection stands in a collection: each level costs stack of the process that reads it."""
    return isinstance(geometry, GeometryCollection) and any(
        isinstance(part, GeometryCollection) for part in geometry.geoms
    )


def _describe_nested(row: int) -> LocalizedText:
    return LocalizedText(
        f"De geometrie van rij {row} is een verzameling van verzamelingen. Exporteer haar als punt of als vlak.",
        f"The geometry of row {row} is a collection of collections. Export it as a point or as an area.",
    )
