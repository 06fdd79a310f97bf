"""A company, and the reading context of the files of a municipality."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.records.layouts import ReadingContext, load_context
from tests.support.organisations import make_organisation
from tests.support.sensors import TODAY


@pytest.fixture
def company(session: Session) -> UUID:
    return make_organisation(session, kvkNumber="01234567")


@pytest.fixture
def context(session: Session, amsterdam: UUID, company: UUID) -> ReadingContext:
    """Data needed to read files of Amsterdam."""
    return load_context(session, owner=amsterdam, defaults={}, language="nl", today=TODAY)
