"""Problems of an import, each with its row and column in the file."""

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from operator import itemgetter
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.files.located_problem import LocatedProblem, Origin
from app.imports.report import ProblemGroup
from app.records.record import Record, RecordReader
from app.sensors.fields import FIELD_LABELS

FindReferences = Callable[[AbstractSet[int]], Mapping[int, str]]
"""The references of records by their keys."""

MAX_STORED_PROBLEMS: Final = 10_000
"""More than anyone corrects by hand; problems beyond it are only counted."""

MAX_GROUP_ORIGINS: Final = 20
"""Maximum number of rows listed for each kind of problem."""

_END: Final = Problem(
    ProblemCode.LIST_TRUNCATED,
    "",
    LocalizedText(
        "De lijst stopt hier: fouten vanaf deze rij staan er niet meer in. Verbeter eerst de rijen hierboven.",
        "The list ends here: it has no problems from this row on. Correct the rows listed above first.",
    ),
)


class ProblemCollector:
    """Numbers the records of a file, stores their first problems, and counts all of them.

    A million records must not cost a million objects: two numbers are stored for each.
    """

    def __init__(self, reader: RecordReader) -> None:
        self._reader = reader
        self._tables: list[str | None] = []
        self._table_of = array("H")
        self._row_of = array("L")
        self._found: list[tuple[int, LocatedProblem]] = []
        self._last_stored = sys.maxsize
        self._refused: set[int] = set()
        self._unreadable: dict[int, frozenset[str]] = {}
        self.totals: Counter[tuple[str, str, bool]] = Counter()
        self.groups: dict[tuple[str, str, bool], ProblemGroup] = {}

    @property
    def rows(self) -> int:
        return len(self._row_of)

    @property
    def refused(self) -> int:
        """Number of records with a problem."""
        return len(self._refused)

    def list_first(self, find_references: FindReferences) -> list[LocatedProblem]:
        """The first problems and warnings in the order of the file; where there are more, the last entry says so."""
        self._found.sort(key=itemgetter(0))
        found = self._found[:MAX_STORED_PROBLEMS]
        references = find_references({key for key, _ in found})
        problems = [located._replace(reference=references.get(key)) for key, located in found]
        if self.totals.total() > MAX_STORED_PROBLEMS:
            problems[-1] = LocatedProblem(problems[-1].origin, None, _END, is_warning=True)
        return problems

    @property
    def unreadable(self) -> AbstractSet[int]:
        """Keys of records with a value that could not be read."""
        return self._unreadable.keys()

    def find_origin(self, key: int) -> Origin:
        """Where a record stood in the file."""
        return Origin(self._tables[self._table_of[key]], self._row_of[key])

    def format_rows(self, keys: Iterable[int]) -> str:
        """Row numbers of these records, each with its sheet where there are several."""
        if len(self._tables) == 1:
            return ", ".join(str(self._row_of[key]) for key in keys)
        return ", ".join(f"{self._tables[self._table_of[key]]} {self._row_of[key]}" for key in keys)

    def number_records(self, records: Sequence[Record]) -> list[tuple[int, Mapping[str, Any]]]:
        """The records with their keys; problems of reading them are stored."""
        numbered: list[tuple[int, Mapping[str, Any]]] = []
        for record in records:
            key = self.rows
            self._table_of.append(self._find_table(record.origin.table))
            self._row_of.append(record.origin.row)
            numbered.append((key, record.given))
            if record.problems:
                locations = frozenset(problem.location for problem in record.problems)
                # A row whose registration number is refused does not lack a reference.
                self._unreadable[key] = locations | ({"/reference"} if "/publicCode" in locations else set())
                self._add(key, record.problems)
        return numbered

    def add_all(self, problems: Mapping[int, Iterable[Problem]], *, are_warnings: bool = False) -> None:
        """Store the problems of records, by their keys."""
        for key, found in problems.items():
            # A value that could not be read is not reported as missing too.
            unreadable = self._unreadable.get(key, frozenset())
            self._add(
                key,
                (problem for problem in found if problem.location not in unreadable),
                is_warning=are_warnings,
            )

    def _add(self, key: int, problems: Iterable[Problem], *, is_warning: bool = False) -> None:
        origin = self.find_origin(key)
        for problem in problems:
            located = LocatedProblem(origin, None, _as_shown(problem), is_warning)
            if located.field is not None:
                located = self._add_heading(located, located.field)
            self._count(located)
            self._store(key, located)
            if not is_warning:
                self._refused.add(key)

    def _count(self, located: LocatedProblem) -> None:
        kind = (located.problem.code, located.heading or located.field or "", located.is_warning)
        self.totals[kind] += 1
        group = self.groups.get(kind)
        if group is None:
            group = self.groups[kind] = ProblemGroup(located.problem.detail, located.letter)
        if len(group.origins) < MAX_GROUP_ORIGINS:
            group.origins.append(located.origin)

    def _store(self, key: int, located: LocatedProblem) -> None:
        # Problems that compare records are found last, and may concern the first rows.
        if key >= self._last_stored:
            return
        self._found.append((key, located))
        if len(self._found) == 2 * MAX_STORED_PROBLEMS:
            self._found.sort(key=itemgetter(0))
            del self._found[MAX_STORED_PROBLEMS:]
            self._last_stored = self._found[-1][0]

    def _add_heading(self, located: LocatedProblem, name: str) -> LocatedProblem:
        """The problem with the heading of its column, or advice where the file has no such column."""
        heading = self._reader.find_heading(located.origin, name, located.problem.value)
        if heading is not None:
            return located._replace(heading=heading, letter=self._reader.find_letter(located.origin, heading))
        if located.problem.code != ProblemCode.REQUIRED or name not in FIELD_LABELS:
            return located
        return located._replace(problem=replace(located.problem, detail=self._describe_missing(name)))

    def _describe_missing(self, name: str) -> LocalizedText:
        """Advice about a field that is needed and has no column in the file."""
        label = FIELD_LABELS[name]
        if self._reader.asks(name):
            return LocalizedText(
                f"Het bestand heeft geen kolom {label.nl}, en die is nodig. Voeg de kolom toe, of geef één waarde voor "
                f"alle rijen ({name}).",
                f"The file has no column {label.en}, which is needed. Add the column, or give one value for all rows "
                f"({name}).",
            )
        return LocalizedText(
            f"Dit formulier heeft geen kolom voor {label.nl}, en dat is nodig. Geef één waarde voor alle rijen "
            f"({name}).",
            f"This form has no column for {label.en}, which is needed. Give one value for all rows ({name}).",
        )

    def _find_table(self, name: str | None) -> int:
        if not self._tables or self._tables[-1] != name:
            self._tables.append(name)
        return len(self._tables) - 1


def _as_shown(problem: Problem) -> Problem:
    """The problem with a value that a person reads: no list or object as a program writes it."""
    value = problem.value
    if isinstance(value, list | tuple):
        return replace(problem, value=", ".join(str(item) for item in value))
    return replace(problem, value=ABSENT) if isinstance(value, dict) else problem
