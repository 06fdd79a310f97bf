"""The mail of a reminder, and the daily round that sends one to each organisation that has something coming near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.formatting import format_date, format_list
from app.core.i18n import Language
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.municipalities.queries import load_directory
from app.organisations.queries import Mailbox, find_mailbox
from app.sensors.reminders.due_dates import DueDate
from app.sensors.reminders.remind import (
    NAMED,
    DueSensors,
    Reminder,
    delete_old_reminders,
    list_owners_to_remind,
    record_reminder,
)
from app.website.own_sensors.list_routes import SENSORS

CONFIRM: Final = "/bevestigen"

REMINDER_LIFETIME: Final = timedelta(days=10)
"""How long sending a reminder is tried: it is of use for weeks, and comes once."""


@dataclass(frozen=True, slots=True)
class Round:
    """How many organisations were sent a reminder, and those that could not be: they have no address."""

    sent: int
    unreachable: Sequence[UUID]


def remind_owners(engine: Engine, *, site: str, now: datetime) -> Round:
    """Post one mail to each organisation of which dates came near, each in a transaction of its own.

    Repeating it sends nothing twice. An organisation without an address is reminded once it has one.
    """
    today, sent, unreachable = dutch_date(now), 0, []
    with transaction(engine) as session:
        delete_old_reminders(session, today)
        owners = list_owners_to_remind(session, today)
    for organisation_id in owners:
        with transaction(engine) as session:
            mailbox = find_mailbox(session, organisation_id)
            if mailbox is None:
                unreachable.append(organisation_id)
            elif (reminder := record_reminder(session, organisation_id, now)) is not None:
                _post(session, reminder, mailbox, site=site, now=now)
                sent += 1
    return Round(sent, unreachable)


def _post(session: Session, reminder: Reminder, mailbox: Mailbox, *, site: str, now: datetime) -> None:
    language = mailbox.language
    sensors = f"{site}{localise_path(SENSORS, language)}"
    described = {
        kind.name.lower(): _describe(due, language) | {"address": f"{sensors}?taak={kind.name.lower()}"}
        for kind, due in reminder.due.items()
    }
    post_mail(
        session,
        "reminder",
        receiver=mailbox.address,
        language=language,
        now=now,
        lifetime=REMINDER_LIFETIME,
        organisation=mailbox.name,
        **{kind.name.lower(): described.get(kind.name.lower()) for kind in DueDate},
        confirm_address=f"{site}{localise_path(CONFIRM, language)}?sleutel={reminder.secret}",
        removal_asked=_name_municipalities(session, reminder.removal_asked, language),
        last_day=reminder.last_day,
        site=site,
    )


def _name_municipalities(session: Session, codes: Sequence[str], language: Language) -> str:
    """The names of the first few municipalities as a list in a sentence; empty without any."""
    if not codes:
        return ""
    directory = load_directory(session)
    names = sorted(directory.get_municipality(code).name for code in codes)
    more = len(names) - NAMED
    if more > 0:
        others = f"nog {more}" if language == "nl" else f"{more} more"
        names = [*names[:NAMED], others]
    return format_list(names, language)


def _describe(due: DueSensors, language: Language) -> dict[str, Any]:
    """The values of a paragraph: `named` are the first sensors in one line."""
    named = [
        " ".join(f"{one.name or one.reference} ({format_date(one.due_on, language)})".split())
        for one in due.named
    ]
    return {
        "total": due.total,
        "first_on": due.first_on,
        "named": "; ".join(named),
        "others": due.total - len(named),
    }
