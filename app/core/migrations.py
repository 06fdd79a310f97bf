"""Bringing a database to the schema that this version of the register works with."""

from functools import lru_cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import ROOT
from app.core.database import sqlalchemy_url
from app.core.read_role import ensure_read_role

MIGRATION_LOCK = 5_746_210
"""Advisory lock under which migrations run: servers that start at once do so one after the other."""


def configure_alembic(connection: Connection | None = None) -> Config:
    """Alembic's own configuration, bound to a connection for the commands that need one."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def migrate_database(url: str) -> bool:
    """Bring the database to the newest schema and grant the read role what it may see.

    Repeating it is harmless. False when there is no read role and we may not make it: the register then
    reads as its own user.
    Raises: CannotStart when the database user may not make the schema.
    """
    engine = create_engine(sqlalchemy_url(url))
    try:
        with engine.begin() as connection:
            command.upgrade(configure_alembic(connection), "head")
            return ensure_read_role(connection)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":  # insufficient_privilege
            raise
        raise CannotStart(
            f"The database user may not do this: {error.orig}. Let an administrator run, in this "
            "database: CREATE EXTENSION postgis SCHEMA public; and give the user the right to create in it."
        ) from error
    finally:
        engine.dispose()


@lru_cache(maxsize=1)
def find_newest_revision() -> str | None:
    """The migration that this version of the register works with."""
    return ScriptDirectory.from_config(configure_alembic()).get_current_head()


def read_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
