"""The audience of an answer: everybody, or the caller alone.

See docs/decisions/0027-audience-of-an-answer.md.
"""

from enum import StrEnum
from typing import Final

from starlette.types import Scope

_SCOPE_KEY: Final = "register.audience"
_FRAME_KEY: Final = "register.frame"
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


def let_frame(scope: Scope) -> None:
    """Let pages of other sites show the answer to this request in a frame: it is private and has nothing to press."""
    mark_private(scope)
    scope[_FRAME_KEY] = True


def may_frame(scope: Scope) -> bool:
    """Whether pages of other sites may show the answer in a frame."""
    return bool(scope.get(_FRAME_KEY, False))
