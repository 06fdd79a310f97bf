"""What an import found, as it is kept with it."""

import math
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlalchemy.orm import Session

from app.core.errors import ABSENT
from app.core.i18n import LocalizedText
from app.files.located_problem import LocatedProblem
from app.imports.report import ImportReport
from app.imports.tables import SensorImport, SensorImportProblem

MAX_VALUE_CHARACTERS: Final = 200


def store_report(session: Session, import_id: UUID, report: ImportReport) -> None:
    """Keep what an import found, in place of what it found before, and whether it was applied."""
    counts = report.counts
    kept: dict[str, Any] = {
        "rows": report.rows,
        "counts": {
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "refused": counts.refused,
            "ended": counts.ended,
        },
        "problemTotals": [
            {"code": code, "heading": _readable(heading), "isWarning": is_warning, "count": count}
            for (code, heading, is_warning), count in report.totals.most_common()
        ],
        "assumptions": [[_readable(one.nl), _readable(one.en)] for one in report.assumptions],
        "unusedHeadings": [_readable(heading) for heading in report.unused_headings],
        "endedReferences": list(report.ended_references),
    }
    session.execute(
        update(SensorImport)
        .where(SensorImport.id == import_id)
        .values(
            status="applied" if report.applied else "checked",
            format=report.format,
            layout=report.layout,
            report=kept,
            finished_at=func.clock_timestamp(),
        )
    )
    session.execute(delete(SensorImportProblem).where(SensorImportProblem.import_id == import_id))
    rows = [
        _problem_columns(import_id, position, located) for position, located in enumerate(report.problems, 1)
    ]
    if rows:
        session.execute(insert(SensorImportProblem), rows)


def end_import(session: Session, import_id: UUID, status: str, failure: LocalizedText | None = None) -> None:
    """Note how an import ended; `failure` is what its owner reads."""
    session.execute(
        update(SensorImport)
        .where(SensorImport.id == import_id)
        .values(
            status=status,
            failure_nl=failure and _readable(failure.nl),
            failure_en=failure and _readable(failure.en),
            finished_at=func.clock_timestamp(),
        )
        .execution_options(synchronize_session=False)
    )


def _problem_columns(import_id: UUID, position: int, located: LocatedProblem) -> dict[str, Any]:
    problem = located.problem
    return {
        "import_id": import_id,
        "position": position,
        "table_name": located.origin.table and _readable(located.origin.table),
        "row_number": located.origin.row,
        "heading": located.heading and _readable(located.heading),
        "field": located.field,
        "code": problem.code,
        "detail_nl": _readable(problem.detail.nl),
        "detail_en": _readable(problem.detail.en),
        "value": _simple(problem.value),
        "suggestion": _simple(problem.suggestion),
        "is_warning": located.is_warning,
    }


def _simple(value: object) -> Any:
    """A value as JSON in PostgreSQL can hold it; None for none."""
    if value is ABSENT or value is None or isinstance(value, bool | int):
        return None if value is ABSENT else value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = _readable(str(value))
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[:MAX_VALUE_CHARACTERS] + "…"


def _readable(text: str) -> str:
    """A text from a file as PostgreSQL can hold it: no NUL, no half of a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
