"""Values of formats that have types, as cells."""

import math
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.table import Cell, InvalidCell

_NOT_TEXT: Final = LocalizedText("Hier staan bytes in plaats van tekst.", "Here are bytes instead of text.")
_DIGITS_LOST: Final = LocalizedText(
    "Dit is een getal met decimalen van meer dan vijftien cijfers; de laatste cijfers kunnen verloren zijn. Maak van "
    "de kolom in de bron tekst of gehele getallen en exporteer het bestand opnieuw.",
    "This is a number with decimals of more than fifteen digits; the last of them may be lost. Make text or whole "
    "numbers of the column in the source and export the file again.",
)
_MAX_EXACT: Final = 10**15
"""A double from here on is written with a power of ten, and from 2^53 on it stands for its neighbours too."""
_NOT_FINITE: Final = LocalizedText("Dit getal is oneindig.", "This number is infinite.")


def tidy_value(value: Any) -> Cell:
    """The cell for a value; what is no kind of cell (a time of day, a UUID) becomes text."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Decimal):
        value = int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not abs(value) < _MAX_EXACT:
        return _read_large_number(value)
    if isinstance(value, bytes):
        return InvalidCell(ProblemCode.INVALID_TEXT, value[:20].hex(), _NOT_TEXT)
    if isinstance(value, (bool, int, float, date, list, dict)):
        return value
    return str(value)


def _read_large_number(number: float) -> Cell:
    if math.isnan(number):
        return None
    if math.isinf(number):
        return InvalidCell(ProblemCode.INVALID_NUMBER, str(number), _NOT_FINITE)
    return InvalidCell(ProblemCode.DIGITS_LOST, str(number), _DIGITS_LOST)
