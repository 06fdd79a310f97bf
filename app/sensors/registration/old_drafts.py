"""Drafts that no one touches: their makers get a mail, and a month later they are deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.sensors.tables.drafts import SensorDraft

KEPT: Final = timedelta(days=365)
"""How long a draft is stored after it was last saved."""

NOTICE: Final = timedelta(days=30)
"""How long before its end the maker of a draft gets a mail, at least."""


@dataclass(frozen=True, slots=True)
class OldDrafts:
    """Drafts of one maker for one organisation that will be deleted."""

    created_by: UUID
    organisation_id: UUID
    number: int


def find_end(saved_at: datetime, warned_at: datetime | None) -> datetime | None:
    """The moment at which a draft is deleted; None for one that no mail was sent about, or that was saved since."""
    return None if warned_at is None or warned_at < saved_at else max(saved_at + KEPT, warned_at + NOTICE)


def warn_of_old_drafts(session: Session, now: datetime) -> Sequence[OldDrafts]:
    """Note that the makers of old drafts get a mail, and return them; each draft is there once, until it is saved."""
    due = (
        update(SensorDraft)
        .where(
            SensorDraft.saved_at <= now - KEPT + NOTICE,
            or_(SensorDraft.warned_at.is_(None), SensorDraft.warned_at < SensorDraft.saved_at),
        )
        .values(warned_at=now)
        .returning(SensorDraft.created_by, SensorDraft.organisation_id)
        .execution_options(synchronize_session=False)
        .cte("due")
    )
    found = session.execute(
        select(due.c.created_by, due.c.organisation_id, func.count())
        .group_by(due.c.created_by, due.c.organisation_id)
        .order_by(due.c.created_by, due.c.organisation_id)
    )
    return [OldDrafts(*row) for row in found]


def delete_old_drafts(session: Session, now: datetime) -> int:
    """Delete drafts that were not saved for a year, and whose makers got a mail a month ago. Returns how many."""
    found = session.scalars(
        delete(SensorDraft)
        .where(
            SensorDraft.saved_at <= now - KEPT,
            SensorDraft.warned_at <= now - NOTICE,
            SensorDraft.warned_at >= SensorDraft.saved_at,
        )
        .returning(SensorDraft.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(found)


def delete_drafts_of(session: Session, principal_id: UUID) -> int:
    """Delete the drafts that a person made and that no one else saved a step of. Returns how many.

    A draft in which a colleague works stays theirs.
    """
    rows = session.execute(
        select(SensorDraft.id, SensorDraft.saves)
        .where(SensorDraft.created_by == principal_id)
        .with_for_update()
    ).all()
    own = [
        draft_id for draft_id, saves in rows if all(one["by"] == str(principal_id) for one in saves.values())
    ]
    session.execute(
        delete(SensorDraft).where(SensorDraft.id.in_(own)).execution_options(synchronize_session=False)
    )
    return len(own)
