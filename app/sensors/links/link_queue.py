"""The links that are to be checked: collected from public registrations, and taken one at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.fields import FIELDS, FieldKind
from app.sensors.registration_status import PUBLISHED_SQL

LINK_FIELDS: Final = tuple(field for field in FIELDS if field.kind is FieldKind.URL)
"""The fields that are links, in the order of the register."""

CHECK_EVERY: Final = timedelta(days=7)
"""A link is asked no more often."""

HOST_PAUSE: Final = timedelta(seconds=30)
"""Time from one check of a host to the next; longer than a check may take, so that there is one at a time."""

_COLLECT: Final = f"""
WITH used AS (
    SELECT DISTINCT link.url
    FROM register.sensor_version AS version
    JOIN publication.published_sensor ON published_sensor.id = version.sensor_id
    CROSS JOIN LATERAL unnest(ARRAY[{", ".join(f"version.{field.column}" for field in LINK_FIELDS)}]) AS link (url)
    WHERE {PUBLISHED_SQL} AND version.removed_on IS NULL AND link.url IS NOT NULL
), hashed AS (
    SELECT sha256(convert_to(url, 'UTF8')) AS url_hash, url,
        lower(substring(url FROM '^https?://([^/?#]+)')) AS host
    FROM used
), forgotten AS (
    DELETE FROM register.link_check WHERE url_hash NOT IN (SELECT url_hash FROM hashed)
)
INSERT INTO register.link_check (url_hash, url, host, next_check_at)
SELECT url_hash, url, host, CAST(:now AS timestamptz) FROM hashed WHERE host IS NOT NULL
ON CONFLICT DO NOTHING
"""  # noqa: S608 - no text of a request

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('register.link_check'))"
"""Two workers take links in turn, so that they never ask one host at once."""

_CLAIM: Final = """
UPDATE register.link_check SET asked_at = :now, next_check_at = :next
WHERE url_hash = (
    SELECT due.url_hash FROM register.link_check AS due
    WHERE due.next_check_at <= :now AND NOT EXISTS (
        SELECT FROM register.link_check AS other WHERE other.host = due.host AND other.asked_at > :busy_since
    )
    ORDER BY due.next_check_at, due.url_hash LIMIT 1
)
RETURNING url_hash, url
"""

_RECORD_ANSWER: Final = """
UPDATE register.link_check SET status = :status, reason = NULL, answered_at = :now,
    failures = 0, failing_since = NULL, last_failed_on = NULL
WHERE url_hash = :url_hash
"""

_RECORD_FAILURE: Final = """
UPDATE register.link_check SET status = :status, reason = :reason,
    failures = least(failures + CASE WHEN last_failed_on = CAST(:today AS date) THEN 0 ELSE 1 END, 1000),
    failing_since = coalesce(failing_since, :now), last_failed_on = :today
WHERE url_hash = :url_hash
"""

_RECORD_UNASKED: Final = (
    "UPDATE register.link_check SET status = NULL, reason = :reason WHERE url_hash = :url_hash"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is being checked."""

    url_hash: bytes
    url: str


def collect_links(session: Session, now: datetime) -> None:
    """Add the links of public registrations that are new, and forget those that none has any more."""
    session.execute(text(_COLLECT), {"now": now})


def claim_link(session: Session, now: datetime) -> Link | None:
    """A link whose turn it is, of a host that is not being asked; None where there is none now.

    A worker that dies meanwhile leaves its link until the next week.
    """
    session.execute(text(_LOCK))
    values = {"now": now, "next": now + CHECK_EVERY, "busy_since": now - HOST_PAUSE}
    row = session.execute(text(_CLAIM), values).one_or_none()
    return None if row is None else Link(bytes(row.url_hash), row.url)


def record_answer(session: Session, link: Link, status: int, now: datetime) -> None:
    """The link answered."""
    session.execute(text(_RECORD_ANSWER), {"url_hash": link.url_hash, "status": status, "now": now})


def record_failure(  # noqa: PLR0913, PLR0917 - what was asked, what came, and when
    session: Session, link: Link, status: int | None, reason: str | None, today: date, now: datetime
) -> None:
    """The link did not answer today; twice on one day counts once."""
    values = {"url_hash": link.url_hash, "status": status, "reason": reason, "today": today, "now": now}
    session.execute(text(_RECORD_FAILURE), values)


def record_unasked(session: Session, link: Link, reason: str) -> None:
    """The link may not be asked: that says nothing about whether it answers to others."""
    session.execute(text(_RECORD_UNASKED), {"url_hash": link.url_hash, "reason": reason})
