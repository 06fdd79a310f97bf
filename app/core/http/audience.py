"""The audience of an answer: everybody, or the caller alone.

See docs/decisions/0027-audience-of-an-answer.md.
"""

from enum import StrEnum
from typing import Final

from starlette.types import Scope

_SCOPE_KEY: Final = "register.audience"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Audience(StrEnum):
    """`PUBLIC` answers may be cached and read by scripts of other sites; `PRIVATE` answers may not."""

    PUBLIC = "public"
    PRIVATE = "private"


def mark_private(scope: Scope) -> None:
    """Mark the answer to this request as private. Called before the caller is identified, so errors are private too."""
    scope[_SCOPE_KEY] = Audience.PRIVATE


def get_audience(scope: Scope) -> Audience:
    """The audience of the answer. The default is public for safe methods (RFC 9110, 9.2.1), private for others."""
    default = Audience.PUBLIC if scope["method"] in _SAFE_METHODS else Audience.PRIVATE
    audience: Audience = scope.get(_SCOPE_KEY, default)
    return audience
