"""Checking many records at once, field by field, with the rules of `app/sensors/registration/validation.py`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from app.core.problems import Problem
from app.sensors.bulk.geometry_arrays import (
    JoinBoundaries,
    NamedAreas,
    derive_views,
    find_records_out_of_reach,
    read_points,
    read_record_areas,
)
from app.sensors.bulk.parse_cache import (
    EMPTY,
    NOTHING,
    READ,
    CachedField,
    CachedRule,
    ParseCache,
    StagedValue,
    write_copy_text,
    write_value,
)
from app.sensors.fields import FIELDS, FieldKind
from app.sensors.registration.field_parsers import ValidationContext
from app.sensors.registration.rules import RULES, VIEW, WARNING_RULES
from app.sensors.registration.validation import check_names, infer_values
from app.sensors.registration.versions import dump_warning
from app.vocabularies.terms import Vocabularies

PLAIN_FIELDS: Final = tuple(field for field in FIELDS if not field.is_geometry)

CHECKED_COLUMNS: Final = (
    "warnings",
    *(field.column for field in PLAIN_FIELDS),
    *(f"{field.column}{system}" for field in FIELDS if field.is_geometry for system in ("", "_rd")),
    "operating_municipalities",
    "observed_area_derived",
)
"""The columns of a version that follow from the record alone, in the order of `RecordBatch.rows`."""

_INFERRED: Final = ("visibility", "personalData", "controller", "owner")


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Checked records: the problems of each, and the rows for COPY.

    `problems` is by position in the batch. `cells` are those of plain fields, by name.
    """

    problems: Mapping[int, Sequence[Problem]]
    rows: Iterator[tuple[str, ...]]
    """One for each record, valid or not, of `CHECKED_COLUMNS`."""
    cells: Mapping[str, Sequence[StagedValue]]


