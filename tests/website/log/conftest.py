"""A register with editors in a browser of their own."""

from collections.abc import Iterator

import pytest

from tests.support.workplace import Editor, Workplaces, open_workplaces


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


@pytest.fixture
def eva(workplaces: Workplaces) -> Editor:
    """An editor of the municipality of Amsterdam."""
    return workplaces.sign_in("eva")
