"""Editors at their workplace, and a session with one."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from tests.support.organisations import make_principal
from tests.support.workplace import Editor, Workplaces, open_workplaces


@pytest.fixture
def officer(session: Session, amsterdam: UUID) -> Principal:
    """An editor of the municipality of Amsterdam."""
    return make_principal(session, amsterdam)


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


@pytest.fixture
def eva(workplaces: Workplaces) -> Editor:
    """An editor of the municipality of Amsterdam who is signed in."""
    return workplaces.sign_in("eva")
