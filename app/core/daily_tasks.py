"""Tasks that are done once a day, by whichever worker comes first; a day without a worker is made up on the next."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Date, DateTime, Engine, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base, transaction


class DailyTask(Base):
    """The last day on which a task was done as a whole."""

    __tablename__ = "daily_task"
    __table_args__ = ({"schema": "register"},)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    done_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def do_daily(engine: Engine, name: str, today: date, task: Callable[[], object]) -> bool:
    """Do a task unless it was done today. Returns whether it was done now.

    A task that fails is not noted, and so is done again. Two workers may do it at once: it must be harmless to repeat.
    """
    with transaction(engine) as session:
        done_on = session.scalar(select(DailyTask.done_on).where(DailyTask.name == name))
    if done_on is not None and done_on >= today:
        return False
    task()
    with transaction(engine) as session:
        note = insert(DailyTask).values(name=name, done_on=today)
        session.execute(
            note.on_conflict_do_update(
                index_elements=["name"], set_={"done_on": note.excluded.done_on, "done_at": func.now()}
            )
        )
    return True


def list_daily_tasks(session: Session) -> Sequence[tuple[str, datetime]]:
    """The name of each task that was ever done, and when it last was; by name."""
    rows = session.execute(select(DailyTask.name, DailyTask.done_at).order_by(DailyTask.name))
    return [(name, done_at) for name, done_at in rows]


def find_done_at(session: Session, name: str) -> datetime | None:
    """When a task was last done; None where it never was."""
    return session.scalar(select(DailyTask.done_at).where(DailyTask.name == name))
