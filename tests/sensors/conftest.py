"""A country to register in, and two who register: a municipality and a company."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from tests.support.organisations import make_organisation, make_principal


@pytest.fixture
def officer(session: Session, amsterdam: UUID) -> Principal:
    """An editor of the municipality of Amsterdam."""
    return make_principal(session, amsterdam)


@pytest.fixture
def company(session: Session, amsterdam: UUID) -> Principal:
    """An editor of a company."""
    return make_principal(session, make_organisation(session))
