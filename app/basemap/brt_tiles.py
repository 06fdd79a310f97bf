"""PDOK's grey background map, fetched and cached by this server: no visitor's address leaves it.

Source: PDOK, BRT Achtergrondkaart (WMTS, EPSG:3857, zoom 0 to 19, PNG of 256 pixels), CC BY 4.0.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf
from time import monotonic
from typing import Final

from app.core.byte_cache import ByteCache
from app.core.clock import dutch_date
from app.core.errors import RegisterError
from app.core.http_client.address_filter import admit_every_address
from app.core.http_client.addresses import parse_address
from app.core.http_client.client import GuardedClient, RequestLimits
from app.core.http_client.libraries import create_trust_store

BRT_URL: Final = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857"
ATTRIBUTION: Final = "Kaartgegevens © Kadaster"
MAX_ZOOM: Final = 19

ANSWER_SECONDS: Final = 2.0
"""Longest wait for a tile, and so for the background to fall back."""
PAUSE_SECONDS: Final = 60.0
"""After failures PDOK is not requested again for this long."""
FAILURES_BEFORE_PAUSE: Final = 3
CACHE_BYTES: Final = 64_000_000
THREADS: Final = 6

_PROBE: Final = (7, 65, 42)
"""A tile that exists: the middle of the country."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_LIMITS: Final = RequestLimits.for_quick_answers(ANSWER_SECONDS, 1_000_000)

_log = logging.getLogger(__name__)


class BrtTiles:
    """The tiles, by zoom, column and row; a day in the cache, of which the least recently used are dropped.

    A call answers within `ANSWER_SECONDS`, whatever PDOK does, and at once during a pause.
    """

    def __init__(self, url: str = BRT_URL, *, clock: Callable[[], float] = monotonic) -> None:
        self._url = url
        self._clock = clock
        self._cache = ByteCache(CACHE_BYTES)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="brt")
        self._of_thread = threading.local()
        self._failures = 0
        self._paused_until = -inf

    async def is_available(self) -> bool:
        """Whether the tiles can be had now; a failure starts a pause at once."""
        if self._is_paused:
            return False
        if await self.find(*_PROBE) is not None:
            return True
        self._pause()
        return False

    async def find(self, zoom: int, col: int, row: int) -> bytes | None:
        """The PNG of a tile; None where it cannot be had now."""
        place = f"{zoom}/{col}/{row}"
        key = f"{dutch_date()} {place}"
        stored = self._cache.find(key)
        if stored is not None or self._is_paused:
            return stored
        fetching = asyncio.get_running_loop().run_in_executor(self._threads, self._fetch, place)
        try:
            # A call that waits for a thread waits no longer either.
            content = await asyncio.wait_for(asyncio.shield(fetching), ANSWER_SECONDS)
        except TimeoutError:
            content = None
        if content is None:
            self._failures += 1
            if self._failures >= FAILURES_BEFORE_PAUSE:
                self._pause()
            return None
        self._failures = 0
        self._cache.store(key, content)
        return content

    @property
    def _is_paused(self) -> bool:
        return self._clock() < self._paused_until

    def _pause(self) -> None:
        _log.warning("the background of maps cannot be had from %s: not requested for a minute", self._url)
        self._failures = 0
        self._paused_until = self._clock() + PAUSE_SECONDS

    def _fetch(self, place: str) -> bytes | None:
        client: GuardedClient | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = GuardedClient(
                admit=admit_every_address, limits=_LIMITS, trust=create_trust_store()
            )
        try:
            content = client.download(parse_address(f"{self._url}/{place}.png"), "image/png").content
        except (RegisterError, OSError):
            return None
        # A page of a portal or an error, whatever its status and type, is not a tile.
        return content if content.startswith(_PNG) else None
