"""Fixtures that check mappings for the municipality of Amsterdam."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.harvests.prepare import Harvest, prepare_harvest
from tests.support.sensors import TODAY

Prepare = Callable[..., Harvest]


@pytest.fixture
def prepare(session: Session, amsterdam: UUID) -> Prepare:
    """Check the text of a mapping as the command does."""

    def check(content: str, **options: Any) -> Harvest:
        given: dict[str, Any] = {"owner": None, "language": "nl", "today": TODAY}
        return prepare_harvest(session, content, **(given | options))

    return check
