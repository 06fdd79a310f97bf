"""Reading the values of query parameters, each with its problem when it cannot be read."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from app.core.clock import DUTCH_TIME, dutch_date
from app.core.formatting import format_date
from app.core.i18n import LANGUAGES, Language, LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode

T = TypeVar("T")

_DIGITS = re.compile(r"\d+", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_FARTHEST = 10**18


class InvalidParameter(ValueError):
    """A value that is not what its parameter asks; says what would be."""

    def __init__(self, code: ProblemCode, detail: LocalizedText, suggestion: object = ABSENT) -> None:
        super().__init__(detail.en)
        self.code = code
        self.detail = detail
        self.suggestion = suggestion


def parse_parameter(problems: list[Problem], name: str, text: str, parse: Callable[[str], T]) -> T | None:
    """The value, or None with a problem added."""
    try:
        return parse(text)
    except InvalidParameter as error:
        problems.append(Problem(error.code, name, error.detail, text, error.suggestion, where="query"))
        return None


def integer_from(least: int, most: int | None = None) -> Callable[[str], int]:
    """A parser of whole numbers from `least` to `most`; without `most` one beyond `_FARTHEST` counts as that."""

    def parse(text: str) -> int:
        # Python converts thousands of digits to a decimal, but not to a whole number.
        number = int(min(Decimal(text), Decimal(_FARTHEST))) if _DIGITS.fullmatch(text) else None
        if number is None or not least <= number <= (most or _FARTHEST):
            raise InvalidParameter(
                ProblemCode.INVALID_NUMBER,
                LocalizedText(f"Geef een geheel getal vanaf {least}.", f"Give a whole number from {least}."),
            )
        return number

    return parse


def parse_language(text: str) -> Language:
    """The language with this code."""
    for language in LANGUAGES:
        if text == language:
            return language
    names = ", ".join(LANGUAGES)
    raise InvalidParameter(
        ProblemCode.UNKNOWN_LANGUAGE, LocalizedText(f"Kies uit: {names}.", f"Choose from: {names}.")
    )


def parse_finite(text: str) -> float | None:
    """The number, None for a text that is no finite number. Stricter than float(), which accepts 1_000 and infinity."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def parse_float(text: str) -> float:
    value = parse_finite(text)
    if value is None:
        for (number,) in join_decimals(text.split(","), 1):
            raise InvalidParameter(ProblemCode.INVALID_NUMBER, explain_decimal_comma(number))
        raise InvalidParameter(
            ProblemCode.INVALID_NUMBER,
            LocalizedText(
                "Geef een gewoon getal, met een punt voor de decimalen, zoals 4.89.",
                "Give an ordinary number, with a point before the decimals, like 4.89.",
            ),
        )
    return value


def join_decimals(words: Sequence[str], count: int) -> Iterator[list[str]]:
    """Every way to read words between commas as `count` numbers, at least one of which has a decimal comma.

    The words 4, 88 and 52 are the numbers 4.88 and 52, or 4 and 88.52.
    """
    if count < len(words) <= 2 * count:
        yield from _join_decimals(words, count)


def _join_decimals(words: Sequence[str], count: int) -> Iterator[list[str]]:
    if not words and not count:
        yield []
    if not count <= len(words) <= 2 * count:
        return
    if len(words) > 1 and _WHOLE.fullmatch(words[0]) and _DIGITS.fullmatch(words[1]):
        for rest in _join_decimals(words[2:], count - 1):
            yield [f"{words[0]}.{words[1]}", *rest]
    if words and parse_finite(words[0]) is not None:
        for rest in _join_decimals(words[1:], count - 1):
            yield [words[0], *rest]


def explain_decimal_comma(numbers: str) -> LocalizedText:
    """The sentence that explains the decimal point; `numbers` are the numbers as they should be."""
    return LocalizedText(
        f"Schrijf een punt, geen komma, voor de decimalen. Bedoelt u {numbers}?",
        f"Write a point, not a comma, before the decimals. Did you mean {numbers}?",
    )


def radius_up_to(most: float) -> Callable[[str], float]:
    """A parser of a radius in metres."""

    def parse(text: str) -> float:
        value = parse_float(text)
        if not 0 < value <= most:
            detail = LocalizedText(
                f"Geef meters: meer dan 0, hoogstens {most:g}. Zoek in een groter gebied met `bbox` of `municipality`.",
                f"Give metres: over 0, at most {most:g}. Search a larger area by `bbox` or `municipality`.",
            )
            raise InvalidParameter(ProblemCode.OUT_OF_RANGE, detail)
        return value

    return parse


