"""Suggestions for mistyped names: the nearest known name, and the question "did you mean …?"."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from app.core.i18n import LocalizedText

MAX_TYPED_LENGTH: Final = 100
"""Characters that are compared; the cost of a comparison grows with the product of the lengths."""

DEFAULT_CUTOFF: Final = 0.6


def find_nearest(
    typed: str,
    known: Collection[str] | Mapping[str, str],
    *,
    fold: Callable[[str], str] = str.casefold,
    cutoff: float = DEFAULT_CUTOFF,
) -> str | None:
    """The known name that is most similar to what was typed, or None when no name is similar enough.

    `known` holds names, or maps spellings to names. Spellings are compared after `fold`; `cutoff` is the least
    similarity, from 0 to 1.
    """
    spellings: Iterable[tuple[str, str]] = (
        known.items() if isinstance(known, Mapping) else ((name, name) for name in known)
    )
    folded: dict[str, str] = {}
    for spelling, name in spellings:
        folded.setdefault(fold(spelling), name)
    close = get_close_matches(fold(typed[:MAX_TYPED_LENGTH]), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def ask_whether_meant(suggestion: str | None, otherwise: LocalizedText | None = None) -> LocalizedText:
    """The question that follows a refusal, with a space before it; `otherwise`, or nothing, without a suggestion."""
    if suggestion is None:
        return otherwise or LocalizedText("", "")
    return LocalizedText(f" Bedoelt u {suggestion}?", f" Did you mean {suggestion}?")
