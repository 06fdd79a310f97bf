"""The problems and warnings of the staged records, by key."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.sensors.registration.actions import REFERENCE_TAKEN
from app.sensors.registration.permissions import NOT_FOR_OWNER
from app.sensors.registration.validation import OWNER_ENDED, describe_outside
from app.sensors.registration.versions import load_warning

RECORDS_PER_BATCH: Final = 5_000
"""Records read at a time."""

WARNINGS_TABLE: Final = "coalesce(warning.first, '[]') || staged.warnings || coalesce(warning.last, '[]')"
"""SQL of the warnings of a staged record, in the same order as for a single record."""

_SELECT_PROBLEMS: Final = """
SELECT key, is_repeated, is_outside, is_forbidden, belongs_to_other, is_stale, is_of_ended,
    staged_sensor.reference, ST_X(location) AS longitude, ST_Y(location) AS latitude
FROM staged_decision JOIN staged_sensor USING (key)
WHERE is_repeated OR is_outside OR is_forbidden OR belongs_to_other OR is_stale OR is_of_ended
ORDER BY key
"""

_SELECT_WARNINGS: Final = f"""
SELECT key, warnings FROM (
    SELECT key, state, {WARNINGS_TABLE} AS warnings
    FROM staged_decision JOIN staged_sensor AS staged USING (key) LEFT JOIN staged_warning AS warning USING (key)
) AS warned
WHERE state IN ('new', 'changed') AND warnings <> '[]'
ORDER BY key
"""

_NOT_PERMITTED: Final = Problem(ProblemCode.NOT_PERMITTED, "/owner", NOT_FOR_OWNER)

_STALE: Final = Problem(
    ProblemCode.CHANGED_MEANWHILE,
    "/reference",
    LocalizedText(
        "Deze sensor is gewijzigd terwijl het bestand werd gecontroleerd. Bied het bestand opnieuw aan.",
        "This sensor was changed while the file was being checked. Submit the file again.",
    ),
)


def read_problems(session: Session) -> Iterator[dict[int, tuple[Problem, ...]]]:
    """The problems of each record that has any, by key, in batches."""
    for rows in _read_batches(session, _SELECT_PROBLEMS):
        yield {row["key"]: tuple(_list_problems(row)) for row in rows}


def read_warnings(session: Session) -> Iterator[dict[int, tuple[Problem, ...]]]:
    """The warnings of each new or changed record that has any, by key, in batches."""
    for rows in _read_batches(session, _SELECT_WARNINGS):
        yield {row["key"]: tuple(load_warning(stored) for stored in row["warnings"]) for row in rows}


def _read_batches(session: Session, statement: str) -> Iterator[Sequence[RowMapping]]:
    # One statement, read in batches.
    found = session.execute(text(statement), execution_options={"yield_per": RECORDS_PER_BATCH})
    yield from found.mappings().partitions()


def _list_problems(row: RowMapping) -> Iterator[Problem]:
    if row["is_repeated"]:
        yield _describe_repeated(row["reference"])
    if row["is_of_ended"]:
        yield OWNER_ENDED
    if row["is_outside"]:
        yield describe_outside([row["longitude"], row["latitude"]])
    if row["is_forbidden"]:
        yield _NOT_PERMITTED
    if row["belongs_to_other"]:
        yield REFERENCE_TAKEN
    if row["is_stale"]:
        yield _STALE


def _describe_repeated(reference: Any) -> Problem:
    detail = LocalizedText(
        "Deze referentie staat vaker in het bestand. Geef elke sensor een eigen referentie.",
        "This reference occurs more than once in the file. Give each sensor its own reference.",
    )
    return Problem(ProblemCode.REPEATED_REFERENCE, "/reference", detail, reference)
