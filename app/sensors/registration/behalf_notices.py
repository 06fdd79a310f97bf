"""Notices to organisations on whose behalf a municipality registered: told in one mail, confirmed or objected to.

The job worker tells, once a day: a day is a batch of work, however its sensors were registered. Source: decision 0074.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, cast
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.secrets import hash_secret, make_secret
from app.audit.actions import record_action
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.mail.texts import make_one_line
from app.organisations.queries import (
    find_mailbox,
    find_organisation,
    list_kinds,
    name_organisation,
)
from app.sensors.registration_status import JOIN_CURRENT_SQL, PUBLISHED_SQL
from app.sensors.tables.behalf import BehalfNotice, BehalfNoticeSensor

LINK_PATH: Final = "/in-uw-naam"
OWN_PATH: Final = "/mijn/namens"
"""Dutch paths of the page of the link in the mail, and of the list of who is signed in."""

LIFETIME: Final = timedelta(days=60)
"""How long the link in the mail works; an editor who is signed in can answer later too."""

MAX_REASON: Final = 1000
PAGE_ROWS: Final = 50
_MAX_LISTED: Final = 100

Answer = Literal["confirmed", "objected"]

_NAMED_IN_MAIL: Final = 5

# The municipality that registered is the one of the place: `find_represented` allows no other. A mobile sensor has
# no municipality of a place; all that it touches are edited by the same person.
_UNTOLD: Final = f"""
FROM register.sensor_version AS version JOIN register.sensor_place ON version_id = version.id
WHERE version.on_behalf_of_id IS NOT NULL AND {PUBLISHED_SQL}
  AND NOT EXISTS (SELECT FROM register.behalf_notice_sensor AS told WHERE told.sensor_id = version.sensor_id)
"""
_MUNICIPALITY: Final = "coalesce(municipality_code, municipality_codes[1])"

_LIST_UNTOLD: Final = f"""
SELECT on_behalf_of_id, {_MUNICIPALITY}, count(*) {_UNTOLD}
  AND {_MUNICIPALITY} IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2
"""
_TELL: Final = f"""
INSERT INTO register.behalf_notice_sensor (sensor_id, notice_id)
SELECT version.sensor_id, :notice_id {_UNTOLD}
  AND on_behalf_of_id = :organisation_id AND {_MUNICIPALITY} = :municipality_code
"""

# A registration that was withdrawn or rejected since has no current version, and is not listed; nor is one of another
# owner by now, since it may be internal.
_LIST_SENSORS: Final = f"""
SELECT sensor.public_code, current.reference, current.name, current.sensor_type, place.municipality_code,
    current.visibility <> 'internal' AND current.registration_status = 'published', count(*) OVER ()
FROM register.behalf_notice_sensor AS told JOIN register.behalf_notice AS notice ON notice.id = told.notice_id
JOIN register.sensor ON sensor.id = told.sensor_id
JOIN {JOIN_CURRENT_SQL} AND current.owner_id = notice.organisation_id
LEFT JOIN register.sensor_place AS place ON place.version_id = current.id
WHERE told.notice_id = :notice_id
ORDER BY current.reference, sensor.id LIMIT :limit OFFSET :offset
"""  # noqa: S608 - no text of a request

REASON_MISSING: Final = LocalizedText(
    f"Vul in wat er niet klopt, in hoogstens {MAX_REASON} tekens.",
    f"Fill in what is not right, in at most {MAX_REASON} characters.",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice and its answer; names are for those concerned."""

    id: UUID
    organisation_id: UUID
    organisation: str
    municipality_code: str
    municipality: str
    sensors: int
    mailed_to_anyone: bool
    told_at: datetime
    answer: Answer | None
    reason: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldSensor:
    """A sensor of a notice as it is registered now."""

    public_code: str
    reference: str
    name: str | None
    sensor_type: str
    municipality_code: str | None
    is_public: bool


