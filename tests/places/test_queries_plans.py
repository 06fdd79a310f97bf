"""Query plans of the search of places on 100,000 sensors: rare words come from their index, common ones stop early."""

import re

import psycopg
import pytest

from app.core.clock import dutch_date
from app.places.queries import MAX_NAMING_ANY, NAMED_SQL, SAMPLE, WORD_SQL
from app.places.spelling import list_spellings

pytestmark = pytest.mark.slow

MOST = 10_000
INDEX = "ix_published_sensor_words"


@pytest.mark.parametrize("words", ["77777", "bestaatniet", "sensor 77777"])
def test_sensors_with_rare_words_are_counted_from_the_index(
    large_register: psycopg.Connection, words: str
) -> None:
    plan = explain(large_register, NAMED_SQL, {"words": words, "most": MOST})
    assert INDEX in plan
    assert "Seq Scan" not in plan, plan


def test_sensors_with_common_words_are_counted_no_further_than_asked(
    large_register: psycopg.Connection,
) -> None:
    plan = explain(large_register, NAMED_SQL, {"words": "lantaarnpaal hoek", "most": MOST})
    assert count_left_out(plan) < MOST, plan


@pytest.mark.parametrize("spellings", [["77777", "77778"], ["bestaatniet", "bestaatwel"]])
def test_rare_spelling_is_found_by_one_scan_of_the_index(
    large_register: psycopg.Connection, spellings: list[str]
) -> None:
    plan = explain_spellings(large_register, spellings)
    assert plan.count(INDEX) == 1
    # Those of the sample that have another word, and sensors before them that have ended.
    assert count_left_out(plan) < 2 * SAMPLE, plan


def test_common_spelling_among_hundreds_is_found_in_some_of_the_sensors(
    large_register: psycopg.Connection,
) -> None:
    plan = explain_spellings(large_register, ["lantaanpaal", *list_spellings("lantaanpaal")])
    read = [int(rows) for rows in re.findall(r"on published_sensor\w* \(actual rows=(\d+)", plan)]
    assert sum(read) <= SAMPLE, plan


def explain_spellings(connection: psycopg.Connection, spellings: list[str]) -> str:
    values = {
        "spellings": spellings,
        "typed": spellings[0],
        "any_spelling": " | ".join(spellings),
        "sample": SAMPLE,
        "most": MAX_NAMING_ANY,
    }
    with connection.transaction():
        connection.execute("SET LOCAL enable_seqscan = off")
        return explain(connection, WORD_SQL, values)


def explain(connection: psycopg.Connection, statement: str, values: dict[str, object]) -> str:
    """The plan for these values, as carried out."""
    values = {"today": dutch_date(), **values}
    rows = connection.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement}", values, prepare=False)
    return "\n".join(row[0] for row in rows)


def count_left_out(plan: str) -> int:
    """The number of sensors that were read and do not count."""
    return sum(map(int, re.findall(r"Rows Removed by Filter: (\d+)", plan)))
