"""Restriction of public reads to the publication, by a role or by a separate login."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from app.core.database import READ_ROLE, create_read_pool
from app.core.read_role import may_take_read_role
from app.core.settings import Settings


def read_secret(url: str, *before: str) -> int:
    """Read what is private as public reads are made, after some statements of another user."""
    return asyncio.run(_read_secret(url, before))


async def _read_secret(url: str, before: Sequence[str]) -> int:
    async with create_read_pool(url, Settings()) as pool, pool.connection() as connection:
        for statement in before:
            await connection.execute(statement)
        cursor = await connection.execute("SELECT count(*) FROM register.sensor_version")
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_role_of_a_session_can_be_reset(fresh_database: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        read_secret(fresh_database)
    assert read_secret(fresh_database, "RESET ROLE", "SET ROLE NONE") == 0


@pytest.mark.parametrize("statement", ["RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT"])
def test_separate_login_cannot_leave_the_publication(fresh_database: str, statement: str) -> None:
    writer = urlsplit(fresh_database).username
    reader = make_conninfo(fresh_database, user=READ_ROLE)
    assert may_take_read_role(reader)
    with pytest.raises(InsufficientPrivilege):
        read_secret(reader, statement)
    with psycopg.connect(reader) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(f"SET ROLE {writer}")
