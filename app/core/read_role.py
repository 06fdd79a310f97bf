"""The PostgreSQL role of public reads, which has access to the schema `publication` only."""

import psycopg
from sqlalchemy import Connection, text

from app.core.database import CREATE_ROLE_ADVICE, FIND_READ_ROLE, READ_ROLE

# Roles belong to the whole server: a migration of another database may create this one at the same moment.
_CREATE_ROLE = f"""
DO $$ BEGIN
    {CREATE_ROLE_ADVICE}
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

_GRANTS = f"""
GRANT USAGE ON SCHEMA publication TO {READ_ROLE};
GRANT SELECT ON ALL TABLES IN SCHEMA publication TO {READ_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA publication GRANT SELECT ON TABLES TO {READ_ROLE};
"""


def ensure_read_role(connection: Connection) -> bool:
    """Create the read role if allowed, and grant it the publication; False when there is no such role.

    Safe to repeat. It runs after every migration, so that a role that an administrator creates later gets its grants.
    """
    if not has_read_role(connection):
        may_create = connection.scalar(
            text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        )
        if not may_create:
            return False
        connection.execute(text(_CREATE_ROLE))
    connection.execute(text(_GRANTS))
    return True


def has_read_role(connection: Connection) -> bool:
    """Whether the read role exists on this server."""
    return bool(
        connection.scalar(
            text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)"), {"role": READ_ROLE}
        )
    )


def may_take_read_role(url: str) -> bool:
    """Whether the user of this URL is a member of the read role; also False when there is no such role."""
    with psycopg.connect(url) as connection:
        return connection.execute(FIND_READ_ROLE, [READ_ROLE]).fetchone() is not None
