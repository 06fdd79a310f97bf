"""Migrating a database to the schema of this version, and checking which versions a schema serves.

A migration after which the previous version can still answer public questions sets `serves_previous_version = True`.
Nodes of that version then stay ready while the newer schema is in place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

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
"""Advisory lock held while migrations run, so that servers that start together migrate one after the other."""

CREATE_SCHEMA_VERSION: Final = """
CREATE OR REPLACE VIEW publication.schema_version AS
SELECT CAST(version_num AS text) AS revision, CAST('{oldest_served}' AS text) AS oldest_served FROM alembic_version
"""
"""The view by which the read role sees the version; that role has no grant on Alembic's own table."""

SELECT_SCHEMA_VERSION: Final = "SELECT revision, oldest_served FROM publication.schema_version"
"""The range of revisions whose code can answer public questions from this schema, on a read connection."""


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """A schema's revision, and the oldest revision whose code can read the publication from it."""

    revision: str
    oldest_served: str


def configure_alembic(connection: Connection | None = None) -> Config:
    """Alembic's configuration, bound to a connection for the commands that need one."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def migrate_database(url: str) -> bool:
    """Migrate the database to the newest schema and grant the read role what it may see.

    Repeating it is harmless. Returns False when there is no read role and the user may not create it; public reads then
    use the register's own user.
    Raises: CannotStart when the database user may not make the schema.
    """
    engine = create_engine(sqlalchemy_url(url))
    try:
        with engine.begin() as connection:
            command.upgrade(configure_alembic(connection), "head")
            connection.execute(text(CREATE_SCHEMA_VERSION.format(oldest_served=find_oldest_served())))
            return ensure_read_role(connection)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":  # insufficient_privilege
            raise
        raise CannotStart(
            f"The database user may not do this: {error.orig}. Let an administrator run, in this "
            "database: CREATE EXTENSION postgis SCHEMA public; and give the user the right to create in it.",
            f"De databasegebruiker mag dit niet: {error.orig}. Laat een beheerder in deze database uitvoeren: "
            "CREATE EXTENSION postgis SCHEMA public; en geef de gebruiker het recht om erin te maken.",
        ) from error
    finally:
        engine.dispose()


@lru_cache(maxsize=1)
def list_revisions() -> tuple[str, ...]:
    """Every migration of this version, newest first."""
    scripts = ScriptDirectory.from_config(configure_alembic())
    return tuple(script.revision for script in scripts.walk_revisions())


def find_newest_revision() -> str | None:
    """The migration that this version works with."""
    return next(iter(list_revisions()), None)


@lru_cache(maxsize=1)
def find_oldest_served() -> str:
    """The oldest revision whose code can still answer public questions from the newest schema."""
    scripts = ScriptDirectory.from_config(configure_alembic())
    return find_oldest_served_of(
        (script.revision, getattr(script.module, "serves_previous_version", False))
        for script in scripts.walk_revisions()
    )


def find_oldest_served_of(migrations: Iterable[tuple[str, bool]]) -> str:
    """The first migration, from the newest back, that does not serve the version before it."""
    return next(revision for revision, serves_previous in migrations if not serves_previous)


def is_served(schema: SchemaVersion, revisions: Sequence[str] | None = None) -> bool:
    """Whether a version with these revisions (newest first) can answer public questions from the schema.

    It can when its newest revision lies between the oldest that the schema serves and that of the schema. An
    unknown revision is newer: revisions are added at the end only.
    """
    known = list_revisions() if revisions is None else revisions
    if schema.revision in known:
        return schema.revision == known[0]
    return schema.oldest_served in known


def read_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
