"""Texts as they are seen: references and registration numbers, and words that stand for an empty cell."""

import re
import unicodedata
from typing import Final

INVISIBLE: Final = (
    r"\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
"""Characters that show nothing, as a set for a regular expression of Python or PostgreSQL.

Soft hyphen, zero width, byte order mark, marks and overrides of direction, variation selectors, annotations.
"""
SPACES: Final = r"\u0009-\u000d\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Characters other than the space itself that show as one, likewise."""

# Nearly every reference is such a text; only the others are folded.
PLAIN_REFERENCE: Final = re.compile(r"[!-~]+(?: [!-~]+)*")
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]")
_SPACES: Final = re.compile(f"[ {SPACES}]+")

_WORDS: Final = (
    "null",
    "<null>",
    "(null)",
    "none",
    "nan",
    "#n/a",
    "#n/b",
    "n/a",
    "n/b",
    "n.a.",
    "nvt",
    "n.v.t.",
    "n.v.t",
)
EMPTY_WORDS: Final = frozenset(
    (
        *(spelling for word in _WORDS for spelling in (word, word.upper(), word.capitalize())),
        *("NaN", "NaT", "NA", "<NA>", "<Null>", "(Null)", "\\N", "-", "--", "\u2013", "\u2014"),
    )
)
"""Words that programs and people write where there is nothing.

Source: pandas, `na_values`; QGIS and ArcGIS, <Null>; Excel in Dutch, #N/B; PostgreSQL, COPY.
"""

ERROR_WORDS: Final = frozenset(
    (
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#VERW!",
        "#WAARDE!",
        "#DEEL/0!",
        "#NAAM?",
        "#LEEG!",
        "#GETAL!",
        "#OVERLOOP!",
        "#BEREKEN!",
        "#VELD!",
    )
)
"""Words that a spreadsheet shows in place of a value. Source: Excel, error values in English and Dutch.

#N/A and #N/B, not available, are words for nothing.
"""
NO_VALUES: Final = EMPTY_WORDS | ERROR_WORDS
"""Texts that are no value of any field."""


def tidy_code(typed: str) -> str:
    """A registration number in capitals, without spaces and hyphens."""
    return "".join(character for character in typed.upper() if character.isalnum())


def fold_reference(reference: str) -> str:
    """The reference as it is seen: composed (NFC), without invisible characters, one space where there are more.

    Two references that look the same are one; the database checks that only folded ones are stored.
    """
    if PLAIN_REFERENCE.fullmatch(reference):
        return reference
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", reference))
    return _SPACES.sub(" ", composed).strip(" ")
