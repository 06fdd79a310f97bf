"""One cell as the value that a JSON request would have.

What cannot be read stays as it is: the check of the record refuses it, and says what to do.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.core.clock import dutch_date
from app.core.strict_json import InvalidJson, parse_json
from app.files.table import Cell

_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?")
_NUMBER: Final = re.compile(
    r"([+-]?\d[\d.,' \u00a0\u202f]*)(?:m|meter|meters|metre|metres|°|graden|graad|degrees?|deg)?\.?",
    re.IGNORECASE,
)
_DUTCH_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}([.,]\d{3}){2,}")

_TRUE: Final = frozenset({"ja", "j", "yes", "y", "true", "waar", "1"})
_FALSE: Final = frozenset({"nee", "n", "no", "false", "onwaar", "0"})

_MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]\d{2}(:?\d{2}(:?\d{2}([.,]\d+)?)?)? ?(?P<zone>Z|[+-]\d{2}(:?\d{2})?)?"
)
_CLOCK: Final = r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
# As people and GIS programs write it; a day comes before its month. The time of a database is left out.
_WRITTEN_DAYS: Final = (
    re.compile(r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})" + _CLOCK),
    re.compile(r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _CLOCK),
)
_SERIAL: Final = re.compile(r"[2-7]\d{4}(\.0+)?")
# Excel counts 29 February 1900, a day that never was; so day 0 is one earlier than it says.
_SERIAL_ZERO: Final = date(1899, 12, 30)

_PERIOD: Final = re.compile(r"(\d{1,5})\s*([a-zA-Z]+)\.?")
_PERIOD_UNITS: Final = {
    word: form
    for form, words in {
        "P{}Y": "jaar jaren jr year years yr",
        "P{}M": "maand maanden mnd month months",
        "P{}W": "week weken wk weeks",
        "P{}D": "dag dagen d day days",
        "PT{}H": "uur uren u hour hours hr h",
        "PT{}M": "minuut minuten min minute minutes",
        "PT{}S": "seconde seconden sec second seconds",
    }.items()
    for word in words.split()
}

# How GDAL writes a list where a format has none: how many there are, and the items.
_COUNTED_LIST: Final = re.compile(r"\(\d+:(.*)\)")
_LIST_MARKS: Final = re.compile(r"[|;\n\r]")
_WEB_ADDRESS: Final = re.compile(r"(www\.)?([a-z0-9-]+\.)+[a-z]{2,24}([/?#:]\S*)?", re.IGNORECASE)


def fold_text(text: str) -> str:
    """The text to compare by: without capitals, and with one space where there are more."""
    return " ".join(text.split()).casefold()


def parse_text(cell: Cell) -> Any:
    """Text; numbers and dates that a spreadsheet made of it are written out again."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, date):
        return parse_date(cell)
    return cell


def parse_number(cell: Cell, *, decimal_comma: bool = False) -> Any:
    """A number from text with a decimal comma or point, thousands marked or not, a unit behind it or not.

    With `decimal_comma` a single point before three digits marks thousands: 1.234 is over a thousand.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\u2212", "-")
    if decimal_comma and _DUTCH_THOUSANDS.fullmatch(text):
        return float(text.replace(".", ""))
    if _PLAIN_NUMBER.fullmatch(text):
        return float(text)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return cell
    digits = re.sub(r"['\s]", "", match[1])
    try:
        return float(_drop_thousands(digits))
    except ValueError:
        return cell


def _drop_thousands(digits: str) -> str:
    """The number as Python writes it: the last of two kinds of mark is that of decimals."""
    if "." in digits and "," in digits:
        thousands = "." if digits.rindex(",") > digits.rindex(".") else ","
        return digits.replace(thousands, "").replace(",", ".")
    if _THOUSANDS.fullmatch(digits):
        return digits.replace(".", "").replace(",", "")
    return digits.replace(",", ".")


def parse_boolean(cell: Cell) -> Any:
    """Ja, nee, yes, no, true, false, waar, onwaar, 1 or 0."""
    folded = fold_text(str(cell)) if isinstance(cell, str | int) else ""
    if folded in _TRUE:
        return True
    return False if folded in _FALSE else cell


def is_serial(cell: Cell) -> bool:
    """Whether this is how Excel counts the days of 1954 to 2119."""
    if isinstance(cell, str):
        return _SERIAL.fullmatch(cell) is not None
    return not isinstance(cell, bool) and isinstance(cell, int | float) and 20_000 <= cell < 80_000


def parse_date(cell: Cell) -> Any:
    """The day as ISO text, of a date, a moment, a date as it is written, or the number of a day in Excel.

    Of a moment with a zone it is the day in the Netherlands; one without has its day already.
    """
    if isinstance(cell, datetime) and cell.tzinfo:
        return _read_dutch_day(cell)
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if is_serial(cell):
        assert isinstance(cell, str | int | float)  # noqa: S101 - which is_serial has seen
        return (_SERIAL_ZERO + timedelta(days=int(float(cell)))).isoformat()
    return _read_written_date(cell) if isinstance(cell, str) else cell


def _read_written_date(text: str) -> str:
    if moment := _MOMENT.fullmatch(text):
        try:
            return _read_dutch_day(datetime.fromisoformat(text)) if moment["zone"] else moment[1]
        except ValueError:
            return moment[1]
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _WRITTEN_DAYS)), None)
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day"))).isoformat() if found else text
    except ValueError:
        return text


def _read_dutch_day(moment: datetime) -> str:
    try:
        return dutch_date(moment).isoformat()
    except OverflowError:
        # On the last day that a computer knows, which stands for "never".
        return moment.date().isoformat()


def parse_duration(cell: Cell) -> Any:
    """An ISO 8601 duration, also of "28 dagen" or "6 months"."""
    if not isinstance(cell, str):
        return cell
    match = _PERIOD.fullmatch(cell)
    form = _PERIOD_UNITS.get(match[2].lower()) if match else None
    return form.format(int(match[1])) if match and form else cell.upper() if cell[:1] == "p" else cell


def lacks_scheme(cell: Cell) -> bool:
    """Whether this is a web address but for the https:// in front of it."""
    return isinstance(cell, str) and _WEB_ADDRESS.fullmatch(cell) is not None


def split_list(cell: Cell) -> list[Any]:
    """The items of a list in one cell, separated by `|`, `;` or an end of line; without empty ones.

    Also of a list as GIS programs write it into a cell: in JSON, or counted.
    """
    if cell is None:
        return []
    if isinstance(cell, list):
        return [item for item in cell if item is not None and item != ""]
    if not isinstance(cell, str):
        return [cell]
    if counted := _COUNTED_LIST.fullmatch(cell):
        return split_list(counted[1].replace(",", "|"))
    if cell.startswith("[") and isinstance(listed := _read_json(cell), list):
        return split_list(listed)
    return [item.strip() for item in _LIST_MARKS.split(cell) if item.strip()]


def _read_json(text: str) -> Any:
    try:
        return parse_json(text)
    except InvalidJson:
        return None
