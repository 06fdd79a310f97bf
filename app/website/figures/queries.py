"""Reads of figures besides counts: names of organisations, and the outlines of municipalities."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.core.latest_version import LatestVersion
from app.sensors.presentation import Labels
from app.website.queries import ReadPool

NAMES_SQL: Final = """
SELECT coalesce(json_agg(json_build_array(id, name)), '[]')::text FROM publication.organisation
WHERE name IS NOT NULL AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid)
"""

OUTLINES_SQL: Final = """
SELECT coalesce(json_object_agg(
    code, ST_AsSVG(ST_SimplifyPreserveTopology(ST_Scale(boundary_rd, 0.01, 0.01), 4), 1, 0)
), '{}')::text
FROM publication.municipality JOIN publication.municipality_edition USING (edition)
WHERE in_force
"""
"""Paths in units of 100 metres in RD with y downwards, simplified by 400 metres."""

ANSWERS_SQL: Final = """
SELECT answered.question, answered.answer, answered.answered_on, sensor.public_code
FROM publication.published_answer AS answered
JOIN publication.published_sensor AS sensor ON sensor.id = answered.sensor_id
WHERE answered.organisation_id = %(id)s::uuid ORDER BY answered.answered_on DESC, answered.report_id DESC LIMIT 10
"""

_outlines = LatestVersion[dict[str, str]]()


async def list_organisation_names(pool: ReadPool, identifier: UUID | None = None) -> list[tuple[str, str]]:
    """Ids and names of the organisations with a public name; of one, if its id is given. May be empty."""
    async with pool.connection() as connection:
        row = await (await connection.execute(NAMES_SQL, {"id": identifier})).fetchone()
    return [(found[0], found[1]) for found in json.loads(row[0])] if row else []


@dataclass(frozen=True, slots=True)
class OrganisationAnswer:
    """A question of a resident about a public sensor, and the answer that an organisation published."""

    question: str
    answer: str
    answered_on: date
    public_code: str


async def list_answers(pool: ReadPool, organisation_id: str) -> list[OrganisationAnswer]:
    """The last answers that an organisation published, the newest first."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(ANSWERS_SQL, {"id": organisation_id})).fetchall()
    return [OrganisationAnswer(*row) for row in rows]


async def read_outlines(pool: ReadPool, labels: Labels) -> dict[str, str]:
    """The SVG path of each municipality in force, by its code; empty before an edition is loaded."""
    key = (labels.directory.stamp,)
    outlines = _outlines.find(key)
    if outlines is None:
        async with pool.connection() as connection:
            row = await (await connection.execute(OUTLINES_SQL)).fetchone()
        outlines = json.loads(row[0]) if row else {}
        _outlines.store(key, outlines)
    return outlines
