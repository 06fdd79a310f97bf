"""The link in a reminder, by which an organisation confirms the sensors that the reminder was about, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actions import ensure_system_principal
from app.access.context import ActionContext
from app.access.principal import Grant, Principal
from app.access.secrets import hash_secret
from app.audit.actions import record_action
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.observability import current_request_id
from app.organisations.queries import list_kinds
from app.sensors.bulk.many import confirm_sensors
from app.sensors.registration_status import is_published, render_condition
from app.sensors.reminders.due_dates import DueDate
from app.sensors.tables.reminders import ReminderRow

ACTOR: Final = "Link in a reminder"
"""Name of the principal in whose name a link confirms; the audit trail has the organisation beside it."""


class LinkState(StrEnum):
    """State of a sensor since the reminder was sent."""

    DUE = "due"
    CONFIRMED = "confirmed"
    REMOVED = "removed"
    NOT_PUBLISHED = "not_published"
    """Withdrawn, or of another owner now."""


@dataclass(frozen=True, slots=True)
class LinkedSensor:
    """A sensor of the reminder; `is_public` says whether it has a page that everybody may read.

    One that went to another owner has its registration number as reference, and no name.
    """

    id: UUID
    public_code: str
    reference: str
    name: str | None
    confirm_by: date
    state: LinkState
    is_public: bool


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link that works: its organisation, and the sensors that it confirms, the most urgent first."""

    reminder_id: UUID
    organisation_id: UUID
    sensors: Sequence[LinkedSensor]

    def list_in(self, state: LinkState) -> list[LinkedSensor]:
        """The sensors in this state; may be empty."""
        return [one for one in self.sensors if one.state is state]


_LIST: Final = f"""
SELECT sensor.id, sensor.public_code,
    CASE WHEN sensor.owner_id = reminder.organisation_id THEN sensor.reference ELSE sensor.public_code END AS reference,
    CASE WHEN version.owner_id = reminder.organisation_id THEN version.name END AS name, reminded.due_on,
    CASE WHEN version.owner_id IS DISTINCT FROM reminder.organisation_id THEN '{LinkState.NOT_PUBLISHED}'
        WHEN version.removed_on IS NOT NULL THEN '{LinkState.REMOVED}'
        WHEN version.last_confirmed_on >= reminder.sent_on THEN '{LinkState.CONFIRMED}'
        ELSE '{LinkState.DUE}' END AS state,
    EXISTS (SELECT FROM publication.published_sensor WHERE published_sensor.id = sensor.id) AS is_public
FROM register.reminder
JOIN register.reminded_sensor AS reminded
    ON reminded.reminder_id = reminder.id AND reminded.due_kind = '{DueDate.CONFIRM}'
JOIN register.sensor ON sensor.id = reminded.sensor_id
LEFT JOIN register.sensor_version AS version
    ON version.sensor_id = sensor.id AND {render_condition(is_published, "version")}
WHERE reminder.id = CAST(:reminder AS uuid)
ORDER BY reminded.due_on, sensor.reference, sensor.id
"""  # noqa: S608 - no text of a request


def find_mail_link(session: Session, secret: str, now: datetime) -> MailLink | None:
    """The link with this secret; None where there is none, it has expired, or its organisation has ended."""
    row = session.scalars(
        # Pressed twice at once, the second waits for the first.
        select(ReminderRow)
        .where(ReminderRow.token_hash == hash_secret(secret), ReminderRow.expires_at > now)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None or any(kind.has_ended for kind in list_kinds(session, [row.organisation_id])):
        return None
    found = session.execute(text(_LIST), {"reminder": row.id}).all()
    sensors = [LinkedSensor(*one) for one in found]
    return MailLink(
        row.id, row.organisation_id, [replace(one, state=LinkState(one.state)) for one in sensors]
    )


def confirm_by_link(session: Session, secret: str, now: datetime) -> None:
    """Confirm what the reminder asked for and was not confirmed since; doing it again changes nothing.

    Raises: NotFound for a link that does not work (any more).
    """
    link = find_mail_link(session, secret, now)
    if link is None:
        raise NotFound(LINK_ENDED)
    due = [one.id for one in link.list_in(LinkState.DUE)]
    if not due:
        return
    principal_id = ensure_system_principal(session, ACTOR)
    principal = Principal(principal_id, ACTOR, frozenset({Grant("editor", link.organisation_id)}))
    context = ActionContext(principal, dutch_date(now), current_request_id.get())
    outcome = confirm_sensors(session, context, due)
    record_action(
        session,
        principal_id=principal_id,
        action="use_reminder_link",
        subject_kind="reminder",
        subject_ids=[link.reminder_id],
        details={"sensors": len(outcome.changed)},
        on_behalf_of=link.organisation_id,
    )


LINK_ENDED: Final = LocalizedText(
    "Deze link werkt niet meer. Log in om uw sensoren te bevestigen.",
    "This link does not work any more. Sign in to confirm your sensors.",
)
