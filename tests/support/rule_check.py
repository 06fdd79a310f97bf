"""Validation of records against every rule, without storing them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, create_engine, select
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url, transaction
from app.core.errors import InvalidRequest
from app.core.problems import Problem
from app.sensors.registration.queries import load_validation_context
from app.sensors.registration.validation import CheckedSensor, check_sensor
from app.sensors.search.feature_json import feature_text
from app.sensors.tables.publication import published_version
from app.spatial.crs import Crs
from tests.support.organisations import make_municipality, make_organisation
from tests.support.sensors import TODAY, load_cities


@dataclass(frozen=True, slots=True)
class Desk:
    """`municipality` and `company` are ids; the municipality is the default owner of a record."""

    session: Session
    municipality: str
    company: str

    def check(
        self, record: dict[str, Any], *, today: date = TODAY, crs: Crs = Crs.CRS84, company: bool = False
    ) -> CheckedSensor:
        """The record as it would be stored. Raises: InvalidRequest."""
        given = {"owner": self.company if company else self.municipality, **record}
        return check_sensor(self.session, given, load_validation_context(self.session, given, crs, today))

    def refuse(
        self, record: dict[str, Any], *, today: date = TODAY, crs: Crs = Crs.CRS84
    ) -> tuple[Problem, ...]:
        """The problems of a record that must have some, each complete."""
        with pytest.raises(InvalidRequest) as refused:
            self.check(record, today=today, crs=crs)
        check_wording(refused.value.problems)
        return refused.value.problems

    def name(
        self, record: dict[str, Any], *, today: date = TODAY, crs: Crs = Crs.CRS84
    ) -> set[tuple[str, str]]:
        """Location and code of each problem."""
        return {(problem.location, problem.code) for problem in self.refuse(record, today=today, crs=crs)}


def check_wording(problems: tuple[Problem, ...]) -> None:
    """Check that each is a sentence in both languages and can be written as JSON."""
    for problem in problems:
        json.dumps(problem.render("nl"), allow_nan=False)
        assert all(text.endswith((".", "?")) for text in problem.detail), problem
        assert problem.detail.nl != problem.detail.en, problem


def read_features(session: Session, table: Table = published_version) -> list[dict[str, Any]]:
    """The public features in the order of their versions, as published in longitude and latitude."""
    rows = session.scalars(
        select(feature_text(table, Crs.CRS84)).order_by(table.c.id, table.c.version), {"today": TODAY}
    )
    return [json.loads(row) for row in rows]


@contextmanager
def open_desk(database_url: str) -> Iterator[Desk]:
    """A rule check on a database with five cities, a municipality and a company."""
    engine = create_engine(sqlalchemy_url(database_url))
    with transaction(engine) as session:
        load_cities(session)
        municipality, company = make_municipality(session), make_organisation(session)
    with Session(engine) as session:
        yield Desk(session, str(municipality), str(company))
    engine.dispose()
