"""Untrusted XML, read with no more than one tag in memory."""

import io
from collections.abc import Iterator
from typing import IO, Final, Protocol
from xml.parsers import expat

_PIECE_BYTES: Final = 1 << 16
_TAG_BYTES: Final = 1 << 20


class ByteReader(Protocol):
    """A source of bytes, which returns none at its end."""

    def read(self, size: int, /) -> bytes: ...


def parse_pieces(content: ByteReader, parser: expat.XMLParserType) -> Iterator[int]:
    """Feed a parser; gives the number of bytes after each piece, when its handlers have been called.

    Raises: ExpatError for what is not XML, for a document type (which could define texts that grow without end) and
    for a tag that goes on and on.
    """
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    fed = begun = 0
    while piece := content.read(_PIECE_BYTES):
        parser.Parse(piece, False)  # noqa: FBT003 - takes it by place alone
        fed += len(piece)
        # Below zero while it waits for more before it looks again.
        begun = max(begun, parser.CurrentByteIndex)
        if fed - begun > _TAG_BYTES:
            raise expat.ExpatError("a tag of more than a megabyte")
        yield fed
    parser.Parse(b"", True)  # noqa: FBT003 - takes it by place alone
    yield fed


def parse_bytes(content: bytes, parser: expat.XMLParserType) -> None:
    """Feed a parser with all at once. Raises: as `parse_pieces`."""
    for _ in parse_pieces(io.BytesIO(content), parser):
        pass


def list_elements(content: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements in their order, each by its name without prefix, and its attributes. Raises: ExpatError."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    for _ in parse_pieces(content, parser):
        yield from found
        found.clear()


def _refuse_document_type(*_: object) -> None:
    raise expat.ExpatError("a document type")
