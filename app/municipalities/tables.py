"""Tables of municipalities, all public: editions, boundaries, parts of boundaries, and successions."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Double, ForeignKey, ForeignKeyConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class MunicipalityEdition(Base):
    """The boundaries of one year. The edition in force decides in which municipality a sensor lies."""

    __tablename__ = "municipality_edition"
    __table_args__ = (
        CheckConstraint("edition BETWEEN 1900 AND 2100", name="year"),
        # At most one row is true.
        Index("uq_municipality_edition_in_force", "in_force", unique=True, postgresql_where=text("in_force")),
        {"schema": "publication"},
    )

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approximate: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(
        TIMESTAMP(timezone=True), server_default=func.clock_timestamp()
    )
    in_force: Mapped[bool]


class Municipality(Base):
    """A municipality in one edition; `extent` and `extent_rd` are west, south, east, north."""

    __tablename__ = "municipality"
    __table_args__ = (
        CheckConstraint("code ~ '^GM[0-9]{4}$'", name="code"),
        ForeignKeyConstraint(["edition"], ["publication.municipality_edition.edition"], ondelete="CASCADE"),
        Index("ix_municipality_boundary", "boundary", postgresql_using="gist"),
        Index("ix_municipality_boundary_rd", "boundary_rd", postgresql_using="gist"),
        {"schema": "publication"},
    )

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    province: Mapped[str | None] = mapped_column(Text)
    boundary: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", 4258, spatial_index=False))
    boundary_rd: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", 28992, spatial_index=False))
    label_point: Mapped[Any] = mapped_column(Geometry("POINT", 4258, spatial_index=False))
    label_point_rd: Mapped[Any] = mapped_column(Geometry("POINT", 28992, spatial_index=False))
    extent: Mapped[list[float]] = mapped_column(ARRAY(Double))
    extent_rd: Mapped[list[float]] = mapped_column(ARRAY(Double))


class MunicipalityPart(Base):
    """A small part of a boundary, which makes the test of a point fast."""

    __tablename__ = "municipality_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition", "code"],
            ["publication.municipality.edition", "publication.municipality.code"],
            ondelete="CASCADE",
        ),
        Index("ix_municipality_part_part_rd", "part_rd", postgresql_using="gist"),
        {"schema": "publication"},
    )

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part_rd: Mapped[Any] = mapped_column(Geometry("POLYGON", 28992, spatial_index=False))


class MunicipalitySuccession(Base):
    """The code that took over most of the territory of a former one, and the edition from which it did."""

    __tablename__ = "municipality_succession"
    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        {"schema": "publication"},
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    since_edition: Mapped[int] = mapped_column(
        ForeignKey("publication.municipality_edition.edition", ondelete="CASCADE"), primary_key=True
    )
    successor_code: Mapped[str] = mapped_column(Text)
    share: Mapped[float] = mapped_column(Double)
