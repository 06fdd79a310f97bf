"""Mail about a review to its submitter: changes asked, published, rejected or commented on.

It goes to the functional address of the owner, and to the person who submitted where that address is known.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.invitations import find_invited_address
from app.access.queries import read_grants
from app.core.app_state import AppState
from app.core.i18n import Language, LocalizedText
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.mail.texts import make_one_line
from app.organisations.queries import find_language, find_mailbox, name_organisation
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.own_submissions import find_submitters
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.version_record import SensorVersion

QUEUE_PATH: Final = "/mijn/beoordelen"
"""Dutch path of the queue of reviewers; below it, by registration number, that of one submission."""

SUBMITTED_PATH: Final = "/mijn/beoordeling"
"""Dutch path below which the submitter sees the review of one registration, by its registration number."""

OWN_PATH: Final = "/mijn/sensoren"
"""Dutch path of the table of an organisation's sensors."""

_REMOVAL: Final = LocalizedText("verwijdering", "removal")

NAMED: Final = 5
"""Sensors that a mail about many names; the others are counted."""


class ReviewEvent(StrEnum):
    """Event of a review that its submitter gets a mail about."""

    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    REJECTED = "rejected"
    COMMENTED = "commented"


@dataclass(frozen=True, slots=True)
class MailSite:
    """The address of the site as a mail gives it, without a slash at its end, and the moment of the mail."""

    address: str
    now: datetime


def read_mail_site(state: AppState, now: datetime) -> MailSite | None:
    """The site as mail of this moment names it; None where the register sends no mail."""
    return MailSite(state.public_url, now) if state.settings.sends_mail else None


@dataclass(frozen=True, slots=True)
class ReviewedSensor:
    """A sensor of a review, as its owner knows it; `is_removal` is whether what was submitted says that it is gone."""

    id: UUID
    owner_id: UUID
    public_code: str
    reference: str
    name: str | None
    import_id: UUID | None
    is_removal: bool

    @classmethod
    def of(cls, version: SensorVersion) -> "ReviewedSensor":
        """The sensor of the version that was submitted."""
        return cls(
            version.sensor_id,
            version.owner_id,
            version.public_code,
            version.reference,
            version.name,
            version.import_id,
            version.removed_on is not None,
        )


def post_review_mail(  # noqa: PLR0913 - what happened to which sensors, by whom and why
    session: Session,
    mail: MailSite | None,
    event: ReviewEvent,
    sensors: Collection[ReviewedSensor],
    *,
    organisation_id: UUID,
    remarks: Sequence[FieldRemark] = (),
) -> None:
    """Post one mail to each owner of these sensors, and one to each person who submitted some of them.

    `organisation_id` is the one that decided or commented. Without `mail` nothing is sent.
    """
    if mail is None or not sensors:
        return
    decider = name_organisation(session, organisation_id)
    by_owner = groupby(
        sorted(sensors, key=lambda one: (one.owner_id, one.reference)), key=lambda one: one.owner_id
    )
    for owner_id, group in by_owner:
        owned = list(group)
        name = name_organisation(session, owner_id)
        for address, language, chosen in _find_receivers(session, owner_id, owned):
            post_mail(
                session,
                "review_decision",
                receiver=address,
                language=language,
                now=mail.now,
                event=event.value,
                decider=decider,
                organisation=name,
                site=mail.address,
                **_describe(chosen, remarks, mail.address, language),
            )


def _find_receivers(
    session: Session, owner_id: UUID, sensors: Sequence[ReviewedSensor]
) -> Iterator[tuple[str, Language, Sequence[ReviewedSensor]]]:
    """Address, language and sensors of each receiver: the organisation, and who submitted and still works for it."""
    mailbox = find_mailbox(session, owner_id)
    if mailbox is not None:
        yield mailbox.address, mailbox.language, sensors
    by_person: dict[UUID, list[ReviewedSensor]] = {}
    submitters = find_submitters(session, {one.id: one.import_id for one in sensors})
    for one in sensors:
        if one.id in submitters:
            by_person.setdefault(submitters[one.id], []).append(one)
    for person, submitted in by_person.items():
        address = find_invited_address(session, person)
        still_works = any(grant.organisation_id == owner_id for grant in read_grants(session, person))
        if address and still_works and (mailbox is None or address.lower() != mailbox.address.lower()):
            yield address, find_language(session, [owner_id]) or "nl", submitted


def _describe(
    sensors: Sequence[ReviewedSensor], remarks: Sequence[FieldRemark], site: str, language: Language
) -> dict[str, Any]:
    first = sensors[0]
    path = f"{SUBMITTED_PATH}/{first.public_code}" if len(sensors) == 1 else OWN_PATH
    return {
        "total": len(sensors),
        "title": make_one_line(first.name or first.reference),
        "code": first.public_code,
        "named": "; ".join(_name(one, language) for one in sensors[:NAMED]),
        "is_removal": all(one.is_removal for one in sensors),
        "others": max(len(sensors) - NAMED, 0),
        "remarks": [_describe_remark(one, language) for one in remarks],
        "address": f"{site}{localise_path(path, language)}",
    }


def _name(one: ReviewedSensor, language: Language) -> str:
    removal = f", {_REMOVAL.render(language)}" if one.is_removal else ""
    return make_one_line(f"{one.public_code} ({one.name or one.reference}{removal})")


def _describe_remark(remark: FieldRemark, language: Language) -> str:
    text = make_one_line(remark.text)
    if remark.field is None:
        return text
    label = FIELD_BY_NAME[remark.field].label
    return f"{label.nl if language == 'nl' else label.en}: {text}"
