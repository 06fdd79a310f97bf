"""Comparisons, patterns, sums and folded text: the scalar part of CQL2, with the kinds that go together."""

import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Numeric,
    and_,
    case,
    cast,
    collate,
    column,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    values,
)

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, ProblemCode
from app.spatial.cql2.errors import FilterError, gather, refuse
from app.spatial.cql2.literals import parse_date, parse_moment
from app.spatial.cql2.operands import Operand, Writer
from app.spatial.cql2.properties import PropertyKind

COMPARISONS: Final = ("=", "<>", "<", "<=", ">", ">=")

_WITHOUT_ORDER: Final = (PropertyKind.BOOLEAN, PropertyKind.UUID)
_BAD_UUID = LocalizedText("Geef een id (een UUID).", "Give an id (a UUID).")
_NO_PATTERN = LocalizedText(
    "Na LIKE hoort een tekst tussen aanhalingstekens, met % en _ voor wat open is en \\ voor een letterlijke % of _.",
    "After LIKE belongs a text in quotes, with % and _ for what is open and \\ before a literal % or _.",
)
MAX_SUMS: Final = 10
_LONG_SUM = LocalizedText(
    f"Een som heeft hoogstens {MAX_SUMS} bewerkingen na elkaar.",
    f"A sum has at most {MAX_SUMS} operations after each other.",
)
_MAX_LN: Final = 708
"""The logarithm of the largest number in floating point, and with a minus of the smallest."""

_HANGING = LocalizedText(
    "Een patroon eindigt niet op een losse \\.", "A pattern does not end in a single \\."
)
_TAKE_OFF: Final[tuple[ColumnElement[str], ...]] = tuple(
    literal_column(piece) for piece in ("U&'[\\0300-\\036F]'", "''", "'g'")
)
"""Accents that stand apart from their letters. Source: Unicode, Combining Diacritical Marks."""

Number = ColumnElement[Any]


def compare(writer: Writer, operator: str, left: Operand, right: Operand) -> ColumnElement[bool]:
    """Raises: Refusal for kinds that cannot be compared."""
    left, right = _match(left, right)
    if operator not in ("=", "<>") and left.kind in _WITHOUT_ORDER:
        label = left.kind.label
        detail = LocalizedText(
            f"Van {label.nl} is er geen meer of minder.", f"Of {label.en} there is no more or less."
        )
        raise refuse(ProblemCode.FILTER_TYPE, detail, operator)
    if operator == "=" and (known := _list_known(left, [right])) is not None:
        return known[0]
    return writer.write(left).bool_op(operator)(writer.write(right))


def choose(writer: Writer, value: Operand, choices: list[Operand]) -> ColumnElement[bool]:
    """Whether a value is one of these. Raises: Refusal for kinds that cannot be compared."""
    pairs = gather(lambda choice: _match(value, choice), choices)
    if not pairs:
        return false()
    if (known := _list_known(value, choices)) is not None:
        return or_(*known)
    searched = writer.write(pairs[0][0])
    if all(choice.is_literal and choice.sql is None for _, choice in pairs):
        return searched == func.any(writer.write_list([choice for _, choice in pairs]))
    return searched.in_([writer.write(choice) for _, choice in pairs])


def _list_known(value: Operand, wanted: list[Operand]) -> list[ColumnElement[bool]] | None:
    """What the property itself says of each text; None when it does not, or when they are no plain texts."""
    conditions = value.source.conditions if value.source else None
    if conditions is None or not all(one.is_literal and one.sql is None for one in wanted):
        return None
    return [conditions.get(one.literal, false()) for one in wanted]


