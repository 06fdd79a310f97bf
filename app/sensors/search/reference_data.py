"""Names and codes with which the parameters of a search are parsed."""

from dataclasses import dataclass
from typing import Any

from psycopg_pool import AsyncConnectionPool

from app.core.app_state import AppState
from app.core.ttl_cache import TTLCache
from app.municipalities.directory import Directory
from app.municipalities.queries import read_directory
from app.vocabularies.queries import Vocabularies, read_vocabularies


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """Municipalities of every edition, and the vocabularies."""

    directory: Directory
    vocabularies: Vocabularies


class _ReferenceDataCache(TTLCache[ReferenceData]):
    """The reference data of one application."""


async def read_reference_data(pool: AsyncConnectionPool[Any]) -> ReferenceData:
    return ReferenceData(await read_directory(pool), await read_vocabularies(pool))


async def get_reference_data(state: AppState) -> ReferenceData:
    """The reference data of an application, at most a second older than the database."""

    async def read() -> ReferenceData:
        return await read_reference_data(state.read_pool)

    return await state.get_cache(_ReferenceDataCache, lambda: _ReferenceDataCache(read)).get()
