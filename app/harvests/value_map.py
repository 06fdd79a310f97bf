"""From what stands in another register to what a request to this one would hold.

Terms, dates, numbers and organisations are read as those of a file; what cannot be read stays as it was given, and the
check of a sensor says what to do.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.core.errors import ABSENT, Problem
from app.harvests.json_paths import render_template
from app.harvests.mapping import ANYTHING_ELSE, MappingRule, fold_value
from app.records.layouts.areas import Refused
from app.records.layouts.columns import ReadCell, make_reader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.sensors.fields import Field, FieldKind
from app.spatial.crs import Crs
from app.spatial.geojson import parse_geometry

_OPEN: Final = ".."
_WRITTEN: Final = frozenset(
    {FieldKind.TEXT, FieldKind.URL, FieldKind.TERM, FieldKind.DURATION, FieldKind.ORGANISATION}
)
"""Kinds of which several values are one text with commas."""


class FieldValue:
    """How one field is filled from an item."""

    def __init__(
        self, field: Field, rule: MappingRule, context: ReadingContext, assumptions: AssumptionLog
    ) -> None:
        self.field = field
        self.rule = rule
        self._read: ReadCell = make_reader(field, context, assumptions)

    def read(self, item: object) -> tuple[Any, tuple[Problem, ...]]:
        """The value for an item, None where there is none; geometries are shapes."""
        return self.read_raw(find_raw(self.rule, item))

    def read_raw(self, raw: Any) -> tuple[Any, tuple[Problem, ...]]:
        """What the field makes of a value that was found in an item, or stands in the mapping."""
        cell = _prepare(self.field, raw)
        if cell is None:
            return None, ()
        if self.field.kind is FieldKind.POINT:
            point, problems = parse_geometry(cell, Crs.CRS84, f"/{self.field.name}", allowed=("Point",))
            return point, tuple(problems)
        try:
            value = self._read(cell)
        except Refused as refused:
            return None, (refused.problem,)
        if self.rule.shorten and isinstance(value, str) and len(value) > self.field.most:
            value = value[: self.field.most - 1].rstrip() + "…"
        return value, ()


def find_raw(rule: MappingRule, item: object) -> Any:
    """What a rule finds in an item, its words given their meanings; None where there is nothing."""
    if rule.template is not None:
        found: Any = rule.template.fill(item)
    elif rule.path is not None:
        found = rule.path.find(item)
    else:
        return rule.value
    if found is ABSENT or found is None or found == [] or (isinstance(found, str) and not found.strip()):
        return rule.default
    return _translate(found, rule.meanings) if rule.meanings else found


def _translate(found: Any, meanings: Mapping[str, Any]) -> Any:
    if not isinstance(found, list):
        return _translate_one(found, meanings)
    meant: list[Any] = []
    for one in found:
        there = _translate_one(one, meanings)
        meant += there if isinstance(there, list) else [there]
    return meant


def _translate_one(found: Any, meanings: Mapping[str, Any]) -> Any:
    if isinstance(found, dict | list):
        return found
    return meanings.get(fold_value(found), meanings.get(ANYTHING_ELSE, found))


def _prepare(field: Field, raw: Any) -> Any:
    """The value as it would stand in a cell."""
    if field.kind in _WRITTEN:
        return raw if isinstance(raw, dict) else render_template(raw)
    if field.kind is FieldKind.TERMS:
        return (
            [one if isinstance(one, dict) else render_template(one) for one in raw]
            if isinstance(raw, list)
            else raw
        )
    # Of several dates, numbers or places nobody knows which one is meant.
    one = raw[0] if isinstance(raw, list) and len(raw) == 1 else raw
    if field.is_geometry and isinstance(one, dict) and one.get("type") == "Feature":
        return one.get("geometry")
    if field.kind is FieldKind.AREA:
        return raw if isinstance(one, str) else one
    if isinstance(one, str):
        one = one.strip() or None
    return _find_begin(one) if field.kind is FieldKind.DATE and isinstance(one, str) else one


def _find_begin(text: str) -> str | None:
    """Of a period its beginning, and none where that is open; a day or a moment as it is. Source: ISO 8601."""
    begin = text.partition("/")[0].strip()
    return None if begin == _OPEN else begin
