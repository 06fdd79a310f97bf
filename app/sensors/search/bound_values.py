"""Values that each request binds to a statement."""

from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam


def bind(name: str, kind: Any) -> ColumnElement[Any]:
    """A bound value with an explicit type, so that PostgreSQL need not infer it."""
    return bindparam(name, type_=kind)


def today() -> ColumnElement[Any]:
    """The day of the search in Europe/Amsterdam, bound as `today`."""
    return bind("today", Date())
