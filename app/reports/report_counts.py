"""The public numbers of reports: by municipality, the year in which they came, and kind.

They are counted along in the transaction of each action, so that the read role sees numbers and no report.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.reports.tables import Report

_ADD: Final = """
INSERT INTO publication.report_count AS kept
    (municipality_code, year, kind, received, answered, rejected, in_time)
VALUES (:municipality_code, :year, :kind, :received, :answered, :rejected, :in_time)
ON CONFLICT (municipality_code, year, kind) DO UPDATE SET
    received = kept.received + excluded.received, answered = kept.answered + excluded.answered,
    rejected = kept.rejected + excluded.rejected, in_time = kept.in_time + excluded.in_time
"""

COUNTS_SQL: Final = """
SELECT municipality_code, year, kind, received, answered, rejected, in_time
FROM publication.report_count
WHERE CAST(%(municipality_code)s AS text) IS NULL OR municipality_code = %(municipality_code)s
ORDER BY municipality_code, year, kind
"""
SUM_SQL: Final = """
SELECT coalesce(sum(received), 0), coalesce(sum(answered), 0), coalesce(sum(rejected), 0), coalesce(sum(in_time), 0)
FROM publication.report_count
WHERE CAST(%(municipality_code)s AS text) IS NULL OR municipality_code = %(municipality_code)s
"""


@dataclass(frozen=True, slots=True)
class ReportSum:
    """Reports together; `in_time` are those that were answered or rejected by their due date."""

    received: int
    answered: int
    rejected: int
    in_time: int

    @property
    def ended(self) -> int:
        return self.answered + self.rejected

    @property
    def waiting(self) -> int:
        return self.received - self.ended


@dataclass(frozen=True, slots=True)
class CountedReports:
    """The reports of one municipality (None outside all), year and kind."""

    municipality_code: str | None
    year: int
    kind: str
    sum: ReportSum


def count_report(
    session: Session,
    report: Report,
    what: Literal["received", "answered", "rejected"],
    *,
    in_time: bool = False,
) -> None:
    """Count what happened to a report, under the year in which it came."""
    values = {
        "municipality_code": report.municipality_code or "",
        "year": dutch_date(report.created_at).year,
        "kind": report.kind,
        **{name: int(name == what) for name in ("received", "answered", "rejected")},
        "in_time": int(in_time),
    }
    session.execute(text(_ADD), values)


async def read_counts(
    pool: AsyncConnectionPool[Any], municipality_code: str | None = None
) -> list[CountedReports]:
    """The numbers of one municipality, or of all."""
    async with pool.connection() as connection:
        cursor = await connection.execute(COUNTS_SQL, {"municipality_code": municipality_code})
        rows = await cursor.fetchall()
    return [
        CountedReports(code or None, int(year), kind, ReportSum(*map(int, numbers)))
        for code, year, kind, *numbers in rows
    ]


async def read_sum(pool: AsyncConnectionPool[Any], municipality_code: str | None = None) -> ReportSum:
    """The numbers of one municipality, or of all, together."""
    async with pool.connection() as connection:
        cursor = await connection.execute(SUM_SQL, {"municipality_code": municipality_code})
        row = await cursor.fetchone()
    return ReportSum(*map(int, row or (0, 0, 0, 0)))
