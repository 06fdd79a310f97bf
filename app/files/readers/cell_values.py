"""Values of formats that have types, as cells."""

import math
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.table import Cell, InvalidCell

_NOT_TEXT: Final = LocalizedText("Hier staan bytes in plaats van tekst.", "Here are bytes instead of text.")
_NOT_FINITE: Final = LocalizedText("Dit getal is oneindig.", "This number is infinite.")


def tidy_value(value: Any) -> Cell:
    """The cell for a value; what is no kind of cell (a time of day, a UUID) becomes text."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else InvalidCell(ProblemCode.INVALID_NUMBER, str(value), _NOT_FINITE)
    if isinstance(value, bytes):
        return InvalidCell(ProblemCode.INVALID_TEXT, value[:20].hex(), _NOT_TEXT)
    if isinstance(value, (bool, int, float, date, list, dict)):
        return value
    return str(value)
