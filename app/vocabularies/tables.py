"""Vocabularies and their terms, which are public, and the stamp of their version."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class VocabularyRow(Base):
    """One list, named as its field is on the wire."""

    __tablename__ = "vocabulary"
    __table_args__ = ({"schema": "publication"},)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int]
    label_nl: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    definition_nl: Mapped[str] = mapped_column(Text)
    definition_en: Mapped[str] = mapped_column(Text)


class TermRow(Base):
    """One value of a list, valid in the half-open period [valid_from, valid_until).

    `parent_code` is the sensorType of a sensorSubtype, `broader` the smartCityTheme of a theme. `uri` is a path
    without the register's address, which may change. `alternative_labels` are words that people use for it, as in SKOS;
    plurals are left out.
    """

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("valid_until > valid_from", name="period_not_empty"),
        CheckConstraint("code ~ '^[a-z][a-z0-9_]*$'", name="code_plain"),
        {"schema": "publication"},
    )

    vocabulary: Mapped[str] = mapped_column(ForeignKey("publication.vocabulary.name"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(Text)
    broader: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]
    label_nl: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    definition_nl: Mapped[str] = mapped_column(Text)
    definition_en: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    uri: Mapped[str] = mapped_column(Text, unique=True)
    alternative_labels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class VocabularyStamp(Base):
    """A single row whose id a trigger replaces with every change of a vocabulary or term."""

    __tablename__ = "vocabulary_stamp"
    __table_args__ = (CheckConstraint("only_row", name="only_row"), {"schema": "publication"})

    only_row: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=text("true"))
    id: Mapped[UUID]
