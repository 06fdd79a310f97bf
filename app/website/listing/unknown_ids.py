"""Ids in a search that nothing in the register has: without a word about them an empty list would seem the answer."""

from collections.abc import Iterator
from typing import Any, Final

from app.core.app_state import AppState
from app.core.i18n import LocalizedText
from app.sensors.presentation import Labels
from app.sensors.search.parameter_labels import PARAMETER_LABELS
from app.sensors.search.sensor_search import ORGANISATION_PROPERTIES
from app.statistics.queries import read_owner_names
from app.website.listing.list_query import ListQuery

PUBLIC_CODE: Final = "publicCode"
MAX_NAMED: Final = 20

CODES_SQL: Final = """
SELECT public_code FROM publication.published_sensor WHERE public_code = ANY(%(codes)s::text[])
"""

NO_ORGANISATION: Final = LocalizedText(
    "{label}: geen organisatie in het register heeft het id “{value}”.",
    "{label}: no organisation in the register has the id “{value}”.",
)
NO_SENSOR: Final = LocalizedText(
    "Geen openbare sensor heeft het registratienummer “{value}”.",
    "No public sensor has the registration number “{value}”.",
)


async def explain_unknown_ids(state: AppState, query: ListQuery, labels: Labels) -> list[str]:
    """A sentence for each id of an organisation and each registration number that does not exist."""
    values = query.base.values
    ids = {str(one) for name in ORGANISATION_PROPERTIES for one in values.get(name, ())}
    codes = {str(one) for one in values.get(PUBLIC_CODE, ())}
    known: set[str] = set(await read_owner_names(state, sorted(ids)))
    if codes:
        known |= await _read_codes(state, sorted(codes))
    return [
        labels.render(sentence).format(label=labels.render(PARAMETER_LABELS[name]), value=value)
        for name, value, sentence in _list_ids(values)
        if value not in known
    ][:MAX_NAMED]


def _list_ids(values: Any) -> Iterator[tuple[str, str, LocalizedText]]:
    for name in sorted(ORGANISATION_PROPERTIES):
        yield from ((name, str(one), NO_ORGANISATION) for one in values.get(name, ()))
    yield from ((PUBLIC_CODE, str(one), NO_SENSOR) for one in values.get(PUBLIC_CODE, ()))


async def _read_codes(state: AppState, codes: list[str]) -> set[str]:
    async with state.read_pool.connection() as connection:
        rows = await (await connection.execute(CODES_SQL, {"codes": codes})).fetchall()
    return {code.decode() if isinstance(code, bytes) else code for (code,) in rows}
