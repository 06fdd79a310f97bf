"""Queries of imports and their problems, by the principals who may see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from app.access.permissions import edited_municipalities, edited_organisations
from app.access.principal import Principal
from app.access.queries import find_editor_since, list_left_organisations
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.imports.page_parameters import ImportPage, ProblemPage
from app.imports.tables import RUNNING, STATUSES, SensorImport, SensorImportProblem


def find_import(
    session: Session, principal: Principal, import_id: UUID, *, lock: bool = False
) -> SensorImport:
    """An import that the principal may see, with `lock` locked until the transaction ends. Raises: NotFound."""
    statement = select(SensorImport).where(SensorImport.id == import_id, _is_visible_to(session, principal))
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
    session: Session, principal: Principal, page: ImportPage
) -> tuple[Sequence[SensorImport], UUID | None]:
    """The imports that the principal may see, newest first, and where the next page begins."""
    limit = page.limit
    statement = (
        select(SensorImport)
        .where(_is_visible_to(session, principal))
        .order_by(SensorImport.id.desc())
        .limit(limit + 1)
    )
    if page.before:
        statement = statement.where(SensorImport.id < page.before)
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
    session: Session, import_id: UUID, page: ProblemPage
) -> tuple[Sequence[SensorImportProblem], int | None]:
    """The problems and warnings in the order of the file, and the position after which the next page begins."""
    limit = page.limit
    found = session.scalars(
        select(SensorImportProblem)
        .where(SensorImportProblem.import_id == import_id, SensorImportProblem.position > page.after)
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


def _is_visible_to(session: Session, principal: Principal) -> ColumnElement[bool]:
    """Imports for an owner that the principal edits for, so that a colleague can go on with one; and its own.

    Those are imports without an owner, or by an editor of a municipality for another owner. They stay visible for as
    long as the principal has the role that it may have had then: who left an organisation sees none of its imports.
    """
    owners = edited_organisations(principal)
    since = find_editor_since(session, principal)
    if since is None:
        return false()
    own = and_(SensorImport.principal_id == principal.id, SensorImport.created_at >= since)
    if edited_municipalities(principal):
        left = list_left_organisations(session, principal.id)
        is_of_other = or_(SensorImport.owner_id.is_(None), SensorImport.owner_id.not_in(left))
    else:
        is_of_other = SensorImport.owner_id.is_(None)
    return or_(SensorImport.owner_id.in_(owners), and_(own, is_of_other))


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
