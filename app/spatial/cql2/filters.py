"""A filter that has been read: what it asks, in a form that can be kept and compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql.psycopg import dialect

from app.core.problems import Problem
from app.spatial.cql2.errors import FilterError, refuse
from app.spatial.cql2.parsing import Unparsable, parse_json, parse_text
from app.spatial.cql2.properties import FilterProperties
from app.spatial.cql2.translation import Translation
from app.spatial.crs import Crs
from app.spatial.sort_key_ranges import SortKeyRanges

FilterLanguage = Literal["cql2-text", "cql2-json"]
_DIALECT = dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]

FILTER_LANGUAGES: Final[tuple[FilterLanguage, ...]] = ("cql2-text", "cql2-json")


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter without mistakes: its tree as JSON and the system of its coordinates, from which all follows.

    `names` are the properties it asks about, `values` what its condition binds, by names that begin with `filter_`.
    Filters of one `form` have one condition, and differ in those values alone. `sort_key_ranges` are the
    ranges of the Hilbert number that hold every match, None for anywhere; they apply to properties with that number.
    """

    tree: str
    crs: Crs = Crs.CRS84
    form: str = field(default="", compare=False)
    names: frozenset[str] = field(default=frozenset(), compare=False)
    values: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    sort_key_ranges: SortKeyRanges | None = field(default=None, compare=False, repr=False)


def parse_filter(
    text: str, language: FilterLanguage, crs: Crs, properties: FilterProperties
) -> tuple[Filter | None, list[Problem]]:
    """The filter, or None and all that is wrong with it; `crs` is the system of its coordinates."""
    translation = Translation(properties, crs)
    try:
        tree = parse_json(text) if language == "cql2-json" else parse_text(text)
        operand = translation.read_condition(tree)
    except Unparsable as unparsable:
        return None, refuse(unparsable.code, unparsable.detail, text).problems
    except FilterError as refusal:
        return None, refusal.problems
    kept = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    writer = translation.writer
    written = str(writer.write(operand).compile(dialect=_DIALECT))
    form = blake2b(written.encode(), digest_size=16).hexdigest()
    values = writer.values | writer.bounds
    return Filter(kept, crs, form, frozenset(translation.names), values, operand.sort_key_ranges), []


def write_condition(asked: Filter, properties: FilterProperties) -> ColumnElement[bool]:
    """The condition of a filter that was read with properties of the same names and kinds."""
    return Translation(properties, asked.crs).write_condition(json.loads(asked.tree))