def _match(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """The two as they are compared. Raises: Refusal."""
    left, right = _read_id(left, right), _read_id(right, left)
    same = left.kind is right.kind or (left.kind.is_number and right.kind.is_number)
    if not same or left.kind in (PropertyKind.TEXTS, PropertyKind.GEOMETRY):
        raise _refuse_kinds(left, right)
    return left, right


def _read_id(operand: Operand, other: Operand) -> Operand:
    """A text that is compared with an id is one."""
    if other.kind is not PropertyKind.UUID or operand.kind is not PropertyKind.TEXT or not operand.is_literal:
        return operand
    try:
        return Operand(PropertyKind.UUID, literal=UUID(operand.literal))
    except ValueError:
        raise refuse(ProblemCode.INVALID_UUID, _BAD_UUID, operand.literal) from None


def _refuse_kinds(left: Operand, right: Operand) -> FilterError:
    one, other = left.kind.label, right.kind.label
    nl, en = (
        f"{one.nl} en {other.nl} zijn niet te vergelijken.",
        f"{one.en} and {other.en} cannot be compared.",
    )
    text = next(
        (side.literal for side in (left, right) if side.is_literal and side.kind is PropertyKind.TEXT), None
    )
    if PropertyKind.TEXTS in (left.kind, right.kind):
        return refuse(
            ProblemCode.FILTER_TYPE,
            LocalizedText(f"{nl} Gebruik A_CONTAINS of A_OVERLAPS.", f"{en} Use A_CONTAINS or A_OVERLAPS."),
        )
    if PropertyKind.GEOMETRY in (left.kind, right.kind):
        return refuse(
            ProblemCode.FILTER_TYPE, LocalizedText(f"{nl} Gebruik S_EQUALS.", f"{en} Use S_EQUALS.")
        )
    if text is not None and {left.kind, right.kind} & {PropertyKind.DATE, PropertyKind.TIMESTAMP}:
        meant = (
            f"DATE('{text}')"
            if parse_date(text)
            else f"TIMESTAMP('{text}')"
            if parse_moment(text)
            else ABSENT
        )
        return refuse(ProblemCode.FILTER_TYPE, LocalizedText(nl, en), text, meant)
    return refuse(ProblemCode.FILTER_TYPE, LocalizedText(nl, en))


def write_like(writer: Writer, text: Operand, pattern: Operand) -> ColumnElement[bool]:
    r"""`%` stands for any text, `_` for one character; after `\` either stands for itself."""
    if text.kind is not PropertyKind.TEXT or pattern.kind is not PropertyKind.TEXT or not pattern.is_literal:
        raise refuse(ProblemCode.FILTER_TYPE, _NO_PATTERN)
    if re.search(r"(?<!\\)(\\\\)*\\\Z", pattern.literal):
        raise refuse(ProblemCode.FILTER_PATTERN, _HANGING, pattern.literal)
    return writer.write(text).like(writer.write(pattern))


def fold_case(writer: Writer, name: str, text: Operand) -> Operand:
    """Text without the difference between small letters and capitals (casei), or without accents (accenti)."""
    if text.kind is not PropertyKind.TEXT:
        label = text.kind.label
        detail = LocalizedText(
            f"{name.upper()} vraagt een tekst, geen {label.nl}.",
            f"{name.upper()} takes a text, no {label.en}.",
        )
        raise refuse(ProblemCode.FILTER_TYPE, detail)
    if name in text.folds:
        return text
    written = writer.write(text)
    if name == "casei":
        # All of Unicode, whatever the locale of the database; compared by code point, as other text.
        folded = func.lower(collate(written, "und-x-icu"))
    else:
        folded = func.regexp_replace(func.normalize(written, literal_column("NFD")), *_TAKE_OFF)
    return Operand(PropertyKind.TEXT, collate(folded, "C"), text.literal, folds=text.folds | {name})


def calculate(writer: Writer, operator: str, left: Operand, right: Operand) -> Operand:
    """A sum, in floating point; what cannot be divided or raised to a power has no value, and matches nothing."""
    for side in (left, right):
        if not side.kind.is_number:
            label = side.kind.label
            raise refuse(
                ProblemCode.FILTER_TYPE,
                LocalizedText(f"Met {label.nl} is niet te rekenen.", f"There is no sum with {label.en}."),
            )
    sums = 1 + max(left.sums, right.sums)
    if sums > MAX_SUMS:
        raise refuse(ProblemCode.FILTER_TOO_DEEP, _LONG_SUM)
    one, other = (cast(writer.write(side, PropertyKind.NUMBER), Double) for side in (left, right))
    return Operand(PropertyKind.NUMBER, _SUMS[operator](one, other), sums=sums)


def _divide(one: Number, other: Number) -> Number:
    return one.op("/", precedence=8)(func.nullif(other, literal_column("0")))


def _take_rest(one: Number, other: Number) -> Number:
    # Each part once: written out, a rest of a rest of a rest would double in length every time.
    divisor = cast(func.nullif(other, literal_column("0")), Numeric)
    return cast(func.mod(cast(one, Numeric), divisor), Double)


def _raise_to(one: Number, other: Number) -> Number:
    # A row of its own, in which each part stands once: a power of a power would grow fourfold every time.
    row = values(column("base", Double), column("exponent", Double), name="power").data([(one, other)])
    base, exponent, zero = row.c.base, row.c.exponent, literal_column("0", Double)
    size = func.abs(func.ln(func.abs(func.nullif(base, zero))))
    without_outcome = or_(
        and_(base == zero, exponent < zero),
        and_(base < zero, exponent != func.trunc(exponent)),
        # Written as a quotient, which is never too large itself.
        func.abs(exponent) > literal_column(f"{_MAX_LN}", Double) / func.nullif(size, zero),
    )
    return select(case((without_outcome, null()), else_=func.power(base, exponent))).scalar_subquery()


_SUMS: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divide,
    "div": lambda one, other: func.trunc(_divide(one, other)),
    "%": _take_rest,
    "^": _raise_to,
}
ARITHMETIC: Final = tuple(_SUMS)
