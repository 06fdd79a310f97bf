"""Storage of the report and the problems of an import."""

import math
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlalchemy.orm import Session

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, ProblemCode
from app.files.located_problem import LocatedProblem
from app.imports.account import write_account
from app.imports.changes import write_changes
from app.imports.planned_places import store_planned
from app.imports.report import ImportReport, ProblemGroup
from app.imports.tables import SensorImport, SensorImportProblem

MAX_VALUE_CHARACTERS: Final = 200


def store_report(session: Session, import_id: UUID, report: ImportReport) -> None:
    """Store the report of an import in place of an earlier one, and whether it was applied."""
    counts = report.counts
    document: dict[str, Any] = {
        "rows": report.rows,
        "counts": {
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "refused": counts.refused,
            "ended": counts.ended,
            "awaitingReview": counts.awaiting_review,
        },
        "problemTotals": [
            _write_total(kind, count, report.groups.get(kind)) for kind, count in report.totals.most_common()
        ],
        "assumptions": [list(one) for one in report.assumptions],
        "unusedHeadings": report.unused_headings,
        "endedReferences": list(report.ended_references),
        "changes": write_changes(report.differences, report.origins),
        "account": report.account and write_account(report.account),
    }
    document = _replace_all_unstorable(document)
    session.execute(
        update(SensorImport)
        .where(SensorImport.id == import_id)
        .values(
            status="applied" if report.applied else "checked",
            format=report.format,
            layout=report.layout,
            report=document,
            mapping=report.mapping and report.mapping.write_document(),
            mapping_name=report.mapping and report.mapping.name,
            finished_at=func.clock_timestamp(),
        )
    )
    session.execute(delete(SensorImportProblem).where(SensorImportProblem.import_id == import_id))
    rows = [
        _problem_columns(import_id, position, located) for position, located in enumerate(report.problems, 1)
    ]
    if rows:
        session.execute(insert(SensorImportProblem), rows)
    # An applied row is in the register, and no plan any more.
    planned = () if report.applied else report.planned
    origins = {
        key: origin._replace(table=origin.table and _replace_unstorable(origin.table))
        for key, origin in report.origins.items()
    }
    store_planned(session, import_id, planned, origins)


def _write_total(kind: tuple[str, str, bool], count: int, group: ProblemGroup | None) -> dict[str, Any]:
    code, heading, is_warning = kind
    total = {"code": code, "heading": heading, "isWarning": is_warning, "count": count}
    if group is None:
        return total
    return total | {
        "column": group.letter,
        "detail": list(group.detail),
        "firstRows": [
            {"row": origin.row} | ({"table": origin.table} if origin.table else {})
            for origin in group.origins
        ],
    }


class Failure(NamedTuple):
    """Explanation for the owner of an import; `code` is that of the only problem."""

    detail: LocalizedText
    code: ProblemCode | None = None


def end_import(session: Session, import_id: UUID, status: str, failure: Failure | None = None) -> None:
    """Store how an import ended."""
    session.execute(
        update(SensorImport)
        .where(SensorImport.id == import_id)
        .values(
            status=status,
            failure_nl=failure and _replace_unstorable(failure.detail.nl),
            failure_en=failure and _replace_unstorable(failure.detail.en),
            failure_code=failure and failure.code,
            finished_at=func.clock_timestamp(),
        )
        .execution_options(synchronize_session=False)
    )


def _problem_columns(import_id: UUID, position: int, located: LocatedProblem) -> dict[str, Any]:
    problem = located.problem
    return {
        "import_id": import_id,
        "position": position,
        "table_name": located.origin.table and _replace_unstorable(located.origin.table),
        "row_number": located.origin.row,
        "column_letter": located.letter,
        "reference": located.reference,
        "heading": located.heading and _replace_unstorable(located.heading),
        "field": located.field,
        "code": problem.code,
        "detail_nl": _replace_unstorable(problem.detail.nl),
        "detail_en": _replace_unstorable(problem.detail.en),
        "value": _format_value(problem.value),
        "suggestion": _format_value(problem.suggestion),
        "is_warning": located.is_warning,
    }


def _format_value(value: object) -> Any:
    """A value that JSON in PostgreSQL can hold; None for no value."""
    if value is ABSENT or value is None or isinstance(value, bool | int):
        return None if value is ABSENT else value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = _replace_unstorable(str(value))
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[:MAX_VALUE_CHARACTERS] + "…"


def _replace_unstorable(text: str) -> str:
    """A text that PostgreSQL can hold: without NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _replace_all_unstorable(value: Any) -> Any:
    if isinstance(value, str):
        return _replace_unstorable(value)
    if isinstance(value, list | tuple):
        return [_replace_all_unstorable(item) for item in value]
    if isinstance(value, dict):
        return {name: _replace_all_unstorable(item) for name, item in value.items()}
    return value
