"""Caches of parsed values and of outcomes of rules.

A parsed value depends on the field and the text; the outcome of a rule on the few fields that it names. A million
records repeat the same values, so that a lookup replaces parsing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from app.core.problems import Problem
from app.sensors.fields import Field, FieldKind
from app.sensors.registration.field_parsers import ValidationContext, is_empty, make_plain_test, read_value
from app.sensors.registration.rules import FieldRule

MAX_CACHED: Final = 5_000
"""Maximum size of the cache of one field or rule; beyond it values are mostly new, and a cache does not help."""

NULL: Final = r"\N"
"""NULL in the text format of COPY."""

EMPTY, READ, REFUSED = range(3)

_TYPED: Final = (FieldKind.TERMS, FieldKind.NUMBER, FieldKind.BOOLEAN)

CacheKey = TypeVar("CacheKey")
CachedValue = TypeVar("CachedValue")


class ParseCache(dict[CacheKey, CachedValue], Generic[CacheKey, CachedValue]):
    """Results by their keys, computed on first use."""

    def __init__(self, find: Callable[[Any], CachedValue]) -> None:
        self._find = find

    def __missing__(self, key: CacheKey) -> CachedValue:
        answer = self[key] = self._find(key)
        return answer

    def look_up(self, keys: Iterable[CacheKey]) -> list[CachedValue]:
        """The result of each key."""
        if len(self) > MAX_CACHED:
            self.clear()
        return list(map(self.__getitem__, keys))


class StagedValue:
    """One parsed value: its problems, its state (empty, read or refused), and its text for COPY.

    Compared by identity, so that it can be part of a key whatever its value is.
    """

    __slots__ = ("problems", "state", "text", "value")

    def __init__(self, value: Any, problems: tuple[Problem, ...], text: str) -> None:
        self.value = value
        self.problems = problems
        self.text = text
        self.state = REFUSED if problems else EMPTY if value is None else READ


NOTHING: Final = StagedValue(None, (), NULL)


class CachedField:
    """Parses one field of many records."""

    def __init__(self, validation_context: ValidationContext, field: Field) -> None:
        self.field = field
        self.has_refused = False
        self._validation_context = validation_context
        self._is_plain = make_plain_test(field)
        read = (
            self._read_text
            if self._is_plain
            else self._read_typed
            if field.kind in _TYPED
            else self._read_raw
        )
        self._read: ParseCache[Any, StagedValue] = ParseCache(read)

    def read(self, raws: Sequence[Any]) -> list[StagedValue]:
        """The parsed value of each record; None stands for an absent value."""
        keys: Iterable[Any] = raws
        if self.field.kind in _TYPED:
            # A list is not hashable; and in Python True, 1 and 1.0 are one key.
            keys = ((type(raw), tuple(raw) if type(raw) is list else raw) for raw in raws)
        try:
            return self._read.look_up(keys)
        except TypeError:
            # An unhashable value is never a value of this field.
            return [self._read_raw(raw) for raw in raws]

    def _read_text(self, raw: Any) -> StagedValue:
        if type(raw) is str and self._is_plain is not None and self._is_plain(raw):
            return StagedValue(raw, (), raw)
        return self._read_raw(raw)

    def _read_typed(self, key: tuple[type, Any]) -> StagedValue:
        given_as, raw = key
        return self._read_raw(list(raw) if given_as is list else raw)

    def _read_raw(self, raw: Any) -> StagedValue:
        if is_empty(raw):
            return NOTHING
        value = read_value(self._validation_context, self.field, raw)
        problems = self._validation_context.take_problems()
        self.has_refused = self.has_refused or bool(problems)
        return StagedValue(value, problems, write_value(self.field.kind, value))


class CachedRule:
    """Applies one rule to many records."""

    def __init__(self, validation_context: ValidationContext, rule: FieldRule) -> None:
        self._validation_context = validation_context
        self._rule = rule
        self._found: ParseCache[tuple[Any, ...], tuple[Problem, ...]] = ParseCache(self._find)

    def find(
        self, cells: Mapping[str, list[StagedValue]], states: Mapping[str, list[int]]
    ) -> list[tuple[Problem, ...]]:
        """The problems of each record, by the values and the states of its fields."""
        looked_at = (cells[name] for name in self._rule.looks_at)
        asked_for = (states[name] for name in self._rule.asks_for)
        return self._found.look_up(zip(*looked_at, *asked_for, strict=True))

    def _find(self, key: tuple[Any, ...]) -> tuple[Problem, ...]:
        rule = self._rule
        looked_at = dict(zip(rule.looks_at, key, strict=False))
        asked_for = dict(zip(rule.asks_for, key[len(looked_at) :], strict=True))
        values: dict[str, Any] = {name: True if state == READ else None for name, state in asked_for.items()}
        values |= {name: cell.value for name, cell in looked_at.items()}
        given = {name for name, cell in looked_at.items() if cell.state != EMPTY}
        given |= {name for name, state in asked_for.items() if state != EMPTY}
        return tuple(rule.find(self._validation_context, given, values))


def write_value(kind: FieldKind, value: Any) -> str:
    """The text of a value for COPY. Source: PostgreSQL 15, COPY, text format."""
    if value is None:
        return NULL
    if kind is FieldKind.TERMS:
        return write_codes(value)
    if kind is FieldKind.BOOLEAN:
        return "t" if value else "f"
    return write_copy_text(value) if isinstance(value, str) else str(value)


def write_codes(codes: Sequence[str]) -> str:
    """The text of an array of codes, which need no quotes, for COPY."""
    return f"{{{','.join(codes)}}}"


def write_copy_text(value: str) -> str:
    """The text escaped for COPY."""
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(_ESCAPES)
    return value


_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"})
