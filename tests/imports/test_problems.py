"""Stored problems of an import: their maximum, order and columns."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.located_problem import Origin, name_column
from app.imports.problems import MAX_STORED_PROBLEMS, ProblemCollector
from app.records.record import Record
from app.sensors.fields import FIELD_LABELS

WRONG = Problem(ProblemCode.INVALID_VALUE, "/name", LocalizedText("Fout.", "Wrong."))
FORGOTTEN = Problem(ProblemCode.REQUIRED, "/name", LocalizedText("Vergeten.", "Forgotten."))


class Reader:
    """A file of one table with a column for the name."""

    layout = "own"
    assumptions: Sequence[LocalizedText] = ()
    unused_headings: Sequence[str] = ()

    def find_heading(self, _origin: Origin, _field: str, _value: object = None) -> str | None:
        return "Naam"

    def find_letter(self, _origin: Origin, _heading: str) -> str | None:
        return "B"

    def asks(self, _field: str) -> bool:
        return True

    def read_records(self) -> Iterator[list[Record]]:
        yield []


def find_no_references(_keys: object) -> dict[int, str]:
    return {}


def make_collector(rows: int) -> ProblemCollector:
    reader: Any = Reader()
    collector = ProblemCollector(reader)
    collector.number_records([Record(Origin(None, row), {}) for row in range(1, rows + 1)])
    return collector


def test_list_first_up_to_maximum_returns_all() -> None:
    collector = make_collector(MAX_STORED_PROBLEMS)
    collector.add_all({key: [WRONG] for key in range(MAX_STORED_PROBLEMS)})
    assert [located.origin.row for located in collector.list_first(find_no_references)] == list(
        range(1, MAX_STORED_PROBLEMS + 1)
    )
    assert {located.problem for located in collector.list_first(find_no_references)} == {WRONG}


@pytest.mark.parametrize("more", [1, MAX_STORED_PROBLEMS, 2 * MAX_STORED_PROBLEMS + 7])
def test_list_first_above_maximum_ends_with_notice(more: int) -> None:
    collector = make_collector(MAX_STORED_PROBLEMS + more)
    keys = list(range(MAX_STORED_PROBLEMS + more))
    random.Random(more).shuffle(keys)
    collector.add_all({key: [WRONG] for key in keys})
    assert [located.origin.row for located in collector.list_first(find_no_references)] == list(
        range(1, MAX_STORED_PROBLEMS + 1)
    )
    *problems, last = collector.list_first(find_no_references)
    assert {located.problem for located in problems} == {WRONG}
    assert (last.problem.code, last.is_warning, last.heading, last.field) == (
        "list_truncated",
        True,
        None,
        None,
    )
    assert last.problem.detail.nl.startswith("De lijst stopt hier: ")
    assert last.problem.detail.en.startswith("The list ends here: ")
    assert collector.totals == {("invalid_value", "Naam", False): MAX_STORED_PROBLEMS + more}


def test_list_first_sorts_late_problems_by_row() -> None:
    collector = make_collector(3 * MAX_STORED_PROBLEMS)
    for key in range(3 * MAX_STORED_PROBLEMS):
        collector.add_all({key: [WRONG]})
    collector.add_all({1: [FORGOTTEN]})
    listed = [
        (located.origin.row, located.problem.code) for located in collector.list_first(find_no_references)
    ]
    assert listed[:4] == [(1, "invalid_value"), (2, "invalid_value"), (2, "required"), (3, "invalid_value")]
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
def test_name_column_without_heading_returns_field_label(
    heading: str | None, field: str | None, language: Language, named: str
) -> None:
    assert name_column(heading, field, language, FIELD_LABELS) == named
