"""Checking one link: HEAD, then GET where HEAD is refused; nothing of the content is read."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

from sqlalchemy import Engine

from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.errors import InvalidRequest, Unavailable
from app.core.http_client.addresses import parse_address
from app.core.http_client.client import GuardedClient, RequestLimits
from app.sensors.links.link_queue import claim_link, record_answer, record_failure, record_unasked

LIMITS: Final = RequestLimits(
    wait_seconds=8, answer_seconds=8, total_seconds=20, answer_bytes=65_536, redirects=5, tries=1
)
"""Limits of one check, with its redirects: short, and nothing is tried twice."""

_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Refusals by which a page is not there. Others (401, 403, 429) are for programs, and a person may see the page."""

_UNASKED_REASON: Final = "not admitted"
_MAX_REASON: Final = 200

MakeClient = Callable[[], GuardedClient]


def check_next_link(engine: Engine, make_client: MakeClient, now: datetime) -> bool:
    """Check one link whose turn it is. Returns whether there was one. No transaction is open while it is asked."""
    with transaction(engine) as session:
        link = claim_link(session, now)
    if link is None:
        return False
    status: int | None = None
    reason: str | None = None
    try:
        status = _read_status(link.url, make_client)
    except InvalidRequest:
        with transaction(engine) as session:
            record_unasked(session, link, _UNASKED_REASON)
        return True
    except Unavailable as error:
        reason = (error.detail or error.title).en[:_MAX_REASON]
    with transaction(engine) as session:
        if status is None or status in _GONE or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            record_failure(session, link, status, reason, dutch_date(now), now)
        else:
            record_answer(session, link, status, now)
    return True


def _read_status(url: str, make_client: MakeClient) -> int:
    """The status of an address. Raises: InvalidRequest for one that may not be asked; Unavailable without an answer."""
    address = parse_address(url)
    with make_client() as client:
        try:
            status = client.read_status(address, "HEAD")
        except Unavailable:
            # Some servers break off at HEAD.
            return client.read_status(address, "GET")
        return client.read_status(address, "GET") if status >= HTTPStatus.BAD_REQUEST else status
