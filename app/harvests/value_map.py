"""Values of another register as values of a registration request.

Terms, dates, numbers and organisations are parsed like those of a file. A value that cannot be parsed is passed on
unchanged: the validation of the sensor reports it.
"""

from typing import Any, Final

from app.core.problems import ABSENT, Problem
from app.harvests.json_paths import format_value
from app.harvests.mapping import MappingRule
from app.records.layouts.areas import Refused
from app.records.layouts.cell_marks import clear_marks
from app.records.layouts.columns import ReadCell, find_listed_words, make_reader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.value_words import translate_value
from app.sensors.fields import Field, FieldKind
from app.sensors.plain_text import EMPTY_WORDS
from app.spatial.crs import Crs
from app.spatial.geojson import parse_geometry

_OPEN_BEGIN: Final = ".."
_TEXT_KINDS: Final = frozenset(
    {FieldKind.TEXT, FieldKind.URL, FieldKind.TERM, FieldKind.DURATION, FieldKind.ORGANISATION}
)
"""Kinds for which several values are joined into one text with commas."""


class FieldValue:
    """Value of one field, found in an item by a rule."""

    def __init__(
        self, field: Field, rule: MappingRule, context: ReadingContext, assumptions: AssumptionLog
    ) -> None:
        self.field = field
        self.rule = rule
        self._read: ReadCell = make_reader(field, context, assumptions)
        self._listed_words = find_listed_words(field, context)
        self._assumptions = assumptions

    def read(self, item: object) -> tuple[Any, tuple[Problem, ...]]:
        """The value for an item, None where there is none; geometries are Shapely geometries."""
        return self.read_raw(find_raw(self.rule, item))

    def read_raw(self, raw: Any) -> tuple[Any, tuple[Problem, ...]]:
        """Parse a value that was found in an item, or a constant of the mapping."""
        cell = _prepare(self.field, raw)
        if isinstance(cell, str) and cell in EMPTY_WORDS:
            described = self.rule.describe()
            (cell,) = clear_marks([cell], described, self._listed_words, self._assumptions, is_text=True)
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
    """The value that a rule finds in an item, its words translated; None where there is none."""
    if rule.template is not None:
        found: Any = rule.template.fill(item)
    elif rule.path is not None:
        found = rule.path.find(item)
    else:
        return rule.value
    if found is ABSENT or found is None or found == [] or (isinstance(found, str) and not found.strip()):
        return rule.default
    return translate_value(found, rule.meanings) if rule.meanings else found


def _prepare(field: Field, raw: Any) -> Any:
    """The value as a cell of a file would hold it."""
    if field.kind in _TEXT_KINDS:
        return raw if isinstance(raw, dict) else format_value(raw)
    if field.kind is FieldKind.TERMS:
        return (
            [one if isinstance(one, dict) else format_value(one) for one in raw]
            if isinstance(raw, list)
            else raw
        )
    # One of several dates, numbers or locations cannot be chosen: only a list of one is unpacked.
    one = raw[0] if isinstance(raw, list) and len(raw) == 1 else raw
    if field.is_geometry and isinstance(one, dict) and one.get("type") == "Feature":
        return one.get("geometry")
    if field.kind is FieldKind.AREA:
        return raw if isinstance(one, str) else one
    if isinstance(one, str):
        one = one.strip() or None
    return _find_begin(one) if field.kind is FieldKind.DATE and isinstance(one, str) else one


def _find_begin(text: str) -> str | None:
    """Beginning of a period, None where that is open; a date or time unchanged. Source: ISO 8601."""
    begin = text.partition("/")[0].strip()
    return None if begin == _OPEN_BEGIN else begin
