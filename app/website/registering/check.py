"""Answers checked as a whole by the rules of the register, before they are sent; and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.errors import InvalidRequest, NotPermitted, RegisterError
from app.core.expected_version import ExpectedVersion
from app.core.problems import Problem, ProblemCode
from app.sensors.registration.actions import (
    Trial,
    amend_sensor,
    register_sensor,
    try_amending,
    try_registering,
)
from app.sensors.registration.drafts import Answers, Draft
from app.sensors.registration.queries import list_versions
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review_thread import resubmit_sensor, write_replies
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.website.account.workplace import Workplace
from app.website.registering.typed_answers import read_answers, write_answers


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Every problem of the answers; without problems also the outcome of sending them, with warnings."""

    problems: tuple[Problem, ...]
    trial: Trial | None


def read_former(workplace: Workplace, draft: Draft) -> Answers:
    """The answers of the version that a draft changes; empty for a new registration."""
    if draft.sensor_id is None or draft.version_number is None:
        return {}
    return write_answers(get_numbered(workplace, draft.sensor_id, draft.version_number), workplace.reading)


def get_numbered(workplace: Workplace, sensor_id: UUID, number: int) -> SensorVersion:
    """The version with this number."""
    return next(one for one in list_versions(workplace.own.session, sensor_id) if one.number == number)


def check_answers(workplace: Workplace, draft: Draft) -> CheckedAnswers:
    """Check the answers of a draft without writing anything."""
    given, unreadable = _read_request(workplace, draft)
    try:
        if draft.sensor_id is None:
            trial = try_registering(workplace.own.session, workplace.action, given)
        else:
            trial = try_amending(workplace.own.session, workplace.action, draft.sensor_id, given)
    except RegisterError as refused:
        problems = _list_problems(refused)
    else:
        problems = ()
    # A value that could not be read is missing as well, which need not be said.
    known = {problem.location for problem in unreadable}
    problems = (*unreadable, *(one for one in problems if one.location not in known))
    return CheckedAnswers(problems, None if problems else trial)


def _list_problems(refused: RegisterError) -> tuple[Problem, ...]:
    """The problems of a refusal by field; one for whose organisation one may not register is about its owner.

    Raises: the refusal itself, where it is about no field.
    """
    if isinstance(refused, NotPermitted) and refused.detail is not None:
        return (Problem(ProblemCode.NOT_PERMITTED, "/owner", refused.detail),)
    if not refused.problems:
        raise refused
    return tuple(refused.problems)


def send_answers(workplace: Workplace, draft: Draft, replies: Sequence[FieldRemark] = ()) -> SensorVersion:
    """Register the sensor, or change the version that the draft was made from; `replies` answer what was asked of it.

    Raises: as `register_sensor`, `amend_sensor` and `write_replies`.
    """
    given, unreadable = _read_request(workplace, draft)
    if unreadable:
        raise InvalidRequest(problems=list(unreadable))
    session, context = workplace.own.session, workplace.action
    if draft.sensor_id is None or draft.version_number is None:
        return register_sensor(session, context, given)
    expected = ExpectedVersion.exactly(draft.version_number)
    version = amend_sensor(session, context, draft.sensor_id, given, expected=expected)
    if version.registration_status is RegistrationStatus.CHANGES_REQUESTED:
        # Nothing differs: the answers say why it is right as it is.
        return resubmit_sensor(session, context, draft.sensor_id, answers=replies, expected=expected)
    if replies:
        # Also where the change is public at once, since the owner was trusted meanwhile.
        write_replies(session, context, version, replies)
    return version


def merge_answers(former: Answers, mine: Answers, theirs: Answers) -> dict[str, str | list[str]]:
    """My changes of the former answers, made to theirs; where both changed an answer, mine."""
    names = former.keys() | mine.keys() | theirs.keys()
    merged = {
        name: mine.get(name) if mine.get(name) != former.get(name) else theirs.get(name) for name in names
    }
    return {name: answer for name, answer in merged.items() if answer}


def _read_request(workplace: Workplace, draft: Draft) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """A request to register, or a merge patch with the answers that differ from those of the version."""
    former = read_former(workplace, draft)
    changed = {name: answer for name, answer in draft.answers.items() if answer != former.get(name)}
    read = read_answers(changed, workplace.reading)
    removed = {name: None for name in former if name not in draft.answers}
    if "owner" in removed:
        removed = {name: None for name in removed if name != "owner"}
    return {**removed, **read.request}, read.problems
