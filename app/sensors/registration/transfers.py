"""Transfer of a sensor to another owner: offered by the one, and accepted or refused by the other.

The registration keeps its number and its history; the new owner's first version is published with the acceptance.
Source: decision 0084.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.permissions import may_edit, may_see_private
from app.access.principal import Principal
from app.audit.actions import record_action
from app.core.errors import Conflict, InvalidRequest, NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.mail.texts import make_one_line
from app.organisations.queries import find_mailbox, list_kinds
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.permissions import require_visible
from app.sensors.registration.queries import get_version, lock_sensor
from app.sensors.registration.remarks import find_text_problem
from app.sensors.registration.review_mail import MailSite
from app.sensors.registration.transfer_list import Transfer, find_transfer
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration.versions import copy_columns, write_version
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.register import sensor
from app.sensors.tables.transfers import SensorTransfer, TransferDecision

TRANSFERS_PATH: Final = "/mijn/overdrachten"
"""Dutch path of the page of offers to and of an organisation."""


def offer_transfer(
    session: Session, context: ActionContext, sensor_id: UUID, organisation_id: UUID, *, mail: MailSite | None
) -> Transfer:
    """Offer a public sensor to another organisation, which is mailed.

    Raises: NotFound; NotPermitted; InvalidRequest for an organisation that cannot have it; Conflict.
    """
    moment = lock_sensor(session, sensor_id)
    version = _get_offerable(session, context.principal, sensor_id)
    kind = next(iter(list_kinds(session, [organisation_id])), None)
    if kind is None or kind.has_ended or organisation_id == version.owner_id:
        raise InvalidRequest(
            problems=[
                Problem(ProblemCode.UNKNOWN_ORGANISATION, "/organisation", _NO_RECEIVER, str(organisation_id))
            ]
        )
    session.add(
        SensorTransfer(
            sensor_id=sensor_id,
            from_owner_id=version.owner_id,
            to_owner_id=organisation_id,
            offered_by=context.principal.id,
            offered_at=moment,
        )
    )
    session.flush()
    transfer = _get(session, sensor_id)
    _record(session, context, "offer_transfer", transfer)
    _post(session, mail, "offered", transfer, transfer.to_id, version)
    return transfer


def find_obstacle(session: Session, principal: Principal, sensor_id: UUID) -> LocalizedText | None:
    """Why this person cannot offer a sensor to another organisation now; None where it can be offered."""
    try:
        _get_offerable(session, principal, sensor_id)
    except (NotFound, NotPermitted, Conflict) as refused:
        return refused.detail or refused.title
    return None


def _get_offerable(session: Session, principal: Principal, sensor_id: UUID) -> SensorVersion:
    """The version of a sensor that can be offered. Raises: NotFound; NotPermitted; Conflict."""
    version = get_version(session, sensor_id)
    require_visible(principal, version)
    if not may_edit(principal, version.owner_id):
        raise NotPermitted(_NOT_OWNER)
    _require_transferable(version)
    before = find_transfer(session, sensor_id)
    if before is not None and before.decision is None:
        raise Conflict(
            LocalizedText(
                f"Deze sensor is al aangeboden aan {before.to_name}. Neem dat aanbod eerst terug.",
                f"This sensor was offered to {before.to_name} already. Take that offer back first.",
            )
        )
    return version


def take_back_transfer(
    session: Session, context: ActionContext, sensor_id: UUID, *, mail: MailSite | None
) -> Transfer:
    """Take an offer back that is not decided. Raises: NotFound; NotPermitted; Conflict."""
    transfer = _lock_offer(session, context, sensor_id)
    if not may_edit(context.principal, transfer.from_id):
        raise NotPermitted(_NOT_OWNER)
    _decide(session, context, transfer, TransferDecision.TAKEN_BACK)
    _record(session, context, "take_back_transfer", transfer)
    _post(session, mail, "taken_back", transfer, transfer.to_id, get_version(session, sensor_id))
    return _get(session, sensor_id)


def refuse_transfer(
    session: Session, context: ActionContext, sensor_id: UUID, *, reason: str, mail: MailSite | None
) -> Transfer:
    """Refuse an offer; the owner is mailed the reason. Raises: NotFound; NotPermitted; InvalidRequest; Conflict."""
    if (problem := find_text_problem(reason, "/reason")) is not None:
        raise InvalidRequest(problems=[problem])
    transfer = _lock_offer(session, context, sensor_id)
    if not may_edit(context.principal, transfer.to_id):
        raise NotPermitted(_NOT_RECEIVER)
    _decide(session, context, transfer, TransferDecision.REFUSED, reason.strip())
    # The reason is left out: the audit trail cannot be erased with the sensor.
    _record(session, context, "refuse_transfer", transfer)
    _post(
        session, mail, "refused", transfer, transfer.from_id, get_version(session, sensor_id), reason.strip()
    )
    return _get(session, sensor_id)


def accept_transfer(
    session: Session, context: ActionContext, sensor_id: UUID, *, mail: MailSite | None
) -> SensorVersion:
    """Accept an offer: the organisation owns the sensor from now on, as its new version says in public.

    Raises: NotFound; NotPermitted; Conflict where the registration has changed, or the reference is taken.
    """
    transfer = _lock_offer(session, context, sensor_id)
    if not may_edit(context.principal, transfer.to_id):
        raise NotPermitted(_NOT_RECEIVER)
    version = get_version(session, sensor_id)
    _require_transferable(version)
    if version.owner_id != transfer.from_id:
        raise Conflict(_CHANGED)
    taken = select(sensor.c.id).where(
        sensor.c.owner_id == transfer.to_id, sensor.c.reference == version.reference
    )
    if session.scalar(taken) is not None:
        raise Conflict(
            LocalizedText(
                f"U hebt al een sensor met de referentie {version.reference}. Geef die eerst een andere referentie.",
                f"You already have a sensor with the reference {version.reference}. Give it another reference first.",
            )
        )
    session.execute(update(sensor).where(sensor.c.id == sensor_id).values(owner_id=transfer.to_id))
    columns = copy_columns(version) | {"owner_id": transfer.to_id, "on_behalf_of_id": None}
    written = write_version(
        session,
        context,
        sensor_id,
        columns,
        action=Action.TRANSFER,
        current=version.registration_status,
    )
    _decide(session, context, transfer, TransferDecision.ACCEPTED)
    _post(session, mail, "accepted", transfer, transfer.from_id, written)
    return written


def _lock_offer(session: Session, context: ActionContext, sensor_id: UUID) -> Transfer:
    """The open offer of a sensor, which is locked. Raises: NotFound; Conflict where it was decided already."""
    lock_sensor(session, sensor_id)
    transfer = find_transfer(session, sensor_id)
    if transfer is None or not any(
        may_see_private(context.principal, one) for one in (transfer.from_id, transfer.to_id)
    ):
        raise NotFound(LocalizedText("Deze sensor is niet aangeboden.", "This sensor has not been offered."))
    if transfer.decision is not None:
        words = _DECIDED[transfer.decision]
        who = transfer.from_name if transfer.decision is TransferDecision.TAKEN_BACK else transfer.to_name
        raise Conflict(
            LocalizedText(
                f"{who} heeft dit aanbod al {words.nl}.", f"{who} has {words.en} this offer already."
            )
        )
    return transfer


def _require_transferable(version: SensorVersion) -> None:
    if version.registration_status is not RegistrationStatus.PUBLISHED or version.removed_on is not None:
        raise Conflict(_NOT_TRANSFERABLE)


def _decide(
    session: Session,
    context: ActionContext,
    transfer: Transfer,
    decision: TransferDecision,
    reason: str | None = None,
) -> None:
    session.execute(
        update(SensorTransfer)
        .where(SensorTransfer.id == transfer.id)
        .values(
            decision=decision,
            decided_by=context.principal.id,
            decided_at=func.clock_timestamp(),
            reason=reason,
        )
        .execution_options(synchronize_session=False)
    )


def _get(session: Session, sensor_id: UUID) -> Transfer:
    transfer = find_transfer(session, sensor_id)
    assert transfer is not None  # noqa: S101 - it was just written
    return transfer


def _record(session: Session, context: ActionContext, action: str, transfer: Transfer) -> None:
    record_action(
        session,
        principal_id=context.principal.id,
        action=action,
        subject_kind="sensor",
        subject_ids=[transfer.sensor_id],
        details={"from": str(transfer.from_id), "to": str(transfer.to_id)},
        request_id=context.request_id,
    )


def _post(  # noqa: PLR0913, PLR0917 - what happened to which sensor, and who gets the mail
    session: Session,
    mail: MailSite | None,
    event: str,
    transfer: Transfer,
    receiver_id: UUID,
    version: SensorVersion,
    reason: str = "",
) -> None:
    mailbox = find_mailbox(session, receiver_id)
    if mail is None or mailbox is None:
        return
    other = transfer.from_name if receiver_id == transfer.to_id else transfer.to_name
    post_mail(
        session,
        "transfer",
        receiver=mailbox.address,
        language=mailbox.language,
        now=mail.now,
        event=event,
        organisation=mailbox.name,
        other=other,
        code=version.public_code,
        title=make_one_line(version.name or version.reference),
        reason=make_one_line(reason),
        address=f"{mail.address}{localise_path(TRANSFERS_PATH, mailbox.language)}",
        site=mail.address,
    )


_DECIDED: Final = {
    TransferDecision.ACCEPTED: LocalizedText("aangenomen", "accepted"),
    TransferDecision.REFUSED: LocalizedText("geweigerd", "refused"),
    TransferDecision.TAKEN_BACK: LocalizedText("teruggenomen", "taken back"),
}
_NOT_OWNER: Final = LocalizedText(
    "Alleen een redacteur van de eigenaar biedt een sensor aan, of neemt dat terug.",
    "Only an editor of the owner offers a sensor, or takes that back.",
)
_NOT_RECEIVER: Final = LocalizedText(
    "Alleen een redacteur van de organisatie die de sensor krijgt, beslist hierover.",
    "Only an editor of the organisation that gets the sensor decides about this.",
)
_NO_RECEIVER: Final = LocalizedText(
    "Aan deze organisatie kunt u de sensor niet overdragen. Kies een andere organisatie die meedoet.",
    "You cannot transfer the sensor to this organisation. Choose another one that takes part.",
)
_NOT_TRANSFERABLE: Final = LocalizedText(
    "Deze registratie kan nu niet worden overgedragen. Dat kan als zij openbaar is, er geen wijziging wordt beoordeeld"
    " en de sensor niet weg is.",
    "This registration cannot be transferred now. It can be when it is public, no change of it is under review and the"
    " sensor is not gone.",
)
_CHANGED: Final = LocalizedText(
    "De sensor heeft intussen een andere eigenaar.", "The sensor has another owner meanwhile."
)
