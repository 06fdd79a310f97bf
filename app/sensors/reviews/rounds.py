"""The daily mail to municipalities: new submissions, terms that are near or past, and requests for comment.

What a municipality was sent is recorded in the transaction that posts the mail, so that nothing is sent twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.mail.texts import make_one_line
from app.organisations.queries import Mailbox, find_mailbox, find_organisation
from app.sensors.registration.review_mail import QUEUE_PATH
from app.sensors.registration.review_permissions import review_place_sql
from app.sensors.registration.review_terms import NEAR_DAYS, find_review_terms, start_of_day
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.reviews import NoticeKind, ReviewNotice

NAMED: Final = 5
"""Submissions of each kind that a mail names; the others are counted."""

_LIFETIME: Final = timedelta(days=10)
_KEPT: Final = timedelta(days=400)

_SUBMITTED: Final = (
    f"version.superseded_at IS NULL AND version.registration_status = '{RegistrationStatus.SUBMITTED}'"
)

_LIST_CODES: Final = f"""
SELECT DISTINCT unnest(place.municipality_codes) AS code
FROM register.sensor_version AS version JOIN register.sensor_place AS place ON place.version_id = version.id
WHERE {_SUBMITTED} ORDER BY code
"""  # noqa: S608 - no text of a request

# `near` and `past` are the moments before which a submission was made of which the term is near, or past.
_DUE: Final = f"""
SELECT version.sensor_id, version.number AS version_number, term.code AS municipality_code, due.kind,
    version.recorded_at
FROM register.sensor_version AS version
JOIN register.sensor_place AS place ON place.version_id = version.id
JOIN unnest(CAST(:codes AS text[]), CAST(:near AS timestamptz[]), CAST(:past AS timestamptz[]))
    AS term (code, near, past) ON term.code = ANY(place.municipality_codes)
CROSS JOIN LATERAL (
    VALUES
        ('{NoticeKind.NEW}', term.code = {review_place_sql("place")}),
        ('{NoticeKind.COMMENT}', term.code <> {review_place_sql("place")}),
        ('{NoticeKind.NEAR}', term.code = {review_place_sql("place")}
            AND version.recorded_at < term.near AND version.recorded_at >= term.past),
        ('{NoticeKind.PAST}', term.code = {review_place_sql("place")} AND version.recorded_at < term.past)
) AS due (kind, applies)
WHERE {_SUBMITTED} AND due.applies AND NOT EXISTS (
    SELECT FROM register.review_notice AS sent
    WHERE sent.sensor_id = version.sensor_id AND sent.version_number = version.number
        AND sent.municipality_code = term.code AND sent.kind = due.kind)
"""  # noqa: S608 - no text of a request

_LIST_TO_TELL: Final = f"""
SELECT DISTINCT municipality_code FROM ({_DUE}) AS found ORDER BY municipality_code
"""  # noqa: S608 - no text of a request

_RECORD: Final = f"""
WITH recorded AS (
    INSERT INTO register.review_notice (sensor_id, version_number, municipality_code, kind, sent_on)
    SELECT sensor_id, version_number, municipality_code, kind, CAST(:today AS date)
    FROM ({_DUE}) AS found ORDER BY sensor_id, version_number, kind
    ON CONFLICT DO NOTHING
    RETURNING sensor_id, version_number, kind
)
SELECT kind, count(*) AS total,
    (array_agg(sensor.public_code || ' (' || coalesce(version.name, version.reference) || ')'
        ORDER BY version.recorded_at, sensor.public_code))[1:{NAMED}] AS named
FROM recorded
JOIN register.sensor ON sensor.id = recorded.sensor_id
JOIN register.sensor_version AS version
    ON version.sensor_id = recorded.sensor_id AND version.number = recorded.version_number
GROUP BY kind
"""  # noqa: S608 - no text of a request


@dataclass(frozen=True, slots=True)
class Told:
    """How many municipalities were sent a mail, and those that could not be: they have no address."""

    sent: int
    unreachable: Sequence[UUID]


def mail_municipalities(engine: Engine, *, site: str, now: datetime) -> Told:
    """Post one mail to each municipality that something new waits for, each in a transaction of its own.

    Repeating it sends nothing twice. A municipality without an address gets the mail once it has one.
    """
    today, sent, unreachable = dutch_date(now), 0, []
    with transaction(engine) as session:
        session.execute(delete(ReviewNotice).where(ReviewNotice.sent_on < today - _KEPT))
        codes = session.scalars(text(_LIST_CODES)).all()
        to_tell = session.scalars(text(_LIST_TO_TELL), _bind(session, codes, today)).all()
    for code in to_tell:
        with transaction(engine) as session:
            organisation_id = find_organisation(session, code)
            mailbox = find_mailbox(session, organisation_id) if organisation_id else None
            if mailbox is not None:
                sent += _post(session, code, mailbox, site=site, now=now)
            elif organisation_id is not None:
                unreachable.append(organisation_id)
    return Told(sent, unreachable)


def _bind(session: Session, codes: Sequence[str], today: date) -> dict[str, Any]:
    terms = find_review_terms(session, codes, today)
    days = [terms[code].review_days for code in codes]
    return {
        "codes": list(codes),
        "near": [start_of_day(today + timedelta(days=NEAR_DAYS + 1 - one)) for one in days],
        "past": [start_of_day(today - timedelta(days=one)) for one in days],
        "today": today,
    }


def _post(session: Session, code: str, mailbox: Mailbox, *, site: str, now: datetime) -> int:
    """Record and post what is new; returns the number of mails, 0 where another worker was first."""
    rows = session.execute(text(_RECORD), _bind(session, [code], dutch_date(now))).all()
    if not rows:
        return 0
    terms = find_review_terms(session, [code], dutch_date(now))[code]
    parts: Mapping[str, dict[str, Any]] = {
        row.kind: {
            "total": row.total,
            "named": "; ".join(make_one_line(one) for one in row.named),
            "others": row.total - len(row.named),
        }
        for row in rows
    }
    post_mail(
        session,
        "review_queue",
        receiver=mailbox.address,
        language=mailbox.language,
        now=now,
        lifetime=_LIFETIME,
        municipality=mailbox.name,
        near_days=NEAR_DAYS,
        comment_days=terms.comment_days,
        address=f"{site}{localise_path(QUEUE_PATH, mailbox.language)}{_choose_part(parts)}",
        site=site,
        parts=[
            parts.get(kind) for kind in (NoticeKind.NEW, NoticeKind.NEAR, NoticeKind.PAST, NoticeKind.COMMENT)
        ],
    )
    return 1


def _choose_part(parts: Collection[str]) -> str:
    """The part of the queue that the mail leads to: what waits for a comment is no part of what is to be reviewed."""
    return "?deel=comment" if set(parts) == {NoticeKind.COMMENT} else ""
