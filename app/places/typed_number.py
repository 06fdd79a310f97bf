"""Registration numbers as people type or paste them: alone, after a word, mistyped, or as the address on a sticker."""

import re
from typing import Final
from urllib.parse import unquote

from app.sensors.plain_text import tidy_code
from app.sensors.public_codes import FIGURES, LENGTH, MAX_TYPED_LENGTH

_STICKER: Final = re.compile(r"(?:^|/)s/([^/?#]+)", re.IGNORECASE)
_WORDS: Final = re.compile(
    r"(?:sensor|sticker|registratienummer|registration number|nummer|number|nr|code|no)\b[\s.:#-]*",
    re.IGNORECASE,
)
_STREET: Final = re.compile(r"[^\W\d_]{3,}[\s.]+\d+[a-z]?", re.IGNORECASE)
"""A word and a number behind it: `Plein 10`."""
_OTHER: Final = re.compile(r"[1-9]\d{3}[A-Z]{2}\d*[A-Z]?|GM\d{4}")
"""A postcode, with or without a house number, and the code of a municipality."""

MAX_WRONG: Final = 2
"""Characters in a mistyped number that no number has, such as a zero for an O."""

MAX_GROUPS: Final = 2
"""Groups of a number with spaces in it: `XKV 6XXC`."""


def find_number(text: str) -> str | None:
    """The number that a text must mean, in capitals and perhaps mistyped: alone, after a word, or in an address."""
    if sticker := _STICKER.search(text):
        code = tidy_code(unquote(sticker[1]))
        has_digits = any(figure.isdigit() for figure in code)
        return code if len(code) <= MAX_TYPED_LENGTH and (has_digits or is_number(code)) else None
    rest = text
    while word := _WORDS.match(rest):
        rest = rest[word.end() :]
    code = tidy_code(rest)
    return code if is_number(code) or (rest != text and is_mistyped(rest)) else None


def is_number(text: str) -> bool:
    """Whether a text has the form of a registration number, which no name has: it has no vowels."""
    code = tidy_code(text)
    return len(code) == LENGTH and set(code) <= set(FIGURES)


def is_like_a_number(text: str) -> bool:
    """Whether a text has the length of a number and few other letters; it may as well be a word."""
    code = tidy_code(text)
    return (
        LENGTH - 1 <= len(code) <= LENGTH + 1
        and code.isascii()
        and len(text.split()) <= MAX_GROUPS
        and sum(figure not in FIGURES for figure in code) <= MAX_WRONG
    )


def is_mistyped(text: str) -> bool:
    """Whether a text may be a number with a mistake in it: it has digits and letters as no name or address does."""
    code = tidy_code(text)
    return (
        is_like_a_number(text)
        and any(figure.isdigit() for figure in code)
        and not code.isdigit()
        and not _STREET.fullmatch(text.strip())
        and not _OTHER.fullmatch(code)
    )
