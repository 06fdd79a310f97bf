"""Most tests of commands read English; those of imports and of the language read Dutch by default, as people do."""

from collections.abc import Iterator

import pytest

from app.cli import localised_commands
from app.cli.language import current_language, set_language


@pytest.fixture(autouse=True)
def _english(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = current_language()
    if request.path.name != "test_language.py" and request.path.parent.name != "imports":
        monkeypatch.setattr(localised_commands, "DEFAULT", "en")
        set_language("en")
    yield
    set_language(before)
