"""A register with an administrator of Amsterdam at work."""

from collections.abc import Iterator

import pytest

from tests.support.workplace import Editor, Workplaces, open_workplaces


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as workplaces:
        yield workplaces


@pytest.fixture
def manager(workplaces: Workplaces) -> Editor:
    """The browser of an administrator of Amsterdam."""
    return workplaces.sign_in("maryam", role="administrator")
