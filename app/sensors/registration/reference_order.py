"""Order of references as people count: cam-2 before cam-10."""

import re
from typing import Any, Final

from sqlalchemy import ColumnElement, func

_DIGITS: Final = 20
"""Width to which numbers are padded; longer numbers are compared by their last digits, and then as text."""

_NUMBER: Final = re.compile(r"[0-9]+")


def natural_order(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The text of a column with its numbers padded, to sort by."""
    padded = func.regexp_replace(column, "([0-9]+)", "0" * _DIGITS + r"\1", "g")
    return func.regexp_replace(padded, f"[0-9]*([0-9]{{{_DIGITS}}})", r"\1", "g")


def natural_key(reference: str) -> tuple[str, str]:
    """The key by which Python sorts a reference as `natural_order` does."""
    return _NUMBER.sub(lambda number: number.group().zfill(_DIGITS)[-_DIGITS:], reference), reference
