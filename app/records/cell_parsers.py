"""One cell as the value that a JSON request would have.

What cannot be read stays as it is: the check of the record refuses it, and says what to do.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.core.clock import dutch_date
from app.core.strict_json import InvalidJson, parse_json
from app.files.table import EXCEL_DAY_ZERO, Cell, ShownNumber

_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_POWER_OF_TEN: Final = re.compile(r"[+-]?\d+,\d+[eE][+-]?\d{1,3}", re.ASCII)
_UNIT: Final = r"(?:[\s\u00a0\u202f]*(?:m|meters?|metres?|°|graden|graad|degrees?|deg)\.?)?"
# A single point or comma is the mark of decimals. Thousands are groups of three digits with one kind of mark between
# them, and decimals behind those have the other.
_DECIMAL: Final = re.compile(
    rf"(?P<whole>[+-]?\d+)(?:[.,](?P<decimals>\d+))?{_UNIT}", re.IGNORECASE | re.ASCII
)
_GROUPED: Final = re.compile(
    r"(?P<whole>[+-]?[1-9]\d{0,2}(?P<mark>[.,'\u2019 \u00a0\u202f])\d{3}(?:(?P=mark)\d{3})*)"
    rf"(?:(?!(?P=mark))[.,](?P<decimals>\d+))?{_UNIT}",
    re.IGNORECASE | re.ASCII,
)
# The unit that a spreadsheet shows behind a number, and signs that would be of another one.
_OWN_UNIT: Final = re.compile(rf"(?<=\d){_UNIT}\)?$", re.IGNORECASE)
_UNIT_LETTERS: Final = re.compile(r"[^\W\d_]|[%‰°€$£¥\"′″]")
_DUTCH_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)

_TRUE: Final = frozenset({"ja", "j", "yes", "y", "true", "waar", "1"})
_FALSE: Final = frozenset({"nee", "n", "no", "false", "onwaar", "0"})

_MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]\d{2}(:?\d{2}(:?\d{2}([.,]\d+)?)?)? ?(?P<zone>Z|[+-]\d{2}(:?\d{2})?)?",
    re.ASCII,
)
_CLOCK: Final = r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
# As people and GIS programs write it; a day comes before its month. The time of a database is left out.
_DAY_AND_MONTH: Final = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_CLOCK}", re.ASCII
)
_WRITTEN_DAYS: Final = (
    _DAY_AND_MONTH,
    re.compile(
        rf"(?P<year>\d{{4}})(?P<mark>[-/])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_CLOCK}", re.ASCII
    ),
    re.compile(
        r"(?P<day>\d{1,2})\.?[ -](?P<name>[a-z]{3,9})\.?[ -](?P<year>\d{4})", re.ASCII | re.IGNORECASE
    ),
    re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})", re.ASCII | re.IGNORECASE),
)
_MONTHS: Final = (
    *(
        "januari january jan",
        "februari february feb",
        "maart march mrt mar",
        "april apr",
        "mei may",
        "juni june jun",
    ),
    *(
        "juli july jul",
        "augustus august aug",
        "september sept sep",
        "oktober october okt oct",
        "november nov",
    ),
    "december dec",
)
_MONTH_BY_NAME: Final = {
    name: str(month) for month, names in enumerate(_MONTHS, start=1) for name in names.split()
}
_SERIAL: Final = re.compile(r"[2-7]\d{4}(\.0+)?", re.ASCII)

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
    """Text; a number that a spreadsheet made of it is written out again."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, ShownNumber):
        # A number whose digits are not shown is handed on as it is: it is no text.
        return cell if cell.shown is None else cell.shown
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, int | float):
        return str(cell)
    return cell


def parse_number(cell: Cell, *, decimal_comma: bool = False) -> Any:
    """A number from text with a decimal comma or point, thousands marked or not, a unit behind it or not.

    With `decimal_comma` a single point before three digits marks thousands: 1.234 is over a thousand. A number that a
    spreadsheet shows with another unit stays that text, as it would in a CSV file: 50% is stored as 0.5.
    """
    if isinstance(cell, ShownNumber):
        return _read_shown_number(cell)
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\u2212", "-")
    if decimal_comma and _DUTCH_THOUSANDS.fullmatch(text):
        return float(text.replace(".", ""))
    if _PLAIN_NUMBER.fullmatch(text) or _POWER_OF_TEN.fullmatch(text):
        return float(text.replace(",", "."))
    match = _DECIMAL.fullmatch(text) or _GROUPED.fullmatch(text)
    if match is None:
        return cell
    whole = re.sub(r"[^\d+-]", "", match["whole"])
    return float(f"{whole}.{match['decimals'] or 0}")


def _read_shown_number(cell: ShownNumber) -> float | str:
    """The number with all its decimals, unless what is shown has a unit that is none of those that are read."""
    shown = cell.shown
    if shown is None or not _UNIT_LETTERS.search(_OWN_UNIT.sub("", shown)):
        return float(cell)
    return shown


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


def parse_date(cell: Cell, day_zero: date = EXCEL_DAY_ZERO) -> Any:
    """The day as ISO text, of a date, a moment, a date as it is written, or the number of a day since `day_zero`.

    Of a moment with a zone it is the day in the Netherlands; one without has its day already.
    """
    if isinstance(cell, datetime) and cell.tzinfo:
        return _read_dutch_day(cell)
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if is_serial(cell):
        assert isinstance(cell, str | int | float)  # noqa: S101 - which is_serial has seen
        return (day_zero + timedelta(days=int(float(cell)))).isoformat()
    return _read_written_date(cell) if isinstance(cell, str) else cell


def _read_written_date(text: str) -> str:
    if moment := _MOMENT.fullmatch(text):
        try:
            return _read_dutch_day(datetime.fromisoformat(text)) if moment["zone"] else moment[1]
        except ValueError:
            return moment[1]
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _WRITTEN_DAYS)), None)
    if found is None:
        return text
    parts = found.groupdict()
    month = parts.get("month") or _MONTH_BY_NAME.get(parts["name"].lower(), "0")
    try:
        return date(int(parts["year"]), int(month), int(parts["day"])).isoformat()
    except ValueError:
        return text


def is_day_and_month(cell: Cell) -> bool:
    """Whether a date is written in numbers of which the first is the day, or in America the month."""
    return isinstance(cell, str) and _DAY_AND_MONTH.fullmatch(cell) is not None


def is_month_first(cell: Cell) -> bool:
    """Whether it can only be a date with the month first, such as 3/13/2026."""
    found = _DAY_AND_MONTH.fullmatch(cell) if isinstance(cell, str) else None
    return found is not None and int(found["month"]) > len(_MONTHS) and 1 <= int(found["day"]) <= len(_MONTHS)


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
