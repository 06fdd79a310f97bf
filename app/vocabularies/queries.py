"""Reading the vocabularies. Each process caches them, and reads them again when their stamp has changed."""

from typing import Any, Final
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.latest_version import LatestVersion
from app.vocabularies.terms import Vocabularies

__all__ = ["Vocabularies", "load_vocabularies", "read_vocabularies"]

STAMP_SQL: Final = "SELECT id FROM publication.vocabulary_stamp"
"""A UUID that every change replaces: equal stamps mean equal lists, also between databases."""

VOCABULARIES_SQL: Final = """
SELECT coalesce(json_agg(named ORDER BY position), '[]')::text FROM (
    SELECT vocabulary.*, coalesce((
        SELECT json_agg(term ORDER BY term.position, term.code)
        FROM publication.term WHERE term.vocabulary = vocabulary.name
    ), '[]') AS terms
    FROM publication.vocabulary
) AS named
"""
"""One row, one text, for `Vocabularies.from_json`."""

_cache = LatestVersion[Vocabularies]()


def load_vocabularies(session: Session) -> Vocabularies:
    """Every vocabulary, as visible to this session."""
    stamp = session.execute(text(STAMP_SQL)).scalar_one()
    return _cache.find(stamp) or _store(stamp, session.execute(text(VOCABULARIES_SQL)).scalar_one())


async def read_vocabularies(pool: AsyncConnectionPool[Any]) -> Vocabularies:
    """Every vocabulary, as visible to the public."""
    async with pool.connection() as connection:
        stamp = await _fetch_value(connection, STAMP_SQL)
        return _cache.find(stamp) or _store(stamp, await _fetch_value(connection, VOCABULARIES_SQL))


async def _fetch_value(connection: Any, statement: str) -> Any:
    row = await (await connection.execute(statement)).fetchone()
    return row[0]


def _store(stamp: UUID, rows: bytes | str) -> Vocabularies:
    return _cache.store(stamp, Vocabularies.from_json(stamp, rows))
