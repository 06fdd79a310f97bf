"""Number of the public sensors of one owner, from the index of owners."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sensors.tables.publication import published_sensor


def count_published_of(session: Session, owner_id: UUID) -> int:
    """The public sensors of an owner, removed ones included."""
    statement = select(func.count()).where(published_sensor.c.owner_id == owner_id)
    return int(session.scalars(statement).one())
