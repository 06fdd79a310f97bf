"""Tasks that are done once a day, by whichever worker comes first; a day without a worker is made up on the next."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Date, DateTime, Engine, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

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