class Checker:
    """Checks records in batches, and caches the results of equal values."""

    def __init__(self, validation_context: ValidationContext, join_boundaries: JoinBoundaries) -> None:
        self._validation_context = validation_context
        self._names: ParseCache[tuple[str, ...], tuple[Problem, ...]] = ParseCache(self._check_names)
        self._fields = {field.name: CachedField(validation_context, field) for field in PLAIN_FIELDS}
        self._named_areas = NamedAreas(validation_context, join_boundaries)
        self._rules = [CachedRule(validation_context, rule) for rule in RULES]
        self._warnings = [CachedRule(validation_context, rule) for rule in WARNING_RULES]
        self._inferred: ParseCache[tuple[StagedValue, ...], tuple[str, str]] = ParseCache(_infer)
        self._dumped_warnings: ParseCache[tuple[tuple[Problem, ...], ...], str] = ParseCache(_dump_warnings)

    @property
    def vocabularies(self) -> Vocabularies:
        return self._validation_context.vocabularies

    def read(self, name: str, records: Sequence[Mapping[str, Any]]) -> list[StagedValue]:
        """The parsed values of one plain field."""
        return self._fields[name].read([record.get(name) for record in records])

    def check(self, records: Sequence[Mapping[str, Any]]) -> RecordBatch:
        """Check every record against every rule that looks at one record."""
        found: dict[int, list[Problem]] = {}
        names, columns = _transpose(records)
        for row, problems in self._find_unknown(names):
            found[row] = list(problems)
        nothing = [None] * len(records)
        cells = {
            name: column.read(columns[name]) if name in columns else [NOTHING] * len(records)
            for name, column in self._fields.items()
        }
        locations, positions = read_points(self._validation_context, columns.get("location", nothing))
        operating = columns.get("operatingArea", nothing)
        areas = {
            "operatingArea": read_record_areas(self._validation_context, "operatingArea", operating),
            "observedArea": read_record_areas(
                self._validation_context, "observedArea", columns.get("observedArea", nothing)
            ),
        }
        named = self._named_areas.put(operating, areas["operatingArea"])
        cells |= {"location": locations.cells} | {name: places.cells for name, places in areas.items()}
        for field in FIELDS:
            if field.is_geometry or self._fields[field.name].has_refused:
                _collect(found, [cell.problems for cell in cells[field.name]])
        states = {
            name: [cell.state for cell in cells[name]]
            for name in {name for rule in (*RULES, *WARNING_RULES) for name in rule.asks_for}
        }
        for rule in self._rules:
            _collect(found, rule.find(cells, states))

        derived = self._find_derived(states)
        views = [[cells[name][row].value for name in VIEW] for row in derived]
        derive_views(derived, positions, views, areas["observedArea"])
        texts = {name: [cell.text for cell in cells[name]] for name in self._fields}
        texts["visibility"], texts["controller"] = self._infer(cells)
        is_derived = ["f"] * len(records)
        for row in derived:
            is_derived[row] = "t"
        warnings = zip(
            *(rule.find(cells, states) for rule in self._warnings),
            find_records_out_of_reach(cells, positions),
            strict=True,
        )
        rows = zip(
            self._dumped_warnings.look_up(warnings),
            *texts.values(),
            locations.lonlat,
            locations.rd,
            *(written for places in areas.values() for written in (places.lonlat, places.rd)),
            named,
            is_derived,
            strict=True,
        )
        return RecordBatch(found, rows, cells)

    def _check_names(self, names: tuple[str, ...]) -> tuple[Problem, ...]:
        check_names(self._validation_context, names)
        return self._validation_context.take_problems()

    def _find_unknown(self, names: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, tuple[Problem, ...]]]:
        previous: tuple[str, ...] | None = None
        problems: tuple[Problem, ...] = ()
        for row, given in enumerate(names):
            if given is not previous:
                previous, problems = given, self._names[given]
            if problems:
                yield row, problems

    def _find_derived(self, states: Mapping[str, list[int]]) -> list[int]:
        """The records whose field of view is not given and can be drawn."""
        asked = zip(states["location"], *(states[name] for name in VIEW), states["observedArea"], strict=True)
        drawable = (READ, *(READ for _ in VIEW), EMPTY)
        return [row for row, answer in enumerate(asked) if answer == drawable]

    def _infer(self, cells: Mapping[str, list[StagedValue]]) -> tuple[list[str], list[str]]:
        """The texts for COPY of visibility and controller, with their defaults."""
        inferred = self._inferred.look_up(zip(*(cells[name] for name in _INFERRED), strict=True))
        return [visibility for visibility, _ in inferred], [controller for _, controller in inferred]


def _transpose(
    records: Sequence[Mapping[str, Any]],
) -> tuple[Sequence[tuple[str, ...]], Mapping[str, Sequence[Any]]]:
    """The names of each record, and the values of all records by name; None where a record has none."""
    first = tuple(records[0]) if records else ()
    if len(first) > 1 and all(len(record) == len(first) for record in records):
        # Records of one file mostly have the same names: then one pass over each is enough.
        try:
            rows = list(map(itemgetter(*first), records))
        except KeyError:
            pass
        else:
            return [first] * len(records), dict(zip(first, zip(*rows, strict=True), strict=True))
    names = [tuple(record) for record in records]
    given = set(chain.from_iterable(set(names)))
    return names, {name: [record.get(name) for record in records] for name in given}


def _infer(key: tuple[StagedValue, ...]) -> tuple[str, str]:
    values = infer_values({name: cell.value for name, cell in zip(_INFERRED, key, strict=True)})
    return write_copy_text(values["visibility"]), write_value(FieldKind.ORGANISATION, values["controller"])


def _dump_warnings(warnings: tuple[tuple[Problem, ...], ...]) -> str:
    """The warnings of a record as text for COPY into a JSON column."""
    dumped = [dump_warning(warning) for warning in chain.from_iterable(warnings)]
    return write_copy_text(json.dumps(dumped, ensure_ascii=False))


def _collect(found: dict[int, list[Problem]], columns: Sequence[Sequence[Problem]]) -> None:
    for row, problems in enumerate(columns):
        if problems:
            found.setdefault(row, []).extend(problems)