def parse_day(text: str) -> date:
    """A date, or the Dutch day of a moment."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        return dutch_date(_parse_timestamp(text))
    except (ValueError, OverflowError):
        raise InvalidParameter(ProblemCode.INVALID_DATE, _WRITE_DAY) from None


def parse_timestamp(text: str) -> datetime:
    """A moment, to the second or finer."""
    try:
        return _parse_timestamp(text)
    except (ValueError, OverflowError):
        raise InvalidParameter(ProblemCode.INVALID_DATE, _WRITE_MOMENT) from None


def parse_past_timestamp(text: str) -> datetime:
    """A moment that is past; a date stands for the end of that Dutch day, or for now when that is today."""
    now = datetime.now(UTC)
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            if day == dutch_date(now):
                return now
            moment = datetime.combine(day + timedelta(days=1), time(), DUTCH_TIME) - timedelta(microseconds=1)
        else:
            moment = _parse_timestamp(text)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidParameter(ProblemCode.INVALID_DATE, _WRITE_DAY) from None
    if moment > now:
        latest = dutch_date(now)
        detail = LocalizedText(
            f"Dit moment moet nog komen. De laatste dag die u kunt kiezen is vandaag: {format_date(latest, 'nl')}.",
            f"This moment is yet to come. The last day that you can choose is today: {format_date(latest, 'en')}.",
        )
        raise InvalidParameter(ProblemCode.IN_FUTURE, detail, latest.isoformat())
    return moment


def parse_interval(text: str) -> tuple[date | None, date | None]:
    """A day, or an interval of which one side may be open: 2026-01-01/.."""
    start_text, slash, end_text = text.partition("/")
    if not slash:
        day = parse_day(text)
        return day, day
    start = None if start_text in ("", "..") or _is_in_year_0(start_text) else parse_day(start_text)
    end = None if end_text in ("", "..") else parse_day(end_text)
    if start is None and end is None:
        raise InvalidParameter(ProblemCode.INVALID_DATE, _WRITE_DATE)
    if start and end and start > end:
        raise InvalidParameter(
            ProblemCode.END_BEFORE_START,
            LocalizedText("Het begin ligt na het eind.", "The start lies after the end."),
        )
    return start, end


def _is_in_year_0(text: str) -> bool:
    """QGIS writes an open beginning as the first moment of year 0, which Python lacks. Raises: InvalidParameter."""
    if not text.startswith("0000-"):
        return False
    # A leap year as well, to see whether the rest of it is right.
    parse_day(f"2000{text[4:]}")
    return True


def parse_identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidParameter(
            ProblemCode.INVALID_UUID, LocalizedText("Geef een id (een UUID).", "Give an id (a UUID).")
        ) from None


def parse_true_or_false(text: str) -> bool:
    if text not in ("true", "false"):
        raise InvalidParameter(
            ProblemCode.INVALID_BOOLEAN, LocalizedText("Geef true of false.", "Give true or false.")
        )
    return text == "true"


def parse_true_false_or_digit(text: str) -> bool:
    """True or false; GDAL writes 1 and 0."""
    return parse_true_or_false({"1": "true", "0": "false"}.get(text, text))


def parse_plain_text(text: str) -> Any:
    if not text or len(text) > 500 or any(ord(character) < 32 for character in text):
        raise InvalidParameter(
            ProblemCode.INVALID_TEXT, LocalizedText("Geef een gewone tekst.", "Give an ordinary text.")
        )
    return text


def _parse_timestamp(text: str) -> datetime:
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    # fromisoformat reads no more than microseconds.
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.upper().replace(" ", "T")))


_WRITE_DATE = LocalizedText(
    "Schrijf 1 maart 2026 als 2026-03-01, een moment als 2026-03-01T12:00:00Z, of een periode als 2026-01-01/..",
    "Write 1 March 2026 as 2026-03-01, a moment as 2026-03-01T12:00:00Z, or a period as 2026-01-01/..",
)
_WRITE_DAY = LocalizedText(
    "Schrijf 1 maart 2026 als 2026-03-01, of een moment als 2026-03-01T12:00:00Z.",
    "Write 1 March 2026 as 2026-03-01, or a moment as 2026-03-01T12:00:00Z.",
)
_WRITE_MOMENT = LocalizedText(
    "Schrijf een moment: 2026-03-01T12:00:00Z.", "Write a moment: 2026-03-01T12:00:00Z."
)
