"""Where an address is: the interface of a geocoder, and PDOK's Locatieserver.

Source: PDOK Locatieserver v3.1, `/search/v3_1/free` (fields of the type `adres`, which are those of the BAG).
"""

import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlencode

import numpy as np
import shapely
from shapely.errors import ShapelyError

from app.core.errors import Unavailable
from app.core.http_client.address_filter import admit_every_address
from app.core.http_client.addresses import parse_address
from app.core.http_client.client import GuardedClient, RequestLimits
from app.core.http_client.libraries import create_trust_store
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.spatial.crs import rd_from_lonlat
from app.spatial.netherlands import is_in_netherlands

ADDRESS_ACCURACY_METRES: Final = 25
"""An address is a point in a building: what hangs outside it is near, not there."""

_POSTCODE: Final = re.compile(r"([1-9]\d{3}) ?([A-Za-z]{2})")
_HOUSE_NUMBER: Final = re.compile(r"(\d{1,5})[\s\-/]*([A-Za-z0-9][A-Za-z0-9\s\-/]{0,9})?")
_FIELDS: Final = "id,weergavenaam,centroide_ll,postcode,huisnummer,huisletter,huisnummertoevoeging"
_MAX_AT_ONE_NUMBER: Final = 100
_AT_ONCE: Final = 4
_ATTEMPTS: Final = 3
_MAX_RETRY_SECONDS: Final = 10.0
_FAILURES_TO_GIVE_UP: Final = 5


class PostalAddress(NamedTuple):
    """A postcode and a house number with whatever follows it, as they were written."""

    postcode: str
    house_number: str


class Located(NamedTuple):
    """Where an address is, in longitude and latitude, and what the geocoder calls it."""

    lon: float
    lat: float
    name: str


class Geocoder(Protocol):
    """Finds addresses."""

    def locate(self, addresses: Collection[PostalAddress]) -> Mapping[PostalAddress, Located | Problem]:
        """Where each address is, or why that is not known; a problem is at `/location`."""
        ...


class _Unreachable(Exception):
    """The geocoder did not answer well."""


class PdokGeocoder:
    """A Locatieserver; every address is asked once, at most four at a time, each by a client of its thread.

    After five failures in a row it is not asked again.
    """

    def __init__(self, open_client: Callable[[], GuardedClient], base_url: str) -> None:
        self._open_client = open_client
        self._url = parse_address(f"{base_url.rstrip('/')}/search/v3_1/free")
        self._of_thread = threading.local()
        self._clients: list[GuardedClient] = []
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="geocoder")
        self._known: dict[PostalAddress, Located | Problem] = {}
        self._failures = 0
        self._lock = threading.Lock()

    def locate(self, addresses: Collection[PostalAddress]) -> Mapping[PostalAddress, Located | Problem]:
        """Where each address is, or why that is not known."""
        asked = [address for address in dict.fromkeys(addresses) if address not in self._known]
        self._known.update(zip(asked, self._threads.map(self._find, asked), strict=True))
        return {address: self._known[address] for address in addresses}

    def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown()
        for client in self._clients:
            client.close()

    def _find(self, address: PostalAddress) -> Located | Problem:
        postcode, number = (
            _POSTCODE.fullmatch(address.postcode.strip()),
            _HOUSE_NUMBER.fullmatch(address.house_number.strip()),
        )
        if postcode is None or number is None:
            return _refuse(
                ProblemCode.INVALID_ADDRESS,
                address,
                LocalizedText(
                    "Geef postcode en huisnummer als 1011 AB en 12, 12-2 of 12A, of geef coördinaten.",
                    "Give postcode and house number as 1011 AB and 12, 12-2 or 12A, or give coordinates.",
                ),
            )
        if self._failures >= _FAILURES_TO_GIVE_UP:
            return _refuse_unreachable(address)
        try:
            found = self._ask((postcode[1] + postcode[2]).upper(), int(number[1]))
            choices = [(_fold_suffix(document), _read_document(document)) for document in found]
        except _Unreachable:
            with self._lock:
                self._failures += 1
            return _refuse_unreachable(address)
        self._failures = 0
        return _choose(address, re.sub(r"[^A-Z0-9]", "", (number[2] or "").upper()), choices)

    def _ask(self, postcode: str, number: int) -> list[dict[str, Any]]:
        """Everything at one house number."""
        query = urlencode(
            {
                "q": f"{postcode} {number}",
                "fq": ["type:adres", f"postcode:{postcode}", f"huisnummer:{number}"],
                "fl": _FIELDS,
                "rows": _MAX_AT_ONE_NUMBER,
            },
            doseq=True,
        )
        try:
            answer = self._get_client().fetch(self._url.copy_with(query=query.encode("ascii")))
            documents = answer.content["response"]["docs"]
            # The server also returns similar addresses; only this house number is accepted.
            asked = (postcode, str(number))
            return [each for each in documents if (each["postcode"], str(each["huisnummer"])) == asked]
        except (Unavailable, KeyError, TypeError, AttributeError) as error:
            raise _Unreachable from error

    def _get_client(self) -> GuardedClient:
        client: GuardedClient | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = self._open_client()
            self._clients.append(client)
        return client


