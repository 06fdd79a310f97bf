"""Limits on the costly acts of strangers, for all server processes together.

Each act of someone moves a moment, `free_at`, into the future; when it is too far away, the act is refused (the generic
cell rate algorithm, GCRA). Who it is is stored as a hash with a salt of the day, which `upkeep` deletes: after that no
one can find out.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_network
from math import ceil
from secrets import token_bytes
from typing import Final, Literal

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.core.database import transaction
from app.core.errors import TooManyRequests
from app.core.i18n import LocalizedText

Act = Literal[
    "ask_link",
    "receive_link",
    "start_sign_in",
    "failed_key",
    "invite",
    "ask_to_join",
    "report",
    "report_unseen",
    "see_sensor",
    "verify_receipt",
]


@dataclass(frozen=True, slots=True)
class _Limit:
    """So many acts at once, and after that one in each `step`."""

    burst: int
    step: timedelta


LIMITS: Final[dict[Act, _Limit]] = {
    # A client is perhaps the whole office of a municipality.
    "ask_link": _Limit(20, timedelta(minutes=1)),
    "start_sign_in": _Limit(60, timedelta(seconds=2)),
    "failed_key": _Limit(60, timedelta(seconds=5)),
    "ask_to_join": _Limit(10, timedelta(minutes=10)),
    # An office checks a pile of papers; a program that tries numbers finds none in the age of the universe.
    "verify_receipt": _Limit(60, timedelta(seconds=2)),
    # Perhaps a class of pupils that walks through a street.
    "report": _Limit(20, timedelta(minutes=2)),
    # All clients together of which the address is not known for sure.
    "report_unseen": _Limit(60, timedelta(seconds=30)),
    # Counted for a client and a sensor.
    "see_sensor": _Limit(1, timedelta(days=1)),
    # Counted for the person who invites.
    "invite": _Limit(30, timedelta(minutes=2)),
    # Counted for the address, and not for the client that asks: a mailbox is not filled.
    "receive_link": _Limit(5, timedelta(minutes=10)),
}

_MINUTE: Final = 60

_FIND_SALT: Final = "SELECT salt FROM register.rate_limit_salt WHERE day = :day"
_MAKE_SALT: Final = """
INSERT INTO register.rate_limit_salt (day, salt) VALUES (:day, :salt) ON CONFLICT (day) DO NOTHING
"""

_COUNT: Final = """
INSERT INTO register.rate_limit AS kept (key, free_at) VALUES (:key, CAST(:now AS timestamptz) + :step)
ON CONFLICT (key) DO UPDATE SET free_at = greatest(kept.free_at, :now) + :step
WHERE kept.free_at <= CAST(:now AS timestamptz) + :room
RETURNING free_at
"""

_FIND: Final = "SELECT free_at FROM register.rate_limit WHERE key = :key"


def limit_client(engine: Engine, act: Act, client: IPv4Address | IPv6Address | None, now: datetime) -> None:
    """Count an act of a client; the network of an IPv6 address (/64) is one client. Raises: TooManyRequests.

    A client of which the address is not known for sure (None) is not limited: it could be anyone's.
    """
    if client is not None:
        limit_subject(engine, act, name_client(client), now)


def name_client(client: IPv4Address | IPv6Address) -> str:
    """The text by which a client is counted: its address, or the network of an IPv6 address."""
    return str(ip_network((client, 64), strict=False)) if isinstance(client, IPv6Address) else str(client)


def limit_subject(engine: Engine, act: Act, subject: str, now: datetime) -> None:
    """Count an act of or on someone, in a transaction of its own. Raises: TooManyRequests."""
    with transaction(engine) as session:
        wait = _count(session, act, subject, now)
    if wait is not None:
        raise _refuse(wait)


def _count(session: Session, act: Act, subject: str, now: datetime) -> timedelta | None:
    """None where the act is within its limit; otherwise how long to wait."""
    limit = LIMITS[act]
    salt = find_salt(session, now.astimezone(UTC).date())
    key = sha256(salt + f"{act} {subject}".encode()).digest()
    room = limit.step * (limit.burst - 1)
    values = {"key": key, "now": now, "step": limit.step, "room": room}
    if session.scalars(text(_COUNT), values).one_or_none() is not None:
        return None
    free_at: datetime = session.scalars(text(_FIND), {"key": key}).one()
    return free_at - room - now


def find_salt(session: Session, day: date) -> bytes:
    """The secret of a day, made where there is none yet."""
    found = session.scalars(text(_FIND_SALT), {"day": day}).one_or_none()
    if found is None:
        session.execute(text(_MAKE_SALT), {"day": day, "salt": token_bytes(32)})
        found = session.scalars(text(_FIND_SALT), {"day": day}).one()
    return bytes(found)


def _refuse(wait: timedelta) -> TooManyRequests:
    seconds = max(1, ceil(wait.total_seconds()))
    if seconds < _MINUTE:
        term = LocalizedText(
            f"{seconds} {'seconde' if seconds == 1 else 'seconden'}",
            f"{seconds} {'second' if seconds == 1 else 'seconds'}",
        )
    else:
        minutes = ceil(seconds / _MINUTE)
        term = LocalizedText(
            f"{minutes} {'minuut' if minutes == 1 else 'minuten'}",
            f"{minutes} {'minute' if minutes == 1 else 'minutes'}",
        )
    return TooManyRequests(
        LocalizedText(
            f"Dit is te vaak achter elkaar gevraagd. Probeer het over {term.nl} opnieuw.",
            f"This was asked too often in a row. Try again in {term.en}.",
        ),
        headers={"Retry-After": str(seconds)},
    )
