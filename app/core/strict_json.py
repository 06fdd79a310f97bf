"""JSON that others send, without what only Python accepts or loses: NaN, numbers beyond a double, half characters."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode

MAX_DIGITS: Final = 300
"""Digits of a whole number; one with more does not fit in a double."""

_HALF: Final = re.compile(r"[\ud800-\udfff]")
_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")

_TOO_DEEP: Final = LocalizedText("De JSON is te diep genest.", "The JSON is nested too deeply.")
_TOO_LARGE: Final = LocalizedText(
    "Een getal in de JSON is te groot (NaN en Infinity mogen niet).",
    "A number in the JSON is too large (NaN and Infinity are not allowed).",
)
_HALF_CHARACTER: Final = LocalizedText(
    "Een tekst in de JSON heeft een half teken: \\uD800 tot en met \\uDFFF horen bij elkaar in paren.",
    "A text in the JSON has half a character: \\uD800 to \\uDFFF occur in pairs.",
)

MakeObject = Callable[[list[tuple[str, Any]]], Any]


class InvalidJson(ValueError):
    """A text that the register does not read as JSON: the reason with its code, and the index of a syntax error."""

    def __init__(
        self,
        detail: LocalizedText,
        code: ProblemCode = ProblemCode.INVALID_JSON,
        *,
        position: int | None = None,
    ) -> None:
        super().__init__(detail.en)
        self.detail = detail
        self.code = code
        self.position = position


class NestedTooDeeply(InvalidJson):
    """Lists or objects within each other, beyond what can be read."""


def parse_json(text: str, make_object: MakeObject | None = None) -> Any:
    """The value of a JSON text. `make_object` gets the members of each object; by default none may occur twice.

    Raises: InvalidJson; what `make_object` raises.
    """
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_parse_float,
            parse_int=_parse_int,
            object_pairs_hook=make_object or _make_object,
        )
    except json.JSONDecodeError as broken:
        detail = LocalizedText(
            f"Er zit een fout in de JSON op regel {broken.lineno}, teken {broken.colno}.",
            f"The JSON has an error at line {broken.lineno}, character {broken.colno}.",
        )
        raise InvalidJson(detail, position=broken.pos) from None
    except RecursionError:
        raise NestedTooDeeply(_TOO_DEEP) from None
    # Halves that are not escaped are possible in a text that was not decoded as strict UTF-8.
    if (_ESCAPED_HALF.search(text) or _HALF.search(text)) and _has_half_character(value):
        raise InvalidJson(_HALF_CHARACTER, ProblemCode.INVALID_TEXT)
    return value


def _has_half_character(value: Any) -> bool:
    return _HALF.search(json.dumps(value, ensure_ascii=False)) is not None


def _refuse_constant(_: str) -> NoReturn:
    raise InvalidJson(_TOO_LARGE, ProblemCode.INVALID_NUMBER)


def _parse_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidJson(_TOO_LARGE, ProblemCode.INVALID_NUMBER)
    return number


def _parse_int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise InvalidJson(_TOO_LARGE, ProblemCode.INVALID_NUMBER)
    return int(text)


def _make_object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)[:50]
        raise InvalidJson(LocalizedText(f"“{twice}” staat er twee keer.", f"“{twice}” occurs twice."))
    return made
