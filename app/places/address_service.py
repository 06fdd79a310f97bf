"""PDOK's address services behind a cache and limits.

Every failure ends within two seconds in an answer without addresses, which says why.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar

from app.core.app_state import AppState
from app.core.concurrency_limiter import ConcurrencyLimiter
from app.core.errors import RegisterError, Unavailable
from app.core.http_client.address_filter import admit_every_address
from app.core.http_client.answers import BadAnswer
from app.core.http_client.client import GuardedClient, RequestLimits
from app.core.http_client.libraries import create_trust_store, httpx
from app.core.settings import Settings
from app.places.locatieserver import NearestAddress, parse_nearest_address, write_reverse_address
from app.places.location_api import Location, parse_locations, write_search_address
from app.places.lookup_cache import LookupCache
from app.places.lookup_limits import ClientAddress, FailurePause, LookupLimits
from app.places.unusable_answer import UnusableAnswer
from app.sensors.search.sensor_search import Spot

T = TypeVar("T")

_log = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 1.6
SLOT_SECONDS: Final = 0.4
"""Longest wait for an answer, and before it for a slot: together two seconds."""
SLOTS: Final = 4
CACHE_SECONDS: Final = 24 * 3600.0
CACHE_SIZE: Final = 5000

_LIMITS: Final = RequestLimits.for_quick_answers(ANSWER_SECONDS, 300_000)


class Availability(StrEnum):
    """Whether an address service answered."""

    ANSWERED = "answered"
    NOT_ASKED = "not_asked"
    """The question was not about an address."""
    OFF = "off"
    """The operator chose to use none."""
    LIMITED = "limited"
    """Too many questions of this client, or of all."""
    UNREACHABLE = "unreachable"
    """It does not answer, or not well."""


@dataclass(frozen=True, slots=True)
class Lookup(Generic[T]):
    """The result of a look-up; the result is that of an empty answer where the service did not answer."""

    result: T
    availability: Availability


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    """A result to cache, which may be None."""

    result: T


class _Source(Generic[T]):
    """One service: its address, what it answered, and the pause after its failures."""

    def __init__(self, base_url: str, empty: T) -> None:
        self.base_url = base_url
        self.empty = empty
        self.cache: LookupCache[_Answer[T]] = LookupCache(CACHE_SIZE, CACHE_SECONDS)
        self.pause = FailurePause()


class AddressService:
    """The address services of one application, for its event loop."""

    def __init__(self, settings: Settings) -> None:
        self._search: _Source[tuple[Location, ...]] = _Source(settings.place_search_url, ())
        self._reverse: _Source[NearestAddress | None] = _Source(settings.reverse_url, None)
        self._limits = LookupLimits()
        self._slots = ConcurrencyLimiter(SLOTS, SLOT_SECONDS)
        self._trust: ssl.SSLContext | None = None

    async def search(self, text: str, client: ClientAddress) -> Lookup[tuple[Location, ...]]:
        """Locations by a text of letters, digits and spaces."""
        source = self._search

        def ask() -> tuple[Location, ...]:
            return parse_locations(self._fetch(write_search_address(source.base_url, text)))

        return await self._look_up(source, text, ask, client)

    async def find_nearest_address(self, spot: Spot, client: ClientAddress) -> Lookup[NearestAddress | None]:
        """The nearest address of a position, which is known to about a metre."""
        source = self._reverse
        lon, lat = (round(degrees, 5) for degrees in spot.lonlat)

        def ask() -> NearestAddress | None:
            return parse_nearest_address(self._fetch(write_reverse_address(source.base_url, lon, lat)), spot)

        return await self._look_up(source, (lon, lat), ask, client)

    async def _look_up(
        self, source: _Source[T], key: Any, ask: Callable[[], T], client: ClientAddress
    ) -> Lookup[T]:
        if (stored := source.cache.find(key)) is not None:
            return Lookup(stored.result, Availability.ANSWERED)
        if not source.base_url:
            return Lookup(source.empty, Availability.OFF)
        if source.pause.is_on():
            return Lookup(source.empty, Availability.UNREACHABLE)
        if not self._limits.take(client):
            return Lookup(source.empty, Availability.LIMITED)
        return await self._ask(source, key, ask)

    async def _ask(self, source: _Source[T], key: Any, ask: Callable[[], T]) -> Lookup[T]:
        try:
            async with self._slots.acquire():
                result = await asyncio.to_thread(ask)
        except (RegisterError, UnusableAnswer) as error:
            availability = _classify(error)
            if availability is Availability.UNREACHABLE:
                source.pause.report_failure()
                # The question itself is left out: it may be where someone lives.
                _log.warning("%s gives no usable answer (%s)", source.base_url, type(error).__name__)
            return Lookup(source.empty, availability)
        source.pause.report_success()
        source.cache.store(key, _Answer(result))
        return Lookup(result, Availability.ANSWERED)

    def _fetch(self, address: httpx.URL) -> Any:
        # A client for each question: connections that stay open would have to be closed with the application.
        self._trust = self._trust or create_trust_store()
        with GuardedClient(admit=admit_every_address, limits=_LIMITS, trust=self._trust) as client:
            return client.fetch(address).content


def _classify(error: Exception) -> Availability:
    """The availability that follows from an error; a refusal of one text says nothing about others."""
    if isinstance(error, BadAnswer):
        status = error.answered or 0
        is_refusal = 400 <= status < 500 and status != HTTPStatus.TOO_MANY_REQUESTS
        return Availability.ANSWERED if is_refusal else Availability.UNREACHABLE
    # Other than of an answer: every slot is in use.
    return Availability.LIMITED if isinstance(error, Unavailable) else Availability.UNREACHABLE


def get_address_service(state: AppState) -> AddressService:
    """The address services of an application."""
    return state.get_cache(AddressService, lambda: AddressService(state.settings))