def tell_represented(session: Session, *, site: str, sends_mail: bool, now: datetime) -> int:
    """Tell each organisation of published sensors that a municipality registered on its behalf; returns the notices.

    An organisation gets one mail for each municipality, where it has an address and the register sends mail.
    """
    # One at a time: a second worker finds nothing left.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('behalf notices', 0))"))
    untold = session.execute(text(_LIST_UNTOLD)).all()
    for organisation_id, municipality_code, _ in untold:
        secret = make_secret()
        mailbox = find_mailbox(session, organisation_id) if sends_mail else None
        row = BehalfNotice(
            organisation_id=organisation_id,
            municipality_code=municipality_code,
            token_hash=hash_secret(secret),
            mailed_to_anyone=mailbox is not None,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        session.add(row)
        session.flush()
        session.execute(
            text(_TELL),
            {
                "notice_id": row.id,
                "organisation_id": organisation_id,
                "municipality_code": municipality_code,
            },
        )
        if mailbox is not None:
            first, total = list_told(session, row.id, limit=_NAMED_IN_MAIL)
            post_mail(
                session,
                "behalf_notice",
                receiver=mailbox.address,
                language=mailbox.language,
                now=now,
                organisation=mailbox.name,
                municipality=_name_municipality(session, municipality_code),
                total=total,
                first=[_name_sensor(one) for one in first],
                address=f"{site}{localise_path(LINK_PATH, mailbox.language)}?sleutel={secret}",
                days=LIFETIME.days,
                site=site,
            )
    return len(untold)


def find_notice(session: Session, secret: str, now: datetime) -> Notice | None:
    """The notice with this link; None where the link has ended, or its organisation."""
    statement = select(BehalfNotice).where(
        BehalfNotice.token_hash == hash_secret(secret),
        BehalfNotice.expires_at > now,
    )
    row = session.scalars(statement).one_or_none()
    if row is None or any(kind.has_ended for kind in list_kinds(session, [row.organisation_id])):
        return None
    return _read(session, row)


def list_notices(
    session: Session, *, organisation_id: UUID, municipality_codes: Collection[str]
) -> tuple[list[Notice], list[Notice]]:
    """The notices to an organisation, and those of what these municipalities registered; newest first."""
    newest = (BehalfNotice.created_at.desc(), BehalfNotice.id.desc())
    received = select(BehalfNotice).where(BehalfNotice.organisation_id == organisation_id).order_by(*newest)
    sent = (
        select(BehalfNotice)
        .where(BehalfNotice.municipality_code.in_(municipality_codes))
        .order_by(BehalfNotice.answer == "confirmed", *newest)
    )
    return (
        [_read(session, row) for row in session.scalars(received.limit(_MAX_LISTED))],
        [_read(session, row) for row in session.scalars(sent.limit(_MAX_LISTED))],
    )


def get_notice(
    session: Session, notice_id: UUID, *, organisation_id: UUID, municipality_codes: Collection[str]
) -> Notice:
    """A notice to this organisation, or of one of these municipalities. Raises: NotFound."""
    row = session.get(BehalfNotice, notice_id)
    if row is None or (
        row.organisation_id != organisation_id and row.municipality_code not in municipality_codes
    ):
        raise NotFound
    return _read(session, row)


def list_told(
    session: Session, notice_id: UUID, *, page: int = 1, limit: int = PAGE_ROWS
) -> tuple[Sequence[ToldSensor], int]:
    """One page of the sensors of a notice that are still registered, from 1, and their number."""
    values = {"notice_id": notice_id, "limit": limit, "offset": (page - 1) * limit}
    rows = session.execute(text(_LIST_SENSORS), values).all()
    return [ToldSensor(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def answer_notice(  # noqa: PLR0913 - which notice, what answer, and by whom
    session: Session,
    notice_id: UUID,
    answer: Answer,
    *,
    reason: str,
    principal_id: UUID | None,
    site: str,
    sends_mail: bool,
    now: datetime,
) -> None:
    """Note what an organisation answers; an objection is mailed to the municipality.

    The first answer counts, except that an objection may still become a confirmation: so pressing twice is harmless.
    Raises: InvalidRequest for an objection without a reason.
    """
    reason = reason.strip()
    if answer == "objected" and not 0 < len(reason) <= MAX_REASON:
        raise InvalidRequest(REASON_MISSING)
    row = session.get_one(BehalfNotice, notice_id, with_for_update=True, populate_existing=True)
    if row.answer in (answer, "confirmed"):
        return
    row.answer, row.answered_at, row.answered_by = answer, now, principal_id
    row.reason = reason if answer == "objected" else None
    session.flush()
    record_action(
        session,
        principal_id=principal_id,
        action="answer_behalf_notice",
        subject_kind="behalf_notice",
        subject_ids=[notice_id],
        # The reason is left out: it can be erased here, and not in the audit trail.
        details={"answer": answer},
        on_behalf_of=row.organisation_id,
    )
    if answer == "objected" and sends_mail:
        _post_objection(session, _read(session, row), site, now)


def _post_objection(session: Session, notice: Notice, site: str, now: datetime) -> None:
    municipality_id = find_organisation(session, notice.municipality_code)
    mailbox = find_mailbox(session, municipality_id) if municipality_id else None
    if mailbox is None:
        return
    post_mail(
        session,
        "behalf_objection",
        receiver=mailbox.address,
        language=mailbox.language,
        now=now,
        organisation=notice.organisation,
        total=notice.sensors,
        reason=notice.reason,
        address=f"{site}{localise_path(OWN_PATH, mailbox.language)}/{notice.id}",
        site=site,
    )


def _name_sensor(sensor: ToldSensor) -> str:
    name = f" ({make_one_line(sensor.name)})" if sensor.name else ""
    return f"{sensor.public_code}: {make_one_line(sensor.reference)}{name}"


def _name_municipality(session: Session, code: str) -> str:
    found = find_organisation(session, code)
    return name_organisation(session, found) if found else code


def _read(session: Session, row: BehalfNotice) -> Notice:
    counted = select(func.count()).where(BehalfNoticeSensor.notice_id == row.id)
    return Notice(
        row.id,
        row.organisation_id,
        name_organisation(session, row.organisation_id),
        row.municipality_code,
        _name_municipality(session, row.municipality_code),
        session.scalar(counted) or 0,
        row.mailed_to_anyone,
        row.created_at,
        cast(Answer | None, row.answer),
        row.reason,
        row.answered_at,
    )
