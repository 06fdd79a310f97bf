"""The public contact details of organisations, for pages and answers that say whom to ask.

Reads use a pool of the read role, which has access to the publication only.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

_CONTACT = """
SELECT json_build_object(
    'name', name, 'organisation_type', organisation_type, 'email', public_email, 'phone', public_phone,
    'contact_url', contact_url, 'website', website, 'dpo', dpo_contact, 'has_ended', ended_at IS NOT NULL
)::text
FROM publication.organisation
"""
CONTACT_SQL: Final = f"{_CONTACT} WHERE id = %s::uuid"
MUNICIPALITY_CONTACT_SQL: Final = f"{_CONTACT} WHERE municipality_code = %s AND ended_at IS NULL"


@dataclass(frozen=True, slots=True)
class Contact:
    """The public contact details of an owner; `name` is None for a private person or a sole trader.

    `has_ended` is whether it no longer takes part in the register.
    """

    name: str | None
    organisation_type: str
    email: str | None
    phone: str | None
    contact_url: str | None
    website: str | None
    dpo: str | None
    has_ended: bool = False


async def find_contact(pool: AsyncConnectionPool[Any], organisation_id: str) -> Contact | None:
    """The contact details of an organisation, if it exists."""
    return await _read_contact(pool, CONTACT_SQL, organisation_id)


async def find_municipality_contact(pool: AsyncConnectionPool[Any], municipality_code: str) -> Contact | None:
    """The contact details of a municipality, if it takes part in the register."""
    return await _read_contact(pool, MUNICIPALITY_CONTACT_SQL, municipality_code)


async def _read_contact(pool: AsyncConnectionPool[Any], statement: str, key: str) -> Contact | None:
    async with pool.connection() as connection:
        row = await (await connection.execute(statement, [key])).fetchone()
    return Contact(**json.loads(row[0])) if row else None
