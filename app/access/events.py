"""Events of access that the audit trail counts: sign-ins that failed, and reads of private data."""

import asyncio
import logging
from datetime import UTC, datetime
from ipaddress import ip_network

from fastapi import FastAPI, Request
from sqlalchemy.exc import SQLAlchemyError

from app.access.keys import parse_prefix
from app.access.principal import Principal
from app.audit.event_counts import Event, EventCounter, write_counts
from app.core.app_state import AppState, get_app_state
from app.core.database import transaction
from app.core.http.client_address import find_client_address
from app.core.http.routing import TEMPLATE_KEY
from app.core.threads import run_to_end

_FLUSH_SECONDS = 1

_log = logging.getLogger(__name__)


def count_failed_sign_in(request: Request, token: str, reason: str) -> None:
    """Count a key that was refused: by its public part, and the network that it came from."""
    event = Event("sign_in_failed", "api_key", reason, _find_network(request), parse_prefix(token) or "")
    _find_counter(get_app_state(request)).add(event, datetime.now(UTC))


def count_failed_person_sign_in(request: Request, reason: str) -> None:
    """Count a sign-in of a person that was refused: by the reason, and the network that it came from."""
    event = Event("sign_in_failed", "person", reason, _find_network(request), "")
    _find_counter(get_app_state(request)).add(event, datetime.now(UTC))


def count_private_read(request: Request, principal: Principal) -> None:
    """Count a read by a principal: every answer for a key may hold private data."""
    if request.method not in ("GET", "HEAD"):
        return
    route = str(request.scope.get(TEMPLATE_KEY, request.url.path))
    subject = next((str(value) for value in request.path_params.values()), "")
    source = str(principal.key_id or "")
    event = Event("read_private_data", "private_data", route, source, subject, principal.id)
    _find_counter(get_app_state(request)).add(event, datetime.now(UTC))


async def keep_writing(app: FastAPI) -> None:
    """Write what is due every second, until it is cancelled."""
    while True:
        await asyncio.sleep(_FLUSH_SECONDS)
        await run_to_end(write_due, get_app_state(app))


def write_due(state: AppState, *, all_of_them: bool = False) -> None:
    """Write the counts that are due; those that cannot be written are kept."""
    counter = _find_counter(state)
    due = counter.take_due(datetime.now(UTC), all_of_them=all_of_them)
    if not due:
        return
    try:
        with transaction(state.write_engine) as session:
            write_counts(session, due)
    except SQLAlchemyError as error:
        _log.warning("counts for the audit trail could not be written: %s", type(error).__name__)
        counter.put_back(due)


def _find_counter(state: AppState) -> EventCounter:
    return state.get_cache(EventCounter, EventCounter)


def _find_network(request: Request) -> str:
    """The network of a client, not its address: /24 of IPv4, /48 of IPv6."""
    address = find_client_address(request, get_app_state(request).settings.trusted_proxies)
    if address is None:
        return "behind a proxy"
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))
