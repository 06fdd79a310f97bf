"""The formats that are text, piece by piece as features come."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from app.formats.layers import SEQUENCE, Format, Layer
from app.formats.sequences import write_sequence
from app.formats.spreadsheets import write_header, write_rows


async def write_text(
    form: Format, layer: Layer, batches: AsyncIterator[Sequence[bytes]]
) -> AsyncIterator[bytes]:
    """The features in a format that is not spooled."""
    if form is SEQUENCE:
        async for features in batches:
            yield write_sequence(features)
        return
    yield write_header(layer)
    async for features in batches:
        # Reading the features takes some 20 ms a thousand: other requests go on meanwhile.
        yield await asyncio.to_thread(write_rows, features, layer)
