"""Suggestions for mistyped names: the nearest known name, and the question "did you mean …?"."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from typing import Final

from app.core.i18n import LocalizedText

MAX_TYPED_LENGTH: Final = 100
"""Characters that are compared; the cost of a comparison grows with the product of the lengths."""

DEFAULT_CUTOFF: Final = 0.6

MAX_SUGGESTIONS: Final = 20
"""Names of one request that get a suggestion: each takes a tenth of a millisecond or more."""

_left: ContextVar[list[int] | None] = ContextVar("suggestions_left", default=None)


@contextmanager
def limit_suggestions(most: int = MAX_SUGGESTIONS) -> Iterator[None]:
    """Let at most this many of the names that are looked up inside the block have a suggestion.

    The middleware does so for each request. Without a limit every name gets one.
    """
    token = _left.set([most])
    try:
        yield
    finally:
        _left.reset(token)


def find_nearest(
    typed: str,
    known: Collection[str],
    *,
    fold: Callable[[str], str] = str.casefold,
    cutoff: float = DEFAULT_CUTOFF,
) -> str | None:
    """The known name that is most similar to what was typed, or None when no name is similar enough.

    Names are compared after `fold`; `cutoff` is the least similarity, from 0 to 1.
    """
    return find_nearest_spelling(typed, {name: name for name in known}, fold=fold, cutoff=cutoff)


def find_nearest_spelling(
    typed: str,
    names_by_spelling: Mapping[str, str],
    *,
    fold: Callable[[str], str] = str.casefold,
    cutoff: float = DEFAULT_CUTOFF,
) -> str | None:
    """The name whose spelling is most similar to what was typed; see `find_nearest`."""
    left = _left.get()
    if left is not None:
        if not left[0]:
            return None
        left[0] -= 1
    folded: dict[str, str] = {}
    for spelling, name in names_by_spelling.items():
        folded.setdefault(fold(spelling), name)
    close = get_close_matches(fold(typed[:MAX_TYPED_LENGTH]), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def ask_whether_meant(suggestion: str | None, otherwise: LocalizedText | None = None) -> LocalizedText:
    """The question that follows a refusal, with a space before it; `otherwise`, or nothing, without a suggestion."""
    if suggestion is None:
        return otherwise or LocalizedText("", "")
    return LocalizedText(f" Bedoelt u {suggestion}?", f" Did you mean {suggestion}?")
