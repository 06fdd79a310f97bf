"""Ranges of bytes: which part of a file a request asks for, and under which conditions.

Source: RFC 9110, 13.1.1 (If-Match), 13.1.5 (If-Range) and 14 (Range).
"""

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from app.core.errors import RangeNotSatisfiable
from app.core.http.conditional import parse_tags
from app.core.http.routing import IS_HEAD_KEY

_RANGE: Final = re.compile(r"bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of a file: the numbers of its first and last byte, counted from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class RequestedRange:
    """One range as given: from `first` to `last` or the end; without `first` the last `last` bytes."""

    first: int | None
    last: int | None

    @property
    def continues(self) -> bool:
        """Whether it is what is missing of a download that broke off, rather than a part that is looked up."""
        return bool(self.first) and self.last is None

    def resolve(self, size_bytes: int) -> ByteRange:
        """The part of a file of this size. Raises: RangeNotSatisfiable, naming the size."""
        end = size_bytes - 1
        if self.first is None:
            found = ByteRange(max(0, size_bytes - (self.last or 0)), end)
        else:
            found = ByteRange(self.first, end if self.last is None else min(self.last, end))
        if found.length <= 0:
            raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size_bytes}"})
        return found


@dataclass(frozen=True, slots=True)
class FileConditions:
    """The headers of a request that decide which file is sent, and how much of it."""

    is_head: bool
    range: RequestedRange | None
    if_range: str | None
    if_match: str | None
    if_none_match: str | None

    @classmethod
    def of_request(cls, request: Request) -> "FileConditions":
        headers = request.headers
        is_head = bool(request.scope.get(IS_HEAD_KEY))
        return cls(
            is_head,
            # RFC 9110, 14.2: a Range has no meaning for HEAD.
            None if is_head else parse_range(headers.get("range")),
            headers.get("if-range"),
            headers.get("if-match"),
            headers.get("if-none-match"),
        )

    @property
    def wanted_tags(self) -> frozenset[str]:
        """The strong tags, without quotation marks, of the files that the client has a part of."""
        tags = parse_tags(self.if_range or "") + parse_tags(self.if_match or "")
        return frozenset(opaque for weak, opaque in tags if not weak)

    def matches(self, tag: str) -> bool:
        """Whether `If-Match`, if there is one, names this file."""
        if self.if_match is None or self.if_match.strip() == "*":
            return True
        return any(not weak and opaque == tag for weak, opaque in parse_tags(self.if_match))

    def choose_range(self, tag: str) -> RequestedRange | None:
        """The range to send of the file with this tag; None for the whole file, as `If-Range` asks of another one.

        A date in `If-Range` matches no file: files have a tag and no date.
        """
        return self.range if self.if_range is None or self.if_range.strip() == f'"{tag}"' else None


def parse_range(header: str | None) -> RequestedRange | None:
    """The range; None for no header, a malformed one, another unit or several ranges, which are answered as a whole."""
    found = _RANGE.fullmatch(header or "")
    if found is None or not (found[1] or found[2]):
        return None
    first, last = (int(text) if text else None for text in found.groups())
    if first is not None and last is not None and last < first:
        return None
    return RequestedRange(first, last)


WHOLE_FILE: Final = FileConditions(
    is_head=False, range=None, if_range=None, if_match=None, if_none_match=None
)
"""The conditions of a request that asks for a whole file."""
