"""Checking many records at once, field by field, with the rules of `app/sensors/validation.py`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from app.core.errors import Problem
from app.sensors.bulk.cells import (
    EMPTY,
    NOTHING,
    READ,
    Cell,
    FieldColumn,
    Remembered,
    RuleColumn,
    write_text,
    write_value,
)
from app.sensors.bulk.geometries import JoinBoundaries, NamedAreas, derive_views, read_areas, read_points
from app.sensors.fields import FIELDS, Kind
from app.sensors.reading import Reading
from app.sensors.rules import RULES, VIEW, WARNINGS
from app.sensors.validation import check_names, infer_values
from app.sensors.versions import keep_warning

PLAIN_FIELDS: Final = tuple(field for field in FIELDS if not field.is_geometry)

CHECKED_COLUMNS: Final = (
    "warnings",
    *(field.column for field in PLAIN_FIELDS),
    *(f"{field.column}{system}" for field in FIELDS if field.is_geometry for system in ("", "_rd")),
    "operating_municipalities",
    "observed_area_derived",
)
"""The columns of a version that follow from the record alone, in the order of `Batch.rows`."""

_INFERRED: Final = ("visibility", "personalData", "controller", "owner")


@dataclass(frozen=True, slots=True)
class Batch:
    """Checked records: what is wrong with which of them, and the sound ones as COPY takes them.

    `problems` is by position in the batch. `cells` are those of plain fields, by name.
    """

    problems: Mapping[int, Sequence[Problem]]
    rows: Iterator[tuple[str, ...]]
    """One for each record, sound or not, of `CHECKED_COLUMNS`."""
    cells: Mapping[str, Sequence[Cell]]


class Checker:
    """Checks records a batch at a time, and remembers what they have in common."""

    def __init__(self, reading: Reading, join_boundaries: JoinBoundaries) -> None:
        self._reading = reading
        self._names: Remembered[tuple[str, ...], tuple[Problem, ...]] = Remembered(self._check_names)
        self._fields = {field.name: FieldColumn(reading, field) for field in PLAIN_FIELDS}
        self._named_areas = NamedAreas(reading, join_boundaries)
        self._rules = [RuleColumn(reading, rule) for rule in RULES]
        self._warnings = [RuleColumn(reading, rule) for rule in WARNINGS]
        self._inferred: Remembered[tuple[Cell, ...], tuple[str, str]] = Remembered(_infer)
        self._kept: Remembered[tuple[tuple[Problem, ...], ...], str] = Remembered(_keep)

    def read(self, name: str, records: Sequence[Mapping[str, Any]]) -> list[Cell]:
        """What the records give for one plain field."""
        return self._fields[name].read([record.get(name) for record in records])

    def check(self, records: Sequence[Mapping[str, Any]]) -> Batch:
        """Check every record against every rule that looks at one record."""
        found: dict[int, list[Problem]] = {}
        names, columns = _turn(records)
        for row, problems in self._find_unknown(names):
            found[row] = list(problems)
        nothing = [None] * len(records)
        cells = {
            name: column.read(columns[name]) if name in columns else [NOTHING] * len(records)
            for name, column in self._fields.items()
        }
        locations, positions = read_points(self._reading, columns.get("location", nothing))
        operating = columns.get("operatingArea", nothing)
        areas = {
            "operatingArea": read_areas(self._reading, "operatingArea", operating),
            "observedArea": read_areas(self._reading, "observedArea", columns.get("observedArea", nothing)),
        }
        named = self._named_areas.put(operating, areas["operatingArea"])
        cells |= {"location": locations.cells} | {name: places.cells for name, places in areas.items()}
        for field in FIELDS:
            if field.is_geometry or self._fields[field.name].has_refused:
                _collect(found, [cell.problems for cell in cells[field.name]])
        states = {
            name: [cell.state for cell in cells[name]]
            for name in {name for rule in (*RULES, *WARNINGS) for name in rule.asks_for}
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
        warnings = zip(*(rule.find(cells, states) for rule in self._warnings), strict=True)
        rows = zip(
            self._kept.look_up(warnings),
            *texts.values(),
            locations.lonlat,
            locations.rd,
            *(written for places in areas.values() for written in (places.lonlat, places.rd)),
            named,
            is_derived,
            strict=True,
        )
        return Batch(found, rows, cells)

    def _check_names(self, names: tuple[str, ...]) -> tuple[Problem, ...]:
        check_names(self._reading, names)
        return self._reading.take_problems()

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

    def _infer(self, cells: Mapping[str, list[Cell]]) -> tuple[list[str], list[str]]:
        """What is written for visibility and controller."""
        inferred = self._inferred.look_up(zip(*(cells[name] for name in _INFERRED), strict=True))
        return [visibility for visibility, _ in inferred], [controller for _, controller in inferred]


def _turn(
    records: Sequence[Mapping[str, Any]],
) -> tuple[Sequence[tuple[str, ...]], Mapping[str, Sequence[Any]]]:
    """The names that each record gives, and what all give, by name; None where one does not."""
    first = tuple(records[0]) if records else ()
    if len(first) > 1 and all(len(record) == len(first) for record in records):
        # Records of one file are mostly alike; then each is gone through once and not once for each field.
        try:
            rows = list(map(itemgetter(*first), records))
        except KeyError:
            pass
        else:
            return [first] * len(records), dict(zip(first, zip(*rows, strict=True), strict=True))
    names = [tuple(record) for record in records]
    given = set(chain.from_iterable(set(names)))
    return names, {name: [record.get(name) for record in records] for name in given}


def _infer(key: tuple[Cell, ...]) -> tuple[str, str]:
    values = infer_values({name: cell.value for name, cell in zip(_INFERRED, key, strict=True)})
    return write_text(values["visibility"]), write_value(Kind.ORGANISATION, values["controller"])


def _keep(warnings: tuple[tuple[Problem, ...], ...]) -> str:
    """The warnings of a record as COPY takes them, for a column of JSON."""
    kept = [keep_warning(warning) for warning in chain.from_iterable(warnings)]
    return write_text(json.dumps(kept, ensure_ascii=False))


def _collect(found: dict[int, list[Problem]], columns: Sequence[Sequence[Problem]]) -> None:
    for row, problems in enumerate(columns):
        if problems:
            found.setdefault(row, []).extend(problems)
