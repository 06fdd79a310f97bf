"""Reads of the publication for a search of places: owners by name, and sensors by number or by their texts."""

from datetime import date
from typing import Any, Final, NamedTuple

from psycopg_pool import AsyncConnectionPool

ReadPool = AsyncConnectionPool[Any]

MAX_OWNERS: Final = 50

OWNERS_SQL: Final = """
SELECT id::text, name FROM (
    SELECT id, name, (
        SELECT count(*) FROM unnest(%(words)s::text[]) AS word WHERE position(word IN lower(name)) > 0
    ) AS found
    FROM publication.organisation WHERE name IS NOT NULL
) AS named
WHERE found > 0 ORDER BY found DESC, length(name), name LIMIT %(most)s
"""

SENSOR_SQL: Final = """
SELECT public_code, name, sensor_type, municipality_name FROM publication.published_sensor
WHERE public_code = ANY(%(codes)s::text[]) LIMIT 2
"""

NAMED_SQL: Final = """
SELECT count(*) FROM (
    SELECT FROM publication.published_sensor
    WHERE words @@ plainto_tsquery('dutch', %(words)s) AND hidden_from > %(today)s
    LIMIT %(most)s
) AS named
"""
"""Sensors with all words in their public texts, as `q` finds them; counted no further than `most`."""

WORD_SQL: Final = """
WITH asked AS MATERIALIZED (
    SELECT spelling, place, tsvector_to_array(to_tsvector('dutch', spelling)) AS lexemes
    FROM unnest(%(spellings)s::text[]) WITH ORDINALITY AS asked (spelling, place)
), sampled AS MATERIALIZED (
    SELECT tsvector_to_array(words) AS lexemes FROM (
        SELECT words FROM publication.published_sensor WHERE hidden_from > %(today)s LIMIT %(sample)s
    ) AS first WHERE words @@ to_tsquery('dutch', %(any_spelling)s)
), sought AS MATERIALIZED (
    SELECT to_tsquery('dutch', CASE
        WHEN NOT EXISTS (SELECT FROM sampled) THEN %(any_spelling)s
        WHEN NOT EXISTS (SELECT FROM sampled JOIN asked ON place = 1 AND sampled.lexemes @> asked.lexemes)
        THEN %(typed)s
    END) AS query
), naming AS MATERIALIZED (
    SELECT lexemes FROM sampled
    UNION ALL
    (SELECT tsvector_to_array(words) FROM sought JOIN publication.published_sensor ON words @@ query
    WHERE hidden_from > %(today)s LIMIT %(most)s)
)
SELECT spelling FROM naming CROSS JOIN LATERAL unnest(naming.lexemes) AS lexeme
JOIN asked ON asked.lexemes = ARRAY[lexeme]
GROUP BY spelling, place ORDER BY place = 1 DESC, count(*) DESC, place LIMIT 1
"""
"""The spelling that most of some sensors have, or that of the rarer words by one index scan for all spellings.

The index is slow for a common word among hundreds, which some sensors show soon; reading all sensors is slow for a rare
one. The word as it was typed is looked for in the index also where some sensors have another spelling.
Source: decision 0078.
"""
SAMPLE: Final = 1_000
"""Sensors of which the words are read before the index is asked."""

MAX_NAMING_ANY: Final = 500
"""Sensors with one of the spellings that the index gives at most."""


class Owner(NamedTuple):
    """An organisation with a public name."""

    id: str
    name: str


class NumberedSensor(NamedTuple):
    """A published sensor; `sensor_type` is a code, and `municipality` a name."""

    public_code: str
    name: str | None
    sensor_type: str
    municipality: str | None


async def list_owners(pool: ReadPool, words: list[str]) -> list[Owner]:
    """Organisations with these words, in lower case, anywhere in their name: most words first, then shortest names."""
    async with pool.connection() as connection:
        cursor = await connection.execute(OWNERS_SQL, {"words": words, "most": MAX_OWNERS}, prepare=True)
        return [Owner(*map(_decode, row)) for row in await cursor.fetchall()]


async def find_sensors(pool: ReadPool, codes: list[str]) -> list[NumberedSensor]:
    """The published sensors with these registration numbers, two at most, whatever their status."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(SENSOR_SQL, {"codes": codes}, prepare=True)).fetchall()
    return [NumberedSensor(*map(_decode, row)) for row in rows]


async def count_naming(pool: ReadPool, words: str, today: date, *, most: int) -> int:
    """The number of sensors shown by default of which the public texts have all words; counted up to `most`."""
    values = {"words": words, "today": today, "most": most}
    async with pool.connection() as connection:
        row = await (await connection.execute(NAMED_SQL, values, prepare=True)).fetchone()
    return int(row[0]) if row else 0


async def find_word(pool: ReadPool, spellings: list[str], today: date) -> str | None:
    """The first of these words if a sensor shown by default has it in its public texts; else the one that most have.

    The spellings have letters and digits alone. None where no sensor has any.
    """
    values = {
        "spellings": spellings,
        "typed": spellings[0],
        "any_spelling": " | ".join(spellings),
        "today": today,
        "sample": SAMPLE,
        "most": MAX_NAMING_ANY,
    }
    async with pool.connection() as connection, connection.transaction():
        # Each of hundreds of words is taken for one in many sensors, so that the planner would read them all.
        await connection.execute("SET LOCAL enable_seqscan = off")
        row = await (await connection.execute(WORD_SQL, values, prepare=False)).fetchone()
    return str(_decode(row[0])) if row else None


def _decode(value: Any) -> Any:
    # The pool returns text as bytes in some formats.
    return value.decode() if isinstance(value, bytes) else value