@contextmanager
def open_geocoder(
    base_url: str, *, timeout_seconds: float = 10, pause: Callable[[float], None] = time.sleep
) -> Iterator[PdokGeocoder]:
    """A Locatieserver at this address, for one import; `timeout_seconds` limits each answer.

    The address is a setting of the operator, so that it may be one inside their own network.
    """
    trust = create_trust_store()
    limits = RequestLimits(
        wait_seconds=timeout_seconds,
        answer_seconds=timeout_seconds,
        answer_bytes=2_000_000,
        redirects=0,
        tries=_ATTEMPTS,
        pause_seconds=_MAX_RETRY_SECONDS,
    )

    def open_client() -> GuardedClient:
        return GuardedClient(admit=admit_every_address, limits=limits, trust=trust, pause=pause)

    geocoder = PdokGeocoder(open_client, base_url)
    try:
        yield geocoder
    finally:
        geocoder.close()


def _fold_suffix(document: Mapping[str, Any]) -> str:
    suffix = f"{document.get('huisletter') or ''}{document.get('huisnummertoevoeging') or ''}"
    return re.sub(r"[^A-Z0-9]", "", suffix.upper())


def _read_document(document: Mapping[str, Any]) -> Located:
    try:
        point = shapely.from_wkt(document["centroide_ll"])
        located = Located(point.x, point.y, str(document["weergavenaam"]))
    except (ShapelyError, KeyError, TypeError, AttributeError) as error:
        raise _Unreachable from error
    if not is_in_netherlands(located.lon, located.lat):
        raise _Unreachable
    return located


def _choose(address: PostalAddress, suffix: str, choices: list[tuple[str, Located]]) -> Located | Problem:
    """The address that is meant among those at one house number."""
    if not choices:
        return _refuse(
            ProblemCode.UNKNOWN_ADDRESS,
            address,
            LocalizedText(
                "Dit adres bestaat niet. Kijk postcode en huisnummer na, of geef coördinaten.",
                "There is no such address. Check postcode and house number, or give coordinates.",
            ),
        )
    meant = [located for each, located in choices if each == suffix]
    # A house number without a suffix means the whole building.
    meant = meant or ([] if suffix else [located for _, located in choices])
    if meant and _spread_metres(meant) <= ADDRESS_ACCURACY_METRES:
        return meant[0]
    names = "; ".join(located.name for _, located in choices[:5])
    code = ProblemCode.AMBIGUOUS_ADDRESS if meant else ProblemCode.UNKNOWN_ADDRESS
    return _refuse(
        code,
        address,
        LocalizedText(
            f"Dit adres is niet precies genoeg. Op dit huisnummer zijn: {names}.",
            f"This address is not precise enough. At this house number are: {names}.",
        ),
        choices[0][1].name,
    )


def _spread_metres(places: list[Located]) -> float:
    x, y = rd_from_lonlat(
        np.array([place.lon for place in places]), np.array([place.lat for place in places])
    )
    return float(np.hypot(np.ptp(x), np.ptp(y)))


def _refuse_unreachable(address: PostalAddress) -> Problem:
    return _refuse(
        ProblemCode.GEOCODER_UNREACHABLE,
        address,
        LocalizedText(
            "Het adres kon niet worden opgezocht: de adressendienst geeft geen antwoord. Probeer het later weer, "
            "of geef coördinaten.",
            "The address could not be looked up: the address service does not answer. Try again later, or give "
            "coordinates.",
        ),
    )


def _refuse(
    code: ProblemCode, address: PostalAddress, detail: LocalizedText, suggestion: object = ABSENT
) -> Problem:
    written = f"{address.postcode} {address.house_number}"[:100]
    return Problem(code, "/location", detail, written, suggestion)
