"""Number formats of Excel: which show a date, and how a number looks in the others.

Every format is read once from left to right, and no further than Excel lets it be.
Source: ECMA-376, part 1, 18.8.31.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

_MAX_CHARACTERS: Final = 255
# A text in quotation marks, an escaped character, a space or a filling as wide as a character, a part in brackets.
_PART: Final = re.compile(
    r'"[^"]*"?|[\\_*].?|\[[^\]]*\]?|General|AM/PM|A/P|E[+-]|.', re.IGNORECASE | re.DOTALL
)
_ELAPSED: Final = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CONDITION: Final = re.compile(r"\[[<>=]")
_DATE_LETTERS: Final = frozenset("dmyhsDMYHS")
_PLACEHOLDERS: Final = frozenset("0#?")
_MAX_DECIMALS: Final = 30
# Tells a literal text from a placeholder, whatever it is.
_LITERAL: Final = "\0"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format of numbers that shows digits: one to three sections, of positive and negative numbers and of zero."""

    sections: tuple["_Section | None", ...]

    def show(self, number: float) -> str | None:
        """The text that a cell shows, with a decimal point and no marks of thousands; None where it has no digits."""
        at = 0
        if number < 0:
            at = min(1, len(self.sections) - 1)
        elif number == 0 and len(self.sections) > 2:
            at = 2
        section = self.sections[at]
        if section is None:
            return None
        shown = section.show(Decimal(f"{abs(number):.15g}"))
        return f"-{shown}" if number < 0 and at == 0 else shown


@dataclass(frozen=True, slots=True)
class _Section:
    """Placeholders of whole digits with the texts between them, those of decimals, and the text behind them."""

    whole: tuple[str, ...]
    decimals: str
    suffix: str
    is_percentage: bool

    def show(self, number: Decimal) -> str:
        if self.is_percentage:
            number = number.scaleb(2)
        rounded = number.quantize(Decimal(1).scaleb(-len(self.decimals)), ROUND_HALF_UP)
        digits, _, fraction = f"{rounded:f}".partition(".")
        while fraction.endswith("0") and self.decimals[len(fraction) - 1] != "0":
            fraction = fraction[:-1]
        shown = f"{self._fill(digits.lstrip('0'))}{'.' * bool(fraction)}{fraction}{self.suffix}"
        return " ".join(shown.split())

    def _fill(self, digits: str) -> str:
        """The digits in their places, from the right; those for which there is no place stand before the first."""
        filled: list[str] = []
        first = next((at for at, item in enumerate(self.whole) if item in _PLACEHOLDERS), 0)
        for at in range(len(self.whole) - 1, -1, -1):
            item = self.whole[at]
            if item not in _PLACEHOLDERS:
                filled.append(item.removeprefix(_LITERAL))
                continue
            filled.append(digits[-1:] or ("0" if item == "0" else ""))
            digits = digits[:-1]
            if at == first:
                filled.append(digits)
        return "".join(reversed(filled))


def parse_number_format(code: str) -> NumberFormat | Literal["date"] | None:
    """A format by its code; `date` for those of dates and times, None for those that show a number as it is."""
    sections: list[list[str]] = [[]]
    for part in _PART.findall(code[:_MAX_CHARACTERS]):
        if part == ";":
            sections.append([])
        else:
            sections[-1].append(part)
    if any(part in _DATE_LETTERS or _ELAPSED.fullmatch(part) for part in sections[0]):
        return "date"
    if any(part.lower() == "general" or part == "@" for part in sections[0]):
        return None
    if any(_CONDITION.match(part) for parts in sections for part in parts):
        return None
    return NumberFormat(tuple(map(_parse_section, sections[:3])))


def _parse_section(parts: list[str]) -> _Section | None:
    """None for a section that does not show the digits of a number: a power of ten, a fraction, or nothing."""
    point = parts.index(".") if "." in parts else len(parts)
    decimals = [part for part in parts[point:] if part in _PLACEHOLDERS]
    if not _shows_digits(parts[:point]) or not _shows_all_digits(parts) or len(decimals) > _MAX_DECIMALS:
        return None
    whole = (part if part in _PLACEHOLDERS else _LITERAL + _read_literal(part) for part in parts[:point])
    return _Section(
        tuple(whole),
        "".join(decimals),
        "".join(_read_literal(part) for part in parts[point + 1 :] if part not in _PLACEHOLDERS),
        "%" in parts,
    )


def _shows_digits(parts: list[str]) -> bool:
    return not _PLACEHOLDERS.isdisjoint(parts)


def _shows_all_digits(parts: list[str]) -> bool:
    """Whether no digits are left out: by a power of ten, a fraction, or commas that divide by a thousand."""
    last = max((at for at, part in enumerate(parts) if part in _PLACEHOLDERS), default=0)
    return "," not in parts[last:] and not any(part == "/" or part[:1] in {"E", "e"} for part in parts)


def _read_literal(part: str) -> str:
    match part[0]:
        case '"':
            return part[1:].removesuffix('"')
        case "\\":
            return part[1:]
        case "[":
            # The sign of a currency, and the country in which it is written so.
            return part[2:].rstrip("]").partition("-")[0] if part.startswith("[$") else ""
        case "_":
            return " "
        case "*" | ",":
            return ""
        case _:
            return part
