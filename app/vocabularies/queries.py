"""Reading the vocabularies; each process keeps them, and looks at the stamp to see whether they changed."""

from typing import Any, Final
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.vocabularies.terms import Vocabularies

__all__ = ["Vocabularies", "load_vocabularies", "read_vocabularies"]

STAMP_SQL: Final = "SELECT id FROM publication.vocabulary_stamp"
"""Another UUID after every change, so that equal stamps mean equal lists, in whichever database."""

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

_cache: dict[UUID, Vocabularies] = {}


def load_vocabularies(session: Session) -> Vocabularies:
    """Every vocabulary as this session sees it."""
    stamp = session.execute(text(STAMP_SQL)).scalar_one()
    return _cache.get(stamp) or _keep(stamp, session.execute(text(VOCABULARIES_SQL)).scalar_one())


async def read_vocabularies(pool: AsyncConnectionPool[Any]) -> Vocabularies:
    """Every vocabulary as the public sees it."""
    async with pool.connection() as connection:
        stamp = await _fetch_value(connection, STAMP_SQL)
        return _cache.get(stamp) or _keep(stamp, await _fetch_value(connection, VOCABULARIES_SQL))


async def _fetch_value(connection: Any, statement: str) -> Any:
    row = await (await connection.execute(statement)).fetchone()
    return row[0]


def _keep(stamp: UUID, rows: bytes | str) -> Vocabularies:
    vocabularies = Vocabularies.from_json(stamp, rows)
    _cache.clear()
    _cache[stamp] = vocabularies
    return vocabularies
