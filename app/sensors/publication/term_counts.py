"""Counts of the sensors and versions that use each term, for who ends one: counted once a day, and read at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.sensors.fields import FIELDS, FieldKind
from app.sensors.registration_status import PUBLISHED_SQL
from app.sensors.tables.term_use import TermUse

COUNT_TASK: Final = "use of terms"
"""Name of the daily task that counts."""

_FIELDS: Final = tuple(field for field in FIELDS if field.vocabulary)
_COLUMNS: Final = tuple(field.column for field in _FIELDS)

# One pass over the versions: each list of codes is counted as it is stored, and taken apart afterwards.
_PICKED: Final = ", ".join(
    f"({1 << (len(_FIELDS) - 1 - place)}, '{field.vocabulary}', "
    + (field.column if field.kind is FieldKind.TERMS else f"ARRAY[{field.column}]")
    + ")"
    for place, field in enumerate(_FIELDS)
)
_COUNT: Final = f"""
INSERT INTO register.term_use (vocabulary, code, sensors, versions)
SELECT picked.vocabulary, code, sum(sensors), sum(versions)
FROM (
    SELECT {", ".join(_COLUMNS)}, GROUPING({", ".join(_COLUMNS)}) AS left_out,
        count(*) FILTER (WHERE {PUBLISHED_SQL} AND visibility <> 'internal') AS sensors, count(*) AS versions
    FROM register.sensor_version AS version
    GROUP BY GROUPING SETS ({", ".join(f"({column})" for column in _COLUMNS)})
) AS counted
CROSS JOIN LATERAL (VALUES {_PICKED}) AS picked (bit, vocabulary, codes)
CROSS JOIN LATERAL unnest(codes) AS code
WHERE left_out & picked.bit = 0 AND code IS NOT NULL
GROUP BY picked.vocabulary, code
ORDER BY picked.vocabulary, code
"""

COUNTED_VOCABULARIES: Final = frozenset(field.vocabulary for field in _FIELDS if field.vocabulary)
"""Vocabularies whose terms sensors have in a field of their own."""


@dataclass(frozen=True, slots=True)
class TermCount:
    """Public sensors whose present version uses a term, and versions of any time and status."""

    sensors: int = 0
    versions: int = 0


def count_term_use(session: Session) -> None:
    """Count again for all terms, in one pass over the versions. Readers see the former counts until the commit."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('term use', 0))"))
    session.execute(text("DELETE FROM register.term_use"))
    session.execute(text(_COUNT))


def list_term_use(session: Session, vocabulary: str) -> Mapping[str, TermCount]:
    """The counts of a vocabulary by code, at the last count; terms that nothing uses are left out."""
    rows = session.execute(
        select(TermUse.code, TermUse.sensors, TermUse.versions).where(TermUse.vocabulary == vocabulary)
    )
    return {code: TermCount(sensors, versions) for code, sensors, versions in rows}
