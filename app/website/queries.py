"""Reads that several pages share: contacts, and the features of a page of sensors.

All reads use the pool of the read role, which has access to the publication only.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

from app.sensors.search.pages import SensorPage

ReadPool = AsyncConnectionPool[Any]

CONTACT_SQL: Final = """
SELECT json_build_object(
    'name', name, 'email', public_email, 'phone', public_phone,
    'contact_url', contact_url, 'website', website, 'dpo', dpo_contact
)::text
FROM publication.organisation WHERE id = %s::uuid
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """The public contact details of an owner; `name` is None for a private person."""

    name: str | None
    email: str | None
    phone: str | None
    contact_url: str | None
    website: str | None
    dpo: str | None


async def find_contact(pool: ReadPool, organisation_id: str) -> Contact | None:
    """The contact details of an organisation, if it exists."""
    async with pool.connection() as connection:
        row = await (await connection.execute(CONTACT_SQL, [organisation_id])).fetchone()
    return Contact(**json.loads(row[0])) if row else None


def read_features(page: SensorPage) -> list[dict[str, Any]]:
    """The features of a page, in their order."""
    features: list[dict[str, Any]] = json.loads(b"[%b]" % page.features)
    return features
