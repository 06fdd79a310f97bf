"""Answers of other servers, and reading their content."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, NoReturn

from app.core.errors import Unavailable
from app.core.http_client.libraries import httpx
from app.core.i18n import LocalizedText

_DECOMPRESSED_BYTES: Final = 65_536
"""Size of the pieces in which a compressed answer is unpacked and counted."""


class HttpAnswer(NamedTuple):
    """An answer of JSON, with its address after redirects."""

    address: httpx.URL
    content: Any
    headers: Mapping[str, str]


class RawAnswer(NamedTuple):
    """An answer of any kind, with its address after redirects. Names of headers are in lower case."""

    address: httpx.URL
    content: bytes
    headers: Mapping[str, str]


ReportReceived = Callable[[int, int | None], None]
"""Called with the bytes received so far, and the number that the server announced, if any."""


class BadAnswer(Unavailable):
    """The answer of another server cannot be used; `answered` is its HTTP status, where that is the reason."""

    def __init__(self, address: httpx.URL, reason: LocalizedText, answered: int | None = None) -> None:
        shown = str(address)[:300]
        super().__init__(
            LocalizedText(
                f"{shown} geeft geen bruikbaar antwoord: {reason.nl}.",
                f"{shown} returns no usable answer: {reason.en}.",
            )
        )
        self.answered = answered


def decompress(pieces: Iterable[bytes], encoding: str, address: httpx.URL) -> Iterator[bytes]:
    """The pieces, where gzip unpacked some kilobytes at a time: a small piece may hold gigabytes."""
    if encoding.lower() in ("", "identity"):
        yield from pieces
        return
    if encoding.lower() not in ("gzip", "x-gzip"):
        raise BadAnswer(
            address,
            LocalizedText("een compressie waar wij niet om vroegen", "a compression that we did not ask for"),
        )
    decompressor = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                yield decompressor.decompress(rest, _DECOMPRESSED_BYTES)
                rest = decompressor.unconsumed_tail
        yield decompressor.flush()
    except zlib.error as error:
        reason = LocalizedText(f"ongeldige gzip ({error})", f"invalid gzip ({error})")
        raise BadAnswer(address, reason) from error
    if not decompressor.eof:
        raise BadAnswer(address, LocalizedText("afgebroken gzip", "truncated gzip"))


def read_json(body: bytes, address: httpx.URL) -> Any:
    """The JSON of an answer. Raises: BadAnswer."""

    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        reason = LocalizedText("het is geen geldige JSON", "it is not valid JSON")
        raise BadAnswer(address, reason) from error
