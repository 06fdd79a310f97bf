"""The schema of an earlier version."""

from alembic import command
from sqlalchemy import create_engine

from app.core.database import sqlalchemy_url
from app.core.migrations import configure_alembic


def downgrade_to(url: str, revision: str) -> None:
    """Take the migrations after a revision back."""
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        command.downgrade(configure_alembic(connection), revision)
    engine.dispose()
