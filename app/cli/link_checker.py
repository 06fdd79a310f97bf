"""Checking links in a thread of the job worker: one at a time, and slowly."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import dutch_date
from app.core.daily_tasks import do_daily
from app.core.database import transaction
from app.core.http_client.client import GuardedClient
from app.core.http_client.libraries import USER_AGENT, httpx
from app.core.settings import Settings
from app.core.threads import working_in_thread
from app.sensors.links.check import LIMITS, MakeClient, check_next_link
from app.sensors.links.link_queue import collect_links

_log = logging.getLogger(__name__)

_BETWEEN_SECONDS: Final = 1.0
"""Pause after each check, whatever its host."""

_IDLE_SECONDS: Final = 10.0
_LEAVE_SECONDS: Final = 2.0

_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@contextmanager
def checking_links(engine: Engine, settings: Settings) -> Iterator[None]:
    """Check links while the block runs, where the settings have it so and the register has an address to name."""
    if not settings.link_checks or httpx.URL(settings.public_url).host in _LOCAL_HOSTS:
        _log.info("no links are checked: REGISTER_LINK_CHECKS is off, or REGISTER_PUBLIC_URL is this machine")
        yield
        return
    agent = f"{USER_AGENT} (+{settings.public_url}; link check)"
    make_client = partial(GuardedClient, agent=agent, limits=LIMITS)
    work = partial(_keep_checking, engine, make_client)
    with working_in_thread("check-links", work, leave_seconds=_LEAVE_SECONDS):
        yield


def _keep_checking(engine: Engine, make_client: MakeClient, ending: Event) -> None:
    pause = _BETWEEN_SECONDS
    while not ending.wait(pause):
        pause = _IDLE_SECONDS
        try:
            if check_links(engine, make_client, datetime.now(UTC)):
                pause = _BETWEEN_SECONDS
        except SQLAlchemyError as error:
            _log.warning("links cannot be checked now: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - whatever one link brings, the others are checked
            _log.exception("a link could not be checked")


def check_links(engine: Engine, make_client: MakeClient, now: datetime) -> bool:
    """Collect links, once a day, and check one. Returns whether one was to be checked."""

    def collect() -> None:
        with transaction(engine) as session:
            collect_links(session, now)

    do_daily(engine, "links", dutch_date(now), collect)
    return check_next_link(engine, make_client, now)
