"""Queries of imports and their problems, by the principals who may see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.access.permissions import edited_organisations
from app.access.principal import Principal
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.query_string import parse_limit
from app.imports.tables import RUNNING, STATUSES, SensorImport, SensorImportProblem

DEFAULT_IMPORTS: Final = 100
MAX_IMPORTS: Final = 1000


def find_import(
    session: Session, principal: Principal, import_id: UUID, *, lock: bool = False
) -> SensorImport:
    """An import that the principal may see, with `lock` locked until the transaction ends. Raises: NotFound."""
    statement = select(SensorImport).where(SensorImport.id == import_id, _is_visible_to(principal))
    if lock:
        # Inserting problems takes a key share lock of the import: it does not conflict with this one.
        statement = statement.with_for_update(key_share=True)
    found = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound(
            LocalizedText(
                "Deze import bestaat niet, of u mag hem niet zien.",
                "This import does not exist, or you may not see it.",
            )
        )
    return found


def list_imports(
    session: Session, principal: Principal, parameters: Mapping[str, str]
) -> tuple[Sequence[SensorImport], UUID | None]:
    """The imports that the principal may see, newest first, and where the next page begins.

    `parameters` may hold `before` (an id) and `limit`, as texts. Raises: InvalidRequest.
    """
    problems: list[Problem] = []
    limit = parse_limit(parameters, DEFAULT_IMPORTS, MAX_IMPORTS, problems)
    before = _parse_id(parameters, "before", problems)
    if problems:
        raise InvalidRequest(problems=problems)
    statement = (
        select(SensorImport)
        .where(_is_visible_to(principal))
        .order_by(SensorImport.id.desc())
        .limit(limit + 1)
    )
    if before:
        statement = statement.where(SensorImport.id < before)
    found = session.scalars(statement).all()
    return found[:limit], found[limit - 1].id if len(found) > limit else None


class ImportSummary(NamedTuple):
    """An import as the command line lists it: its status in words, `counts` by wire name."""

    id: UUID
    file_name: str
    created_at: datetime
    status: LocalizedText
    counts: Mapping[str, int]


def list_newest_imports(session: Session, limit: int) -> list[ImportSummary]:
    """The newest imports of all principals, newest first."""
    newest = session.scalars(select(SensorImport).order_by(SensorImport.id.desc()).limit(limit))
    return [
        ImportSummary(
            one.id,
            one.file_name,
            one.created_at,
            STATUSES[one.status],
            (one.report or {}).get("counts", {}),
        )
        for one in newest
    ]


def list_problems(
    session: Session, import_id: UUID, parameters: Mapping[str, str]
) -> tuple[Sequence[SensorImportProblem], int | None]:
    """The problems and warnings in the order of the file, and the position after which the next page begins.

    `parameters` may hold `after` (a position) and `limit`, as texts. Raises: InvalidRequest.
    """
    problems: list[Problem] = []
    limit = parse_limit(parameters, DEFAULT_IMPORTS, MAX_IMPORTS, problems)
    after = parameters.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        detail = LocalizedText("Geef een geheel getal vanaf 0.", "Give a whole number from 0.")
        problems.append(Problem(ProblemCode.INVALID_NUMBER, "after", detail, after[:50], where="query"))
    if problems:
        raise InvalidRequest(problems=problems)
    found = session.scalars(
        select(SensorImportProblem)
        .where(SensorImportProblem.import_id == import_id, SensorImportProblem.position > int(after))
        .order_by(SensorImportProblem.position)
        .limit(limit + 1)
    ).all()
    return found[:limit], found[limit - 1].position if len(found) > limit else None


def list_all_problems(session: Session, import_id: UUID) -> Sequence[SensorImportProblem]:
    """Every stored problem and warning, in the order of the file."""
    return session.scalars(
        select(SensorImportProblem)
        .where(SensorImportProblem.import_id == import_id)
        .order_by(SensorImportProblem.position)
    ).all()


def _is_visible_to(principal: Principal) -> ColumnElement[bool]:
    """The principal's own imports, and those for an owner that the principal edits for.

    A colleague can so go on with an import.
    """
    owners = edited_organisations(principal)
    return or_(SensorImport.principal_id == principal.id, SensorImport.owner_id.in_(owners))


def _parse_id(parameters: Mapping[str, str], name: str, problems: list[Problem]) -> UUID | None:
    if name not in parameters:
        return None
    try:
        return UUID(parameters[name])
    except ValueError:
        detail = LocalizedText("Geef een id (een UUID).", "Give an id (a UUID).")
        problems.append(Problem(ProblemCode.INVALID_UUID, name, detail, parameters[name][:50], where="query"))
        return None


def count_waiting(session: Session, owner_id: UUID | None, principal_id: UUID | None) -> int:
    """Number of imports of an owner that wait for a worker; of the principal where they have no owner."""
    whose = (
        and_(SensorImport.owner_id.is_(None), SensorImport.principal_id == principal_id)
        if owner_id is None
        else SensorImport.owner_id == owner_id
    )
    statement = select(func.count()).select_from(SensorImport)
    waits = and_(SensorImport.status.in_(RUNNING), SensorImport.started_at.is_(None))
    return session.scalar(statement.where(whose, waits)) or 0
