"""The end of a registration, and its return: withdraw and restore."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.expected_version import ExpectedVersion, check_expected_version
from app.core.i18n import LocalizedText
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.permissions import publishes_at_once, require_changeable
from app.sensors.registration.queries import get_published_version, get_version, lock_sensor
from app.sensors.registration.remarks import find_text_problem
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration.versions import copy_columns, write_version
from app.sensors.registration_status import LIVE_STATUSES, RegistrationStatus

_NOT_WITHDRAWN = LocalizedText(
    "Deze registratie is niet ingetrokken.", "This registration has not been withdrawn."
)
_ENDED = LocalizedText(
    "Deze registratie is al ingetrokken of afgewezen.",
    "This registration has been withdrawn or rejected already.",
)
_REDACTED = LocalizedText(
    "Een beheerder heeft deze registratie uit de openbaarheid gehaald. Registreer de sensor opnieuw.",
    "An administrator removed this registration from public view. Register the sensor again.",
)


def withdraw_sensor(
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    reason: str = "",
    expected: ExpectedVersion | None,
) -> SensorVersion:
    """Withdraw a registration: it is no longer public, and what is under review of it ends too.

    A sensor that stood there is reported removed instead. The reason is stored in the audit trail.
    Raises: NotFound; NotPermitted; InvalidRequest; Conflict; PreconditionRequired and PreconditionFailed.
    """
    _check_reason(reason)
    lock_sensor(session, sensor_id)
    current = get_version(session, sensor_id)
    require_changeable(context.principal, current)
    if current.registration_status not in LIVE_STATUSES:
        raise Conflict(_ENDED)
    check_expected_version(expected, current.number)
    columns = copy_columns(_find_last_public(session, current))
    return write_version(
        session,
        context,
        sensor_id,
        columns | {"registration_status": RegistrationStatus.WITHDRAWN},
        action=Action.WITHDRAW,
        current=current.registration_status,
        reason=reason.strip() or None,
    )


def restore_sensor(
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    reason: str = "",
    expected: ExpectedVersion | None,
) -> SensorVersion:
    """Undo a withdrawal: published where no review is needed, else submitted. The reason is stored in the audit trail.

    Raises: NotFound; NotPermitted; InvalidRequest; Conflict; PreconditionRequired and PreconditionFailed.
    """
    _check_reason(reason)
    lock_sensor(session, sensor_id)
    withdrawn = get_version(session, sensor_id)
    require_changeable(context.principal, withdrawn)
    if withdrawn.registration_status is not RegistrationStatus.WITHDRAWN:
        raise Conflict(_NOT_WITHDRAWN)
    if withdrawn.redacted_at is not None:
        raise Conflict(_REDACTED)
    check_expected_version(expected, withdrawn.number)
    columns = copy_columns(withdrawn)
    at_once = publishes_at_once(session, context.principal, withdrawn.municipality_code, columns)
    status = RegistrationStatus.PUBLISHED if at_once else RegistrationStatus.SUBMITTED
    return write_version(
        session,
        context,
        sensor_id,
        columns | {"registration_status": status},
        action=Action.RESTORE,
        current=withdrawn.registration_status,
        reason=reason.strip() or None,
    )


def _check_reason(reason: str) -> None:
    if reason.strip() and (problem := find_text_problem(reason, "/reason")) is not None:
        raise InvalidRequest(problems=[problem])


def _find_last_public(session: Session, current: SensorVersion) -> SensorVersion:
    try:
        return get_published_version(session, current.sensor_id)
    except NotFound:
        return current
