"""An editor of Amsterdam in a browser."""

from collections.abc import Iterator

import pytest

from tests.support.import_browser import ImportBrowser, open_import_browser


@pytest.fixture
def eva(fresh_database: str) -> Iterator[ImportBrowser]:
    with open_import_browser(fresh_database) as browser:
        yield browser
