"""Paths in the JSON of an item: `properties.naam`, `Datastreams.0.ObservedProperty.name`, `Datastreams.*.name`."""

import re
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from app.core.problems import ABSENT

EACH: Final = "*"
"""The step that selects every item of a list; its result is a list too."""

# Annotations of SensorThings, such as @iot.id, contain a point.
_SEPARATOR: Final = re.compile(r"(?<!@iot)\.")


@dataclass(frozen=True, slots=True)
class Path:
    """The steps from an item to a value: names of members, and numbers (from 0) or `*` for lists."""

    steps: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.steps)

    def find(self, item: object) -> Any:
        """The value there, or ABSENT."""
        return _walk(item, self.steps)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with paths in it: `{properties.naam} ({id})`; each part is a text and the path that follows it."""

    parts: tuple[tuple[str, Path | None], ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(path for _, path in self.parts if path is not None)

    def fill(self, item: object) -> str | None:
        """The text for an item; None where one of its paths has no value: half a text would mislead."""
        written = []
        for text, path in self.parts:
            written.append(text)
            if path is not None:
                found = format_value(path.find(item))
                if not found:
                    return None
                written.append(found)
        return "".join(written)


def parse_path(text: str) -> Path:
    """Parse a path. Raises: ValueError for an empty path or step."""
    steps = tuple(step.strip() for step in _SEPARATOR.split(text))
    if not all(steps):
        raise ValueError(text)
    return Path(steps)


def parse_template(text: str) -> Template:
    """Parse a template. Raises: ValueError for wrong braces or paths, or where there are no paths."""
    parts: list[tuple[str, Path | None]] = []
    for literal, name, form, conversion in Formatter().parse(text):
        if form or conversion:
            raise ValueError(text)
        parts.append((literal, None if name is None else parse_path(name)))
    if all(path is None for _, path in parts):
        raise ValueError(text)
    return Template(tuple(parts))


def format_value(value: Any) -> str | None:
    """A value as text, a list joined by commas without duplicates; None for no value and for an object."""
    if isinstance(value, list):
        texts = [text for text in map(_format_scalar, value) if text]
        return ", ".join(dict.fromkeys(texts)) or None
    return _format_scalar(value)


def _format_scalar(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def _walk(value: Any, steps: tuple[str, ...]) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict):
        return _walk(value[step], rest) if step in value else ABSENT
    if isinstance(value, list) and step == EACH:
        return _walk_each(value, rest)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return _walk(value[int(step)], rest)
    return ABSENT


def _walk_each(values: list[Any], rest: tuple[str, ...]) -> list[Any]:
    """The values of all items, nested lists flattened, without empty values."""
    found: list[Any] = []
    for value in values:
        there = _walk(value, rest)
        if isinstance(there, list):
            found += there
        elif there is not ABSENT and there is not None:
            found.append(there)
    return found
