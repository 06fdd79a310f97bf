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

MIN_MISTYPED_LETTERS: Final = 4
"""Letters of a text that may be a name with one edit; a shorter one is near to too many names."""
MIN_TWICE_MISTYPED_LETTERS: Final = 6

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
    if not _take_suggestion():
        return None
    folded: dict[str, str] = {}
    for spelling, name in names_by_spelling.items():
        folded.setdefault(fold(spelling), name)
    close = get_close_matches(fold(typed[:MAX_TYPED_LENGTH]), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def find_mistyped(typed: str, known: Collection[str]) -> str | None:
    """The known name with the fewest edits from what was typed; None when every one has more than a mistyping.

    An edit is a letter more, less or other, or two letters swapped. A text of `MIN_MISTYPED_LETTERS` may have one, of
    `MIN_TWICE_MISTYPED_LETTERS` two. In a shorter one another letter makes another name: `Neude` and `Neede`. Texts
    are compared in lower case without accents, as the caller gives them.
    """
    if len(typed) < MIN_MISTYPED_LETTERS or len(typed) > MAX_TYPED_LENGTH or not _take_suggestion():
        return None
    near = [
        (edits, abs(len(name) - len(typed)), name)
        for name in known
        if (edits := count_mistypings(typed, name)) is not None
    ]
    return min(near)[2] if near else None


def count_mistypings(typed: str, name: str) -> int | None:
    """The edits from a name to what was typed; None where they are more than a mistyping, as `find_mistyped` says."""
    most = (len(typed) >= MIN_MISTYPED_LETTERS) + (len(typed) >= MIN_TWICE_MISTYPED_LETTERS)
    if abs(len(name) - len(typed)) > most or not 0 < (edits := count_edits(typed, name)) <= most:
        return None
    is_another = most == 1 and len(name) == len(typed) and sorted(name) != sorted(typed)
    return None if is_another else edits


def count_edits(one: str, other: str) -> int:
    """The fewest letters to add, remove, replace or swap with their neighbour to make one text the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return row[-1]


def _take_suggestion() -> bool:
    """Whether the request may have another suggestion, which it then has one less of."""
    left = _left.get()
    if left is None:
        return True
    if not left[0]:
        return False
    left[0] -= 1
    return True


def ask_whether_meant(suggestion: str | None, otherwise: LocalizedText | None = None) -> LocalizedText:
    """The question that follows a refusal, with a space before it; `otherwise`, or nothing, without a suggestion."""
    if suggestion is None:
        return otherwise or LocalizedText("", "")
    return LocalizedText(f" Bedoelt u {suggestion}?", f" Did you mean {suggestion}?")
