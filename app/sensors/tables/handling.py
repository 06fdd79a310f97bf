"""How municipalities handle what is submitted to them: public counts, counted again once a day."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, Date, Integer, Table, Text

from app.core.database import Base

handled_month: Final = Table(
    "handled_month",
    Base.metadata,
    Column("municipality_code", Text, primary_key=True),
    # The first day of the month in which it was submitted, in Dutch time.
    Column("month", Date, primary_key=True),
    # Days until the answer; -1 for what has none yet.
    Column("days", Integer, primary_key=True, autoincrement=False),
    Column("submissions", Integer, nullable=False),
    # Answered within the term of review; of those without an answer, how many are within it still.
    Column("in_time", Integer, nullable=False),
    Column("counted_on", Date, nullable=False),
    CheckConstraint("in_time BETWEEN 0 AND submissions", name="in_time_of_submissions"),
    schema="publication",
)
