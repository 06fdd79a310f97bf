"""Order of the queue of reviewers, and the words that it is searched by."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, case, func, or_, select
from sqlalchemy.orm import Session

from app.organisations.queries import list_organisations_by_words
from app.sensors.tables.register import sensor, sensor_version

_named = sensor.alias("named")


class QueueOrder(StrEnum):
    """Order of the queue, by its name in addresses."""

    OLDEST = "oldest"
    """Oldest submission first."""
    DUE = "due"
    """Earliest end of its term first, so those of which it has passed on top."""


def list_order(
    order: QueueOrder, version: FromClause, place: ColumnElement[str], days: Mapping[str, int]
) -> tuple[ColumnElement[Any], ...]:
    """The expressions that a version is sorted by. `days` are the terms of municipalities, by the code of a `place`."""
    recorded: ColumnElement[Any] = version.c.recorded_at
    # Within one municipality the oldest submission is due first.
    if order is QueueOrder.DUE and len(set(days.values())) > 1:
        term = case(dict(days), value=place, else_=max(days.values()))
        recorded += func.make_interval(0, 0, 0, term)
    return recorded, version.c.id


def match_words(session: Session, words: str) -> list[ColumnElement[bool]]:
    """Conditions on a version: each word is in its reference, name, registration number or the name of its owner."""
    found = list(dict.fromkeys(words.lower().split()))
    owners = list_organisations_by_words(session, found)
    return [_match(word, owners[word]) for word in found]


def _match(word: str, owners: list[UUID]) -> ColumnElement[bool]:
    version = sensor_version.c
    code = select(_named.c.public_code).where(_named.c.id == version.sensor_id).scalar_subquery()
    texts = (version.reference, version.name, code)
    matches = [func.lower(one).contains(word, autoescape=True) for one in texts]
    return or_(*matches, *([version.owner_id.in_(owners)] if owners else []))
