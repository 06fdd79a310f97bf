"""Actions on a registration: register, amend, remove, confirm. Each is one transaction and writes one version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.database_errors import translate_constraint
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.expected_version import ExpectedVersion, check_expected_version
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import is_empty, parse_uuid, read_value
from app.sensors.registration.lateness import is_notified_late
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.permissions import (
    choose_owner,
    find_represented,
    publishes_at_once,
    require_changeable,
)
from app.sensors.registration.queries import (
    find_duplicates,
    find_ended,
    get_published_version,
    get_version,
    has_registration,
    load_validation_context,
    lock_sensor,
    version_as_request,
)
from app.sensors.registration.rules import find_removal_problems, years_later
from app.sensors.registration.validation import CheckedSensor, check_names, check_new_owner, check_sensor
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration.versions import copy_columns, dump_warning, write_version
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.register import RD_SRID, SAME_PLACE_METRES, sensor
from app.spatial.crs import Crs

REFERENCE_TAKEN = Problem(
    ProblemCode.TAKEN,
    "/reference",
    LocalizedText(
        "Deze eigenaar heeft al een sensor met deze referentie.",
        "This owner already has a sensor with this reference.",
    ),
)

translate_constraint("uq_sensor_owner_id_reference", lambda: Conflict(problems=[REFERENCE_TAKEN]))

_CARRIED = ("notified_late", "on_behalf_of_id", "last_confirmed_on", "confirm_by")
"""Columns that an amendment copies from the previous version."""


_CHANGED_WHEN_WITHDRAWN = frozenset({"visibility", "visibilityReason"})
"""Fields of a withdrawn registration that can still change: they govern its public history."""

_IS_WITHDRAWN = LocalizedText(
    "Deze registratie is ingetrokken. U kunt alleen nog de zichtbaarheid wijzigen; die geldt ook voor de geschiedenis. "
    "Wilt u meer wijzigen, registreer de sensor dan opnieuw.",
    "This registration was withdrawn. You can only change its visibility, which applies to its history too. "
    "To change more, register the sensor again.",
)


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome that an action would have: the status of its version, and the warnings that are stored with it.

    `is_late` is whether a new registration comes later than the duty of the place asks.
    """

    status: RegistrationStatus
    warnings: tuple[Problem, ...]
    is_late: bool = False


def register_sensor(
    session: Session, context: ActionContext, given: Mapping[str, Any], crs: Crs = Crs.CRS84
) -> SensorVersion:
    """Register a sensor: published when a municipality registers inside its boundary, else submitted.

    Raises: InvalidRequest with all problems; NotPermitted; Conflict for a reference that is taken.
    """
    checked, represented = _check_new(session, context, given, crs)
    name = {"owner_id": checked.values["owner"], "reference": checked.values["reference"]}
    # A sensor whose registration was rejected or withdrawn is registered again under its old number.
    sensor_id, status = find_ended(session, **name) or (
        session.execute(insert(sensor).values(name).returning(sensor.c.id)).scalar_one(),
        None,
    )
    columns = {
        **_columns(session, context, sensor_id, checked),
        "notified_late": is_notified_late(session, context, checked),
        "on_behalf_of_id": represented,
        "last_confirmed_on": context.today,
        "confirm_by": years_later(context.today, 1),
    }
    return write_version(session, context, sensor_id, columns, action=Action.REGISTER, current=status)


def try_registering(session: Session, context: ActionContext, given: Mapping[str, Any]) -> Trial:
    """The outcome that `register_sensor` would have; nothing is written. Raises: as `register_sensor`."""
    checked, _represented = _check_new(session, context, given, Crs.CRS84)
    name = {"owner_id": checked.values["owner"], "reference": checked.values["reference"]}
    if has_registration(session, **name):
        raise Conflict(problems=[REFERENCE_TAKEN])
    return replace(_try(session, context, None, checked), is_late=is_notified_late(session, context, checked))


