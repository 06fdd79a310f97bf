"""Use of the terms of vocabularies: how many sensors and versions have each; private."""

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class TermUse(Base):
    """The counts of one term at the last count. A term that nothing uses has no row."""

    __tablename__ = "term_use"
    __table_args__ = ({"schema": "register"},)

    vocabulary: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    sensors: Mapped[int] = mapped_column(BigInteger)
    versions: Mapped[int] = mapped_column(BigInteger)
