"""Comparisons, patterns, arithmetic and folded text: the scalar part of CQL2, with the kinds that it accepts."""

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
from app.spatial.cql2.literals import parse_date, parse_timestamp
from app.spatial.cql2.operands import Operand, Writer
from app.spatial.cql2.properties import PropertyKind

COMPARISONS: Final = ("=", "<>", "<", "<=", ">", ">=")
FOLDS: Final = ("casei", "accenti")

_UNORDERED: Final = (PropertyKind.BOOLEAN, PropertyKind.UUID)
_BAD_UUID = LocalizedText("Geef een id (een UUID).", "Give an id (a UUID).")
_NO_PATTERN = LocalizedText(
    "Schrijf na LIKE een tekst tussen aanhalingstekens: % voor elke tekst, _ voor één teken, \\ voor een echte % of _.",
    "After LIKE write a text in quotes: % for any text, _ for one character, \\ before a literal % or _.",
)
MAX_OPERATIONS: Final = 10
_TOO_MANY_OPERATIONS = LocalizedText(
    f"Een berekening heeft hoogstens {MAX_OPERATIONS} bewerkingen na elkaar.",
    f"A calculation has at most {MAX_OPERATIONS} nested operations.",
)
_MAX_LN: Final = 708
"""Natural logarithm of the largest floating-point number; its negative is that of the smallest."""

_TRAILING_BACKSLASH = LocalizedText(
    "Een patroon mag niet op een losse \\ eindigen.", "A pattern must not end in a single \\."
)
_REMOVE_ACCENTS: Final[tuple[ColumnElement[str], ...]] = tuple(
    literal_column(piece) for piece in ("U&'[\\0300-\\036F]'", "''", "'g'")
)
"""Arguments of `regexp_replace` that remove combining accents. Source: Unicode, Combining Diacritical Marks."""

Number = ColumnElement[Any]


def compare(writer: Writer, operator: str, left: Operand, right: Operand) -> ColumnElement[bool]:
    """The comparison of two operands. Raises: FilterError for kinds that cannot be compared."""
    left, right = _match(left, right)
    if operator not in ("=", "<>") and left.kind in _UNORDERED:
        label = left.kind.label
        detail = LocalizedText(
            f"{label.nl.capitalize()} kent geen groter of kleiner. Gebruik = of <>.",
            f"Values of kind {label.en} have no order. Use = or <>.",
        )
        raise refuse(ProblemCode.FILTER_TYPE, detail, operator)
    if operator == "=" and (conditions := _list_stated_conditions(left, [right])) is not None:
        return conditions[0]
    return writer.write(left).bool_op(operator)(writer.write(right))


def write_in(writer: Writer, value: Operand, choices: list[Operand]) -> ColumnElement[bool]:
    """Whether a value is one of the choices. Raises: FilterError for kinds that cannot be compared."""
    pairs = gather(lambda choice: _match(value, choice), choices)
    if not pairs:
        return false()
    if (conditions := _list_stated_conditions(value, choices)) is not None:
        return or_(*conditions)
    searched = writer.write(pairs[0][0])
    if all(choice.is_literal and choice.sql is None for _, choice in pairs):
        return searched == func.any(writer.write_list([choice for _, choice in pairs]))
    return searched.in_([writer.write(choice) for _, choice in pairs])


def _list_stated_conditions(value: Operand, choices: list[Operand]) -> list[ColumnElement[bool]] | None:
    """The conditions that the property states for these texts; None without such conditions or plain texts."""
    conditions = value.source.conditions if value.source else None
    if conditions is None or not all(choice.is_literal and choice.sql is None for choice in choices):
        return None
    return [conditions.get(choice.literal, false()) for choice in choices]