def _check_new(
    session: Session, context: ActionContext, given: Mapping[str, Any], crs: Crs
) -> tuple[CheckedSensor, UUID | None]:
    """The record of a new registration, and the organisation on whose behalf it is made."""
    default_owner = choose_owner(context.principal)
    given = given if given.get("owner") else {**given, "owner": default_owner}
    validation_context = load_validation_context(session, given, crs, context.today)
    check_new_owner(validation_context, given)
    checked = check_sensor(session, given, validation_context)
    return checked, find_represented(session, context.principal, checked)


def amend_sensor(  # noqa: PLR0913 - a change is made to something, by someone, who saw it
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    patch: Mapping[str, Any],
    *,
    expected: ExpectedVersion | None,
    crs: Crs = Crs.CRS84,
) -> SensorVersion:
    """Change some fields, by merge patch: null empties a field. A patch without a change writes no version.

    Of a withdrawn registration only the visibility can change, which governs its public history.
    Raises: as `register_sensor`; NotFound; PreconditionRequired and PreconditionFailed.
    """
    previous = _lock_version(session, context, sensor_id)
    check_expected_version(expected, previous.number)
    is_withdrawn = previous.registration_status == RegistrationStatus.WITHDRAWN
    if is_withdrawn and not patch.keys() <= _CHANGED_WHEN_WITHDRAWN:
        raise Conflict(_IS_WITHDRAWN)
    checked = _check_change(session, context, previous, patch, crs)
    if not _differs(previous, checked.columns):
        return previous
    session.execute(
        update(sensor)
        .where(sensor.c.id == sensor_id)
        .values(owner_id=checked.values["owner"], reference=checked.values["reference"])
    )
    columns = {name: getattr(previous, name) for name in _CARRIED} | _columns(
        session, context, sensor_id, checked
    )
    action = Action.AMEND
    if is_withdrawn:
        action, columns["registration_status"] = Action.HIDE, RegistrationStatus.WITHDRAWN
    return write_version(
        session, context, sensor_id, columns, action=action, current=previous.registration_status
    )


def try_amending(
    session: Session, context: ActionContext, sensor_id: UUID, patch: Mapping[str, Any]
) -> Trial:
    """The outcome that `amend_sensor` would have for the version as it is now; nothing is written.

    Raises: as `amend_sensor`.
    """
    previous = get_version(session, sensor_id)
    require_changeable(context.principal, previous)
    checked = _check_change(session, context, previous, patch, Crs.CRS84)
    return _try(session, context, sensor_id, checked)


def _check_change(
    session: Session, context: ActionContext, previous: SensorVersion, patch: Mapping[str, Any], crs: Crs
) -> CheckedSensor:
    """The record of a version with some fields changed."""
    given = {**version_as_request(previous), **patch}
    validation_context = load_validation_context(session, given, crs, context.today)
    if parse_uuid(given["owner"]) != previous.owner_id:
        check_new_owner(validation_context, given)
    checked = check_sensor(session, given, validation_context)
    if checked.values["owner"] != previous.owner_id:
        find_represented(session, context.principal, checked)
    return checked


def _try(session: Session, context: ActionContext, sensor_id: UUID | None, checked: CheckedSensor) -> Trial:
    code = checked.place.code if checked.place else None
    return Trial(
        _choose_status(session, context, code, checked.columns),
        (*checked.warnings, *find_duplicates(session, sensor_id, checked, context.today)),
    )


