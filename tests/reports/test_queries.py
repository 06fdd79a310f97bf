"""The inbox among many reports: its pages are read by an index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.database import transaction
from app.reports.queries import PAGE_ROWS, ReportSearch, list_reports
from tests.reports.test_actions import make_handler
from tests.support.concurrency import read_state
from tests.support.people import make_person
from tests.support.reports import ReportDesk, open_report_desk

MANY = 30_000

_FILL = f"""
INSERT INTO register.report
    (kind, sensor_id, municipality_code, text, token_hash, language, may_publish, due_on, created_at)
SELECT kind, sensor_id, 'GM' || lpad((n % 300)::text, 4, '0'), text, sha256(convert_to(n::text, 'UTF8')), language,
    may_publish, due_on + n % 100, created_at
FROM register.report, generate_series(1, {MANY}) AS n
"""


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def explain(session: Session, statement: str) -> str:
    return "\n".join(session.scalars(text(f"EXPLAIN {statement}")))


def test_inbox_among_many_reports_reads_an_index(desk: ReportDesk) -> None:
    desk.report()
    with transaction(read_state(desk.client).write_engine) as session:
        session.execute(text(_FILL))
        session.execute(text("ANALYZE register.report"))
        handler = make_handler(desk, make_person(session, "Eva", ("editor", desk.municipality)))
        reports, total = list_reports(session, handler, ReportSearch(), page=1)
        in_amsterdam = session.execute(
            text("SELECT count(*) FROM register.report WHERE municipality_code = 'GM0363'")
        ).scalar_one()
        assert (len(reports), total) == (min(PAGE_ROWS, in_amsterdam), in_amsterdam)
        assert [one.due_on for one in reports] == sorted(one.due_on for one in reports)
        own = f"municipality_code IN ('GM0012') OR forwarded_to IN ('{desk.company}')"
        plan = explain(session, f"SELECT count(*) FROM register.report WHERE ({own}) AND ended_at IS NULL")
    assert "Seq Scan" not in plan
    assert "ix_report_municipality_code_due_on" in plan