def _match(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Both operands in kinds that can be compared. Raises: FilterError."""
    left, right = _parse_id(left, right), _parse_id(right, left)
    same = left.kind is right.kind or (left.kind.is_number and right.kind.is_number)
    if not same or left.kind in (PropertyKind.TEXTS, PropertyKind.GEOMETRY):
        raise _refuse_kinds(left, right)
    return left, right


def _parse_id(operand: Operand, other: Operand) -> Operand:
    """The operand; a text that is compared with an id becomes an id."""
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
        suggestion = (
            f"DATE('{text}')"
            if parse_date(text)
            else f"TIMESTAMP('{text}')"
            if parse_timestamp(text)
            else ABSENT
        )
        return refuse(ProblemCode.FILTER_TYPE, LocalizedText(nl, en), text, suggestion)
    return refuse(ProblemCode.FILTER_TYPE, LocalizedText(nl, en))


def write_like(writer: Writer, text: Operand, pattern: Operand) -> ColumnElement[bool]:
    r"""A pattern: `%` matches any text, `_` one character; after `\` either is literal. Raises: FilterError."""
    if text.kind is not PropertyKind.TEXT or pattern.kind is not PropertyKind.TEXT or not pattern.is_literal:
        raise refuse(ProblemCode.FILTER_TYPE, _NO_PATTERN)
    if re.search(r"(?<!\\)(\\\\)*\\\Z", pattern.literal):
        raise refuse(ProblemCode.FILTER_PATTERN, _TRAILING_BACKSLASH, pattern.literal)
    return writer.write(text).like(writer.write(pattern))


def fold_case(writer: Writer, name: str, text: Operand) -> Operand:
    """Text without the difference between lower and upper case (casei), or without accents (accenti)."""
    if text.kind is not PropertyKind.TEXT:
        label = text.kind.label
        detail = LocalizedText(
            f"{name.upper()} werkt met een tekst, niet met: {label.nl}.",
            f"{name.upper()} takes a text, not: {label.en}.",
        )
        raise refuse(ProblemCode.FILTER_TYPE, detail)
    if name in text.folds:
        return text
    written = writer.write(text)
    if name == "casei":
        # All of Unicode, whatever the locale of the database. Compared by code point, like other text.
        folded = func.lower(collate(written, "und-x-icu"))
    else:
        folded = func.regexp_replace(func.normalize(written, literal_column("NFD")), *_REMOVE_ACCENTS)
    return Operand(PropertyKind.TEXT, collate(folded, "C"), text.literal, folds=text.folds | {name})


def calculate(writer: Writer, operator: str, left: Operand, right: Operand) -> Operand:
    """A calculation in floating point. An impossible division or power is null, and matches nothing."""
    for side in (left, right):
        if not side.kind.is_number:
            label = side.kind.label
            raise refuse(
                ProblemCode.FILTER_TYPE,
                LocalizedText(
                    f"Rekenen kan alleen met getallen, niet met: {label.nl}.",
                    f"Calculations take numbers, not: {label.en}.",
                ),
            )
    operations = 1 + max(left.operations, right.operations)
    if operations > MAX_OPERATIONS:
        raise refuse(ProblemCode.FILTER_TOO_DEEP, _TOO_MANY_OPERATIONS)
    one, other = (cast(writer.write(side, PropertyKind.NUMBER), Double) for side in (left, right))
    return Operand(PropertyKind.NUMBER, _OPERATORS[operator](one, other), operations=operations)


def _divide(one: Number, other: Number) -> Number:
    return one.op("/", precedence=8)(func.nullif(other, literal_column("0")))


def _take_remainder(one: Number, other: Number) -> Number:
    # Each operand occurs once. Otherwise each nested remainder would double the length of the SQL.
    divisor = cast(func.nullif(other, literal_column("0")), Numeric)
    return cast(func.mod(cast(one, Numeric), divisor), Double)


def _raise_to(one: Number, other: Number) -> Number:
    # A row in which each operand occurs once. Otherwise each nested power would make the SQL four times as long.
    row = values(column("base", Double), column("exponent", Double), name="power").data([(one, other)])
    base, exponent, zero = row.c.base, row.c.exponent, literal_column("0", Double)
    size = func.abs(func.ln(func.abs(func.nullif(base, zero))))
    is_undefined = or_(
        and_(base == zero, exponent < zero),
        and_(base < zero, exponent != func.trunc(exponent)),
        # A quotient cannot overflow here, a product could.
        func.abs(exponent) > literal_column(f"{_MAX_LN}", Double) / func.nullif(size, zero),
    )
    return select(case((is_undefined, null()), else_=func.power(base, exponent))).scalar_subquery()


_OPERATORS: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divide,
    "div": lambda one, other: func.trunc(_divide(one, other)),
    "%": _take_remainder,
    "^": _raise_to,
}
ARITHMETIC: Final = tuple(_OPERATORS)
