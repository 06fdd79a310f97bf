"""The problems of an import, by the places where they stand in the file."""

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Any, Final

from app.core.errors import Problem
from app.core.i18n import LocalizedText
from app.files.located_problem import LocatedProblem, Origin
from app.records.record import Record, RecordReader

MAX_STORED_PROBLEMS: Final = 10_000
"""More than anyone mends by hand; beyond it problems are counted."""

_END: Final = Problem(
    "list_ends",
    "",
    LocalizedText(
        "Hier houdt de lijst op: wat vanaf deze rij nog mis is, staat er niet in. Verbeter eerst wat erboven staat.",
        "The list ends here: what else is wrong from this row on is not in it. Mend first what stands above.",
    ),
)


class ProblemCollector:
    """Numbers the records of a file, and keeps what is wrong with them: the first problems, and how many of each.

    A million records must not cost a million objects: of each only two numbers are kept.
    """

    def __init__(self, reader: RecordReader) -> None:
        self._reader = reader
        self._tables: list[str | None] = []
        self._table_of = array("H")
        self._row_of = array("L")
        self._found: list[tuple[int, LocatedProblem]] = []
        self._last_kept = sys.maxsize
        self._refused: set[int] = set()
        self._misread: dict[int, frozenset[str]] = {}
        self.totals: Counter[tuple[str, str, bool]] = Counter()

    @property
    def rows(self) -> int:
        return len(self._row_of)

    @property
    def refused(self) -> int:
        """How many records have a problem."""
        return len(self._refused)

    @property
    def first(self) -> list[LocatedProblem]:
        """The first problems and warnings in the order of the file; the last says so where there are more."""
        self._found.sort(key=itemgetter(0))
        problems = [located for _, located in self._found[:MAX_STORED_PROBLEMS]]
        if self.totals.total() > MAX_STORED_PROBLEMS:
            problems[-1] = LocatedProblem(problems[-1].origin, None, _END, is_warning=True)
        return problems

    @property
    def misread(self) -> AbstractSet[int]:
        """The keys of records of which something could not be read."""
        return self._misread.keys()

    def name_rows(self, keys: Iterable[int]) -> str:
        """Where these records stand in the file: their rows, each with its sheet where there are several."""
        if len(self._tables) == 1:
            return ", ".join(str(self._row_of[key]) for key in keys)
        return ", ".join(f"{self._tables[self._table_of[key]]} {self._row_of[key]}" for key in keys)

    def number(self, records: Sequence[Record]) -> list[tuple[int, Mapping[str, Any]]]:
        """The records with their keys, and their problems of reading noted."""
        numbered: list[tuple[int, Mapping[str, Any]]] = []
        for record in records:
            key = self.rows
            self._table_of.append(self._find_table(record.origin.table))
            self._row_of.append(record.origin.row)
            numbered.append((key, record.given))
            if record.problems:
                self._misread[key] = frozenset(problem.location for problem in record.problems)
                self._add(key, record.problems)
        return numbered

    def add_all(self, problems: Mapping[int, Iterable[Problem]], *, are_warnings: bool = False) -> None:
        """Note the problems of records, by their keys."""
        for key, some in problems.items():
            # What could not be read is not called missing as well.
            misread = self._misread.get(key, frozenset())
            self._add(key, (one for one in some if one.location not in misread), is_warning=are_warnings)

    def _add(self, key: int, problems: Iterable[Problem], *, is_warning: bool = False) -> None:
        origin = Origin(self._tables[self._table_of[key]], self._row_of[key])
        for problem in problems:
            located = LocatedProblem(origin, None, problem, is_warning)
            if located.field is not None:
                located = self._point(located, located.field)
            self.totals[problem.code, located.heading or located.field or "", is_warning] += 1
            self._keep(key, located)
            if not is_warning:
                self._refused.add(key)

    def _keep(self, key: int, located: LocatedProblem) -> None:
        # What concerns all records together is found last, and may well be of the first of them.
        if key >= self._last_kept:
            return
        self._found.append((key, located))
        if len(self._found) == 2 * MAX_STORED_PROBLEMS:
            self._found.sort(key=itemgetter(0))
            del self._found[MAX_STORED_PROBLEMS:]
            self._last_kept = self._found[-1][0]

    def _point(self, located: LocatedProblem, name: str) -> LocatedProblem:
        """The problem under the heading where the owner finds it, or what to do where there is none."""
        heading = self._reader.find_heading(located.origin, name, located.problem.value)
        if heading is not None or located.problem.code != "required" or self._reader.asks(name):
            return located._replace(heading=heading)
        advice = LocalizedText(
            f" Dit formulier vraagt het niet: geef het één keer voor alle rijen, met --set {name}=… (API: defaults).",
            f" This form does not ask it: give it once for all rows, with --set {name}=… (API: defaults).",
        )
        problem = located.problem
        detail = LocalizedText(problem.detail.nl + advice.nl, problem.detail.en + advice.en)
        return located._replace(
            problem=Problem(problem.code, problem.location, detail, problem.value, problem.suggestion)
        )

    def _find_table(self, name: str | None) -> int:
        if not self._tables or self._tables[-1] != name:
            self._tables.append(name)
        return len(self._tables) - 1
