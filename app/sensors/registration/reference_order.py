"""Order of references as people count: cam-2 before cam-10."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Text, func, literal, literal_column, select
from sqlalchemy.orm import Session

_COLLATION: Final[ColumnElement[Any]] = literal_column("register.natural_order")
"""Collation that compares the digits in a text as numbers; a migration makes it."""


def natural_order(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The text of a column, to sort by."""
    ordered: ColumnElement[str] = column.op("COLLATE")(_COLLATION)
    return ordered


def rank_references(session: Session, references: Collection[str]) -> dict[str, int]:
    """The position of each of these references in that order, from 0."""
    listed = func.unnest(literal(list(set(references)), ARRAY(Text))).column_valued("reference")
    ordered = session.scalars(select(listed).order_by(natural_order(listed), listed))
    return {reference: position for position, reference in enumerate(ordered)}
