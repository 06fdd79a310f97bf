"""What is kept of the problems of an import, and where a person is told that they stand."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from app.core.errors import Problem
from app.core.i18n import Language, LocalizedText
from app.files.located_problem import Origin, name_column
from app.imports.problems import MAX_STORED_PROBLEMS, ProblemCollector
from app.records.record import Record
from app.sensors.fields import FIELD_LABELS

WRONG = Problem("wrong", "/name", LocalizedText("Fout.", "Wrong."))
FORGOTTEN = Problem("forgotten", "/name", LocalizedText("Vergeten.", "Forgotten."))


class Reader:
    """A file of one table with a column for the name."""

    layout = "own"
    assumptions: Sequence[LocalizedText] = ()
    unused_headings: Sequence[str] = ()

    def find_heading(self, _origin: Origin, _field: str, _value: object = None) -> str | None:
        return "Naam"

    def asks(self, _field: str) -> bool:
        return True

    def read_records(self) -> Iterator[list[Record]]:
        yield []


def make_findings(rows: int) -> ProblemCollector:
    reader: Any = Reader()
    collector = ProblemCollector(reader)
    collector.number([Record(Origin(None, row), {}) for row in range(1, rows + 1)])
    return collector


def test_a_list_that_fits_is_whole() -> None:
    collector = make_findings(MAX_STORED_PROBLEMS)
    collector.add_all({key: [WRONG] for key in range(MAX_STORED_PROBLEMS)})
    assert [located.origin.row for located in collector.first] == list(range(1, MAX_STORED_PROBLEMS + 1))
    assert {located.problem for located in collector.first} == {WRONG}


@pytest.mark.parametrize("more", [1, MAX_STORED_PROBLEMS, 2 * MAX_STORED_PROBLEMS + 7])
def test_a_list_that_is_cut_off_says_where(more: int) -> None:
    collector = make_findings(MAX_STORED_PROBLEMS + more)
    keys = list(range(MAX_STORED_PROBLEMS + more))
    random.Random(more).shuffle(keys)
    collector.add_all({key: [WRONG] for key in keys})
    assert [located.origin.row for located in collector.first] == list(range(1, MAX_STORED_PROBLEMS + 1))
    *kept, last = collector.first
    assert {located.problem for located in kept} == {WRONG}
    assert (last.problem.code, last.is_warning, last.heading, last.field) == ("list_ends", True, None, None)
    assert (last.problem.detail.nl[:24], last.problem.detail.en[:18]) == (
        "Hier houdt de lijst op: ", "The list ends here",
    )  # fmt: skip
    assert collector.totals == {("wrong", "Naam", False): MAX_STORED_PROBLEMS + more}


def test_what_is_found_last_is_listed_with_its_row() -> None:
    collector = make_findings(3 * MAX_STORED_PROBLEMS)
    for key in range(3 * MAX_STORED_PROBLEMS):
        collector.add_all({key: [WRONG]})
    collector.add_all({1: [FORGOTTEN]})
    listed = [(located.origin.row, located.problem.code) for located in collector.first]
    assert listed[:4] == [(1, "wrong"), (2, "wrong"), (2, "forgotten"), (3, "wrong")]
    assert len(listed) == MAX_STORED_PROBLEMS


@pytest.mark.parametrize(
    ("heading", "field", "language", "named"),
    [
        ("Kenmerk", "reference", "nl", "Kenmerk"),
        (None, "reference", "nl", "Referentie"),
        (None, "reference", "en", "Reference"),
        (None, "kleur", "nl", ""),
        (None, None, "nl", ""),
    ],
)
def test_a_column_that_is_not_there_is_named_by_its_field(
    heading: str | None, field: str | None, language: Language, named: str
) -> None:
    assert name_column(heading, field, language, FIELD_LABELS) == named
