"""Numbers of receipts as they are printed and typed.

A number has eleven random characters and a check character in base 29; the SQL function `register.receipt_number`
makes it. There are 10^16 of them: no one finds one by trying.
"""

import re
from typing import Final

from app.sensors.public_codes import FIGURES

NUMBER_LENGTH: Final = 12
MAX_TYPED_LENGTH: Final = 40
_GROUP: Final = 4
_BETWEEN: Final = re.compile(r"[\s.\-\u2010-\u2015]+")


def tidy_number(typed: str) -> str:
    """The number as it is stored: capitals, without what people put between its groups."""
    return _BETWEEN.sub("", typed[:MAX_TYPED_LENGTH]).upper()


def is_receipt_number(number: str) -> bool:
    """Whether the characters are possible and the check character is right."""
    if len(number) != NUMBER_LENGTH or not set(number) <= set(FIGURES):
        return False
    return sum(weight * FIGURES.index(figure) for weight, figure in enumerate(number, 1)) % len(FIGURES) == 0


def format_number(number: str) -> str:
    """The number in groups of four: `K7QX-29BH-TMPC`."""
    return "-".join(number[start : start + _GROUP] for start in range(0, len(number), _GROUP))