def remove_sensor(
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    given: Mapping[str, Any],
    *,
    expected: ExpectedVersion | None,
) -> SensorVersion:
    """Report that the sensor was removed on the day `removedOn`, today by default.

    The rest of the record is not validated again, since lists and rules may have changed.
    Raises: InvalidRequest; NotFound; NotPermitted; PreconditionRequired and PreconditionFailed.
    """
    previous = _lock_version(session, context, sensor_id)
    check_expected_version(expected, previous.number)
    validation_context = load_validation_context(session, {}, Crs.CRS84, context.today)
    check_names(validation_context, given, known=("removedOn",))
    removed_on = given.get("removedOn")
    day = read_value(
        validation_context, FIELD_BY_NAME["removedOn"], context.today if is_empty(removed_on) else removed_on
    )
    if day is not None:
        validation_context.problems.extend(
            find_removal_problems(validation_context, previous.placed_from, day)
        )
    if validation_context.problems:
        raise InvalidRequest(problems=validation_context.problems)
    if day == previous.removed_on:
        return previous
    columns = copy_columns(previous) | {"removed_on": day}
    columns["registration_status"] = _choose_status(session, context, previous.municipality_code, columns)
    return write_version(
        session, context, sensor_id, columns, action=Action.REMOVE, current=previous.registration_status
    )


def confirm_sensor(
    session: Session, context: ActionContext, sensor_id: UUID, *, expected: ExpectedVersion | None
) -> SensorVersion:
    """Confirm that the sensor is still there as published; the next confirmation is due in a year. Twice a day is once.

    If-Match is optional, since no one's change can be overwritten; it is checked when given.
    Raises: NotFound; NotPermitted; PreconditionFailed; Conflict when the sensor was removed or is not published.
    """
    try:
        previous = _lock_version(session, context, sensor_id, published=True)
    except NotFound:
        # For those who may see it, the registration exists.
        _lock_version(session, context, sensor_id)
        raise Conflict(
            LocalizedText(
                "Deze registratie is nog niet gepubliceerd. Bevestigen kan daarna.",
                "This registration is not published yet. It can be confirmed after that.",
            )
        ) from None
    if expected is not None:
        check_expected_version(expected, previous.number)
    if previous.removed_on is not None:
        raise Conflict(
            LocalizedText(
                "Deze sensor is als verwijderd gemeld en kan niet worden bevestigd.",
                "This sensor was reported removed and cannot be confirmed.",
            )
        )
    if previous.last_confirmed_on == context.today:
        return previous
    columns = copy_columns(previous)
    columns |= {"last_confirmed_on": context.today, "confirm_by": years_later(context.today, 1)}
    return write_version(
        session, context, sensor_id, columns, action=Action.CONFIRM, current=previous.registration_status
    )


def _lock_version(
    session: Session, context: ActionContext, sensor_id: UUID, *, published: bool = False
) -> SensorVersion:
    """Lock the sensor and return the version to change. Raises: NotFound; NotPermitted."""
    lock_sensor(session, sensor_id)
    version = get_version(session, sensor_id) if not published else get_published_version(session, sensor_id)
    require_changeable(context.principal, version)
    return version


def _columns(
    session: Session, context: ActionContext, sensor_id: UUID, checked: CheckedSensor
) -> dict[str, Any]:
    warnings = [*checked.warnings, *find_duplicates(session, sensor_id, checked, context.today)]
    code = checked.place.code if checked.place else None
    return {
        **checked.columns,
        "warnings": [dump_warning(warning) for warning in warnings],
        "registration_status": _choose_status(session, context, code, checked.columns),
    }


def _choose_status(
    session: Session, context: ActionContext, code: str | None, columns: Mapping[str, Any]
) -> RegistrationStatus:
    if publishes_at_once(session, context.principal, code, columns):
        return RegistrationStatus.PUBLISHED
    return RegistrationStatus.SUBMITTED


def _differs(previous: SensorVersion, columns: Mapping[str, Any]) -> bool:
    return any(not _is_same(getattr(previous, name), value) for name, value in columns.items())


def _is_same(registered: Any, given: Any) -> bool:
    """Whether two values are the same; `bulk.classify` has the same rule for places."""
    if not isinstance(registered, WKBElement) or not isinstance(given, WKBElement):
        return bool(registered == given)
    if registered.srid != RD_SRID:
        # Compared in metres, by the column beside it.
        return True
    before, after = to_shape(registered), to_shape(given)
    return bool(before.equals_exact(after, SAME_PLACE_METRES))
