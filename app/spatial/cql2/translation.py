"""Translation of the tree of a filter into a condition. One visit checks every part and binds every value.

Source: OGC 21-065r2, annexes A and B (the BNF and the JSON schema of CQL2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, not_, or_

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, ProblemCode
from app.spatial.cql2.comparisons import (
    ARITHMETIC,
    COMPARISONS,
    FOLDS,
    calculate,
    compare,
    fold_case,
    write_in,
    write_like,
)
from app.spatial.cql2.costs import Budget
from app.spatial.cql2.errors import gather, refuse, refuse_name
from app.spatial.cql2.geometry_literals import (
    FilterGeometry,
    InvalidGeometry,
    parse_box,
    parse_geometry_literal,
)
from app.spatial.cql2.literals import LARGEST, parse_date, parse_number, parse_timestamp
from app.spatial.cql2.operands import Operand, Writer
from app.spatial.cql2.parsing import MAX_LEVELS, TOO_DEEP
from app.spatial.cql2.properties import FilterProperties, PropertyKind
from app.spatial.cql2.sort_key_ranges import intersect_ranges, unite_ranges
from app.spatial.cql2.spatial_operators import (
    ARRAY_FUNCTIONS,
    SPATIAL_FUNCTIONS,
    relate_arrays,
    relate_geometries,
)
from app.spatial.cql2.temporal_operators import OPEN, TEMPORAL_FUNCTIONS, Span, relate_times
from app.spatial.crs import Crs

_PROPERTY = LocalizedText("Eigenschap", "Property")
_FUNCTION = LocalizedText("Functie", "Function")
_MALFORMED = LocalizedText(
    "Een deel van het filter heeft niet de juiste vorm.", "A part of the filter has the wrong structure."
)
_NO_NULL = LocalizedText(
    "Vergelijk niet met NULL; schrijf IS NULL.", "Do not compare with NULL; write IS NULL."
)
_NO_VALUE = LocalizedText(
    "Een voorwaarde is geen waarde: verbind voorwaarden met AND, OR en NOT.",
    "A condition is not a value: connect conditions with AND, OR and NOT.",
)
_NO_INTERVAL = LocalizedText(
    "Gebruik een INTERVAL alleen in een functie die met T_ begint.",
    "Use an INTERVAL only in a function that begins with T_.",
)
_BAD_NUMBER = LocalizedText(
    f"Een getal in een filter ligt tussen -{LARGEST} en {LARGEST}.",
    f"A number in a filter lies between -{LARGEST} and {LARGEST}.",
)
_BAD_DATE = LocalizedText("Schrijf een datum als DATE('2026-03-01').", "Write a date as DATE('2026-03-01').")
_BAD_TIMESTAMP = LocalizedText(
    "Schrijf een moment als TIMESTAMP('2026-03-01T12:00:00Z').",
    "Write a moment as TIMESTAMP('2026-03-01T12:00:00Z').",
)
_BAD_END = LocalizedText(
    "Een eind van een INTERVAL is een datum, een moment of '..'.",
    "An end of an INTERVAL is a date, a moment or '..'.",
)
_BAD_TEXT = LocalizedText(
    "Een tekst bevat een teken dat niet is toegestaan.", "A text holds a character that is not allowed."
)
_BAD_LIST = LocalizedText("Geef hier een lijst van teksten.", "Give a list of texts here.")

_ARGUMENTS: Final[Mapping[str, int]] = (
    dict.fromkeys((*COMPARISONS, *ARITHMETIC, "like", "in"), 2)
    | {"not": 1, "isnull": 1, "casei": 1, "accenti": 1, "between": 3}
    | dict.fromkeys((*SPATIAL_FUNCTIONS, *TEMPORAL_FUNCTIONS, *ARRAY_FUNCTIONS), 2)
)
"""Number of arguments of each operator and function. The only others are `and` and `or`."""

_NAMES: Final = tuple(name for name in (*_ARGUMENTS, "and", "or") if name[0].isalpha())


@dataclass(frozen=True, slots=True)
class Translation:
    """One visit to a tree with coordinates in `crs`; collects its values and the names of its properties."""

    properties: FilterProperties
    crs: Crs
    writer: Writer = field(default_factory=Writer)
    names: set[str] = field(default_factory=set)
    budget: Budget = field(default_factory=Budget)
    compared: set[tuple[str, str]] = field(default_factory=set)

    def write_condition(self, node: Any, level: int = 1) -> ColumnElement[bool]:
        """The condition. Raises: FilterError with every problem."""
        return self.writer.write(self.read_condition(node, level))

    def read_condition(self, node: Any, level: int = 1) -> Operand:
        """The condition as an operand, with the ranges where it can be true. Raises: FilterError with every problem."""
        operand = self._read(node, level)
        if operand.kind is not PropertyKind.BOOLEAN:
            label = operand.kind.label
            raise refuse(
                ProblemCode.FILTER_TYPE,
                LocalizedText(
                    f"Verwacht een voorwaarde, niet: {label.nl}.",
                    f"Expected a condition, got: {label.en}.",
                ),
            )
        return operand

    def _read(self, node: Any, level: int) -> Operand:
        if level > MAX_LEVELS:
            raise refuse(ProblemCode.FILTER_TOO_DEEP, TOO_DEEP)
        if isinstance(node, Mapping):
            return self._read_object(node, level)
        if isinstance(node, list):
            return Operand(PropertyKind.TEXTS, literal=[_read_text(item).literal for item in node])
        if isinstance(node, bool):
            return Operand(PropertyKind.BOOLEAN, literal=node)
        if isinstance(node, int | float):
            if (number := parse_number(node)) is None:
                raise refuse(ProblemCode.INVALID_NUMBER, _BAD_NUMBER)
            return Operand(PropertyKind.NUMBER, literal=number)
        if node is None:
            raise refuse(ProblemCode.FILTER_NULL, _NO_NULL)
        return _read_text(node)

    def _read_object(self, node: Mapping[str, Any], level: int) -> Operand:
        match node:
            case {"op": str(name), "args": list(arguments), **others} if not others:
                return self._read_call(name, arguments, level)
            case {"property": str(name), **others} if not others:
                return self._read_property(name)
            case {"date": text, **others} if not others:
                return _read_date(text)
            case {"timestamp": text, **others} if not others:
                return _read_timestamp(text)
            case {"bbox": numbers, **others} if not others:
                return _read_geometry(lambda: parse_box(numbers, self.crs))
            case {"type": str()}:
                return _read_geometry(lambda: parse_geometry_literal(node, self.crs))
            case {"interval": _}:
                raise refuse(ProblemCode.FILTER_INTERVAL, _NO_INTERVAL)
        raise refuse(ProblemCode.FILTER_STRUCTURE, _MALFORMED)

    def _read_property(self, name: str) -> Operand:
        found = self.properties.get(name)
        if found is None:
            raise refuse_name(ProblemCode.UNKNOWN_PROPERTY, _PROPERTY, name, self.properties)
        self.names.add(name)
        return Operand(found.kind, found.column, source=found, name=name)

    def _read_call(self, given: str, arguments: list[Any], level: int) -> Operand:
        name = given.lower()
        if name not in FOLDS:
            self.budget.spend(name)
        if name in ("and", "or"):
            return self._join(name, arguments, level)
        count = _ARGUMENTS.get(name)
        if count is None:
            raise refuse_name(ProblemCode.UNKNOWN_FUNCTION, _FUNCTION, given, _NAMES)
        if len(arguments) != count:
            detail = LocalizedText(
                f"{given} heeft {count} argumenten nodig; dit zijn er {len(arguments)}.",
                f"{given} takes {count} arguments; these are {len(arguments)}.",
            )
            raise refuse(ProblemCode.FILTER_STRUCTURE, detail)
        if name in TEMPORAL_FUNCTIONS:
            one, other = gather(lambda argument: self._read_span(argument, level + 1), arguments)
            return Operand(PropertyKind.BOOLEAN, relate_times(self.writer, name, one, other))
        if name == "in":
            return self._read_in(*arguments, level=level)
        if name == "not":
            return Operand(PropertyKind.BOOLEAN, not_(self.write_condition(arguments[0], level + 1)))
        return self._apply(name, self._read_values(arguments, level))

    def _read_values(self, nodes: list[Any], level: int) -> list[Operand]:
        operands = gather(lambda node: self._read(node, level + 1), nodes)
        if any(operand.is_condition for operand in operands):
            raise refuse(ProblemCode.FILTER_TYPE, _NO_VALUE)
        return operands

    def _apply(self, name: str, operands: list[Operand]) -> Operand:
        writer = self.writer
        if name in ARITHMETIC:
            return calculate(writer, name, *operands)
        if name in FOLDS:
            if name not in operands[0].folds:
                self.budget.spend(name)
            return fold_case(writer, name, *operands)
        if name in SPATIAL_FUNCTIONS:
            return relate_geometries(writer, name, *operands)
        if name in ("=", "<>", *ARRAY_FUNCTIONS):
            self._note_compared(operands)
        if name in ARRAY_FUNCTIONS:
            condition = relate_arrays(writer, name, *operands)
        elif name == "isnull":
            condition = false() if operands[0].is_literal else writer.write(operands[0]).is_(None)
        elif name == "like":
            condition = write_like(writer, *operands)
        elif name == "between":
            value, low, high = operands
            condition = and_(compare(writer, ">=", value, low), compare(writer, "<=", value, high))
        else:
            condition = compare(writer, name, *operands)
        return Operand(PropertyKind.BOOLEAN, condition)

    def _note_compared(self, operands: list[Operand]) -> None:
        """Note the texts with which properties are compared, as they are; folded ones are a pattern."""
        literals = [operand.literal for operand in operands if operand.is_literal and not operand.folds]
        texts = [text for one in literals for text in (one if isinstance(one, list) else [one])]
        names = [operand.name for operand in operands if operand.name]
        self.compared.update((name, text) for name in names for text in texts if isinstance(text, str))

    def _join(self, name: str, arguments: list[Any], level: int) -> Operand:
        if not arguments:
            raise refuse(ProblemCode.FILTER_STRUCTURE, _MALFORMED)
        parts = gather(lambda argument: self.read_condition(argument, level + 1), arguments)
        conditions = [self.writer.write(part) for part in parts]
        ranges = [part.sort_key_ranges for part in parts]
        if name == "and":
            return Operand(PropertyKind.BOOLEAN, and_(*conditions), sort_key_ranges=intersect_ranges(ranges))
        return Operand(PropertyKind.BOOLEAN, or_(*conditions), sort_key_ranges=unite_ranges(ranges))

    def _read_in(self, searched: Any, choices: Any, *, level: int) -> Operand:
        if not isinstance(choices, list):
            raise refuse(ProblemCode.FILTER_STRUCTURE, _MALFORMED)
        self.budget.spend_on_choices(len(choices))
        value, *operands = self._read_values([searched, *choices], level)
        self._note_compared([value, *operands])
        return Operand(PropertyKind.BOOLEAN, write_in(self.writer, value, operands))

    def _read_span(self, node: Any, level: int) -> Span:
        match node:
            case {"interval": [start, end], **others} if not others:
                return Span.of_ends(*gather(lambda each: self._read_end(each, level + 1), [start, end]))
        return Span.of_instant(self._read(node, level))

    def _read_end(self, node: Any, level: int) -> Operand | None:
        if node == OPEN:
            return None
        if not isinstance(node, str):
            return self._read(node, level)
        if (day := parse_date(node)) is not None:
            return Operand(PropertyKind.DATE, literal=day)
        if (moment := parse_timestamp(node)) is None:
            raise refuse(ProblemCode.FILTER_INTERVAL, _BAD_END, node)
        return Operand(PropertyKind.TIMESTAMP, literal=moment)


def _read_geometry(parse: Callable[[], FilterGeometry]) -> Operand:
    try:
        return Operand(PropertyKind.GEOMETRY, literal=parse())
    except InvalidGeometry as invalid:
        raise refuse(ProblemCode.FILTER_GEOMETRY, invalid.detail) from None


def _read_text(node: object) -> Operand:
    if not isinstance(node, str):
        raise refuse(ProblemCode.FILTER_TYPE, _BAD_LIST)
    # JSON can hold half of a surrogate pair, which is not valid in a text.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in node):
        raise refuse(ProblemCode.INVALID_TEXT, _BAD_TEXT)
    return Operand(PropertyKind.TEXT, literal=node)


def _read_date(text: object) -> Operand:
    if (day := parse_date(text)) is None:
        raise refuse(ProblemCode.INVALID_DATE, _BAD_DATE, text if isinstance(text, str) else ABSENT)
    return Operand(PropertyKind.DATE, literal=day)


def _read_timestamp(text: object) -> Operand:
    if (moment := parse_timestamp(text)) is None:
        raise refuse(ProblemCode.INVALID_DATE, _BAD_TIMESTAMP, text if isinstance(text, str) else ABSENT)
    return Operand(PropertyKind.TIMESTAMP, literal=moment)
