"""What is kept of the problems of an import, and where a person is told that they stand."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from app.core.errors import Problem
from app.core.language import Language, Text
from app.exchange.findings import MOST_KEPT, Findings, name_column
from app.exchange.records import Origin, Record

WRONG = Problem("wrong", "/name", Text("Fout.", "Wrong."))
FORGOTTEN = Problem("forgotten", "/name", Text("Vergeten.", "Forgotten."))


class Reader:
    """A file of one table with a column for the name."""

    layout = "own"
    assumptions: Sequence[Text] = ()
    unused_headings: Sequence[str] = ()

    def find_heading(self, _origin: Origin, _field: str, _value: object = None) -> str | None:
        return "Naam"

    def asks(self, _field: str) -> bool:
        return True

    def read_records(self) -> Iterator[list[Record]]:
        yield []


def make_findings(rows: int) -> Findings:
    reader: Any = Reader()
    findings = Findings(reader)
    findings.number([Record(Origin(None, row), {}) for row in range(1, rows + 1)])
    return findings


def test_a_list_that_fits_is_whole() -> None:
    findings = make_findings(MOST_KEPT)
    findings.add_all({key: [WRONG] for key in range(MOST_KEPT)})
    assert [located.origin.row for located in findings.first] == list(range(1, MOST_KEPT + 1))
    assert {located.problem for located in findings.first} == {WRONG}


@pytest.mark.parametrize("more", [1, MOST_KEPT, 2 * MOST_KEPT + 7])
def test_a_list_that_is_cut_off_says_where(more: int) -> None:
    findings = make_findings(MOST_KEPT + more)
    keys = list(range(MOST_KEPT + more))
    random.Random(more).shuffle(keys)
    findings.add_all({key: [WRONG] for key in keys})
    assert [located.origin.row for located in findings.first] == list(range(1, MOST_KEPT + 1))
    *kept, last = findings.first
    assert {located.problem for located in kept} == {WRONG}
    assert (last.problem.code, last.is_warning, last.heading, last.field) == ("list_ends", True, None, None)
    assert (last.problem.detail.nl[:24], last.problem.detail.en[:18]) == (
        "Hier houdt de lijst op: ", "The list ends here",
    )  # fmt: skip
    assert findings.totals == {("wrong", "Naam", False): MOST_KEPT + more}


def test_what_is_found_last_is_listed_with_its_row() -> None:
    findings = make_findings(3 * MOST_KEPT)
    for key in range(3 * MOST_KEPT):
        findings.add_all({key: [WRONG]})
    findings.add_all({1: [FORGOTTEN]})
    listed = [(located.origin.row, located.problem.code) for located in findings.first]
    assert listed[:4] == [(1, "wrong"), (2, "wrong"), (2, "forgotten"), (3, "wrong")]
    assert len(listed) == MOST_KEPT


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
    assert name_column(heading, field, language) == named
