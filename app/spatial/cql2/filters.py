"""A parsed filter, in a form that can be stored and compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql.psycopg import dialect

from app.core.problems import Problem
from app.spatial.cql2.errors import FilterError, refuse
from app.spatial.cql2.parsing import MAX_FILTER_BYTES, Unparsable, parse_json, parse_text
from app.spatial.cql2.properties import FilterProperties
from app.spatial.cql2.translation import Translation
from app.spatial.crs import Crs
from app.spatial.sort_key_ranges import SortKeyRanges

FilterLanguage = Literal["cql2-text", "cql2-json"]
_DIALECT = dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]

FILTER_LANGUAGES: Final[tuple[FilterLanguage, ...]] = ("cql2-text", "cql2-json")


@dataclass(frozen=True, slots=True)
class Filter:
    """A valid filter: its tree as JSON and the reference system of its coordinates. The other fields follow from these.

    `text` and `language` are as given. `names` are the properties in the filter, `compared` the names of
    properties with each text that they are compared with (not by `like` or order), `values` the bound values of its
    condition, with names that begin with `filter_`. Filters of one `form` differ in those values only.
    `sort_key_ranges` are the ranges of the Hilbert number that hold every match; None means no limit. They apply to
    properties that have that number.
    """

    tree: str
    crs: Crs = Crs.CRS84
    text: str = field(default="", compare=False)
    language: FilterLanguage = field(default="cql2-text", compare=False)
    form: str = field(default="", compare=False)
    names: frozenset[str] = field(default=frozenset(), compare=False)
    compared: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False, repr=False)
    values: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    sort_key_ranges: SortKeyRanges | None = field(default=None, compare=False, repr=False)

    @property
    def is_long(self) -> bool:
        """Whether it is too long for an address, and so for a cache."""
        return len(self.text) > MAX_FILTER_BYTES


def parse_filter(
    text: str,
    language: FilterLanguage,
    crs: Crs,
    properties: FilterProperties,
    *,
    long_geometry: bool = False,
) -> tuple[Filter | None, list[Problem]]:
    """The filter, or None and every problem; `crs` is the reference system of its coordinates.

    `long_geometry` allows coordinates that are too long for an address.
    """
    translation = Translation(properties, crs)
    try:
        parse = parse_json if language == "cql2-json" else parse_text
        tree = parse(text, long_geometry=long_geometry)
        operand = translation.read_condition(tree)
    except Unparsable as unparsable:
        return None, refuse(unparsable.code, unparsable.detail, text).problems
    except FilterError as error:
        return None, error.problems
    writer = translation.writer
    condition = str(writer.write(operand).compile(dialect=_DIALECT))
    parsed = Filter(
        tree=json.dumps(tree, ensure_ascii=False, separators=(",", ":")),
        crs=crs,
        text=text,
        language=language,
        form=blake2b(condition.encode(), digest_size=16).hexdigest(),
        names=frozenset(translation.names),
        compared=frozenset(translation.compared),
        values=writer.values | writer.bounds,
        sort_key_ranges=operand.sort_key_ranges,
    )
    return parsed, []


def write_condition(parsed: Filter, properties: FilterProperties) -> ColumnElement[bool]:
    """The condition of a filter that was parsed with properties of the same names and kinds."""
    return Translation(properties, parsed.crs).write_condition(json.loads(parsed.tree))
