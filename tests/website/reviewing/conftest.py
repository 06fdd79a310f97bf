"""A company that submits sensors in Amsterdam, and a reviewer of that municipality."""

from collections.abc import Iterator

import pytest

from tests.support.workplace import Editor, Workplaces, open_workplaces


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


@pytest.fixture
def carla(workplaces: Workplaces) -> Editor:
    """An editor of the company."""
    return workplaces.sign_in("carla", workplaces.company)


@pytest.fixture
def bram(workplaces: Workplaces) -> Editor:
    """A reviewer of the municipality of Amsterdam."""
    return workplaces.sign_in("bram", role="reviewer")
