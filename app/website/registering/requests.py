"""Changes that a reviewer asked for, at their questions of the form, and the answers that are sent along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.core.i18n import LocalizedText
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.drafts import Answers, Draft
from app.sensors.registration.remarks import FieldRemark, Remark, list_remarks
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.website.account.forms import FormFields
from app.website.account.workplace import Workplace
from app.website.registering.check import get_numbered
from app.website.registering.steps import STEP_OF

WHOLE: Final = "registratie"
"""The name of the answer to what is about no field of the form."""

_PREFIX: Final = "antwoord-"
_WHOLE_LABEL: Final = LocalizedText("De registratie als geheel", "The registration as a whole")


@dataclass(frozen=True, slots=True)
class Requested:
    """Requests about one field, or about the whole; `id` is the field of the form for the answer."""

    name: str
    id: str
    label: str
    sentences: tuple[str, ...]
    answer: str
    step: str | None


def find_requested(workplace: Workplace, draft: Draft) -> list[Requested]:
    """Requests of the reviewer about the version that a draft changes, first those about the whole."""
    if draft.sensor_id is None or draft.version_number is None:
        return []
    version = get_numbered(workplace, draft.sensor_id, draft.version_number)
    found: dict[str, list[str]] = {}
    for one in list_requests(workplace, version):
        name = one.field if one.field is not None and one.field in STEP_OF else WHOLE
        found.setdefault(name, []).append(_write(one, workplace))
    order = (WHOLE, *STEP_OF)
    return [
        Requested(
            name=name,
            id=f"{_PREFIX}{name}",
            label=workplace.labels.render(FIELD_BY_NAME[name].label if name in STEP_OF else _WHOLE_LABEL),
            sentences=tuple(sentences),
            answer=str(draft.answers.get(f"{_PREFIX}{name}", "")),
            step=STEP_OF[name].path if name in STEP_OF else None,
        )
        for name, sentences in sorted(found.items(), key=lambda pair: order.index(pair[0]))
    ]


def list_requests(workplace: Workplace, version: SensorVersion) -> list[Remark]:
    """The changes that were asked for when a version was sent back; empty for a version that was not."""
    if version.registration_status is not RegistrationStatus.CHANGES_REQUESTED:
        return []
    asked = [
        one
        for one in list_remarks(workplace.own.session, workplace.action.principal, version.sensor_id)
        # They are about the version that was submitted, which the one that was sent back follows.
        if one.kind == "change_request" and one.version_number < version.number
    ]
    last = max((one.version_number for one in asked), default=0)
    return [one for one in asked if one.version_number == last]


def _write(remark: Remark, workplace: Workplace) -> str:
    """The text of a remark; with the name of its field where the form does not ask for it."""
    field = FIELD_BY_NAME.get(remark.field or "")
    if field is None or field.name in STEP_OF:
        return remark.text
    return f"{workplace.labels.render(field.label)}: {remark.text}"


def take_replies(form: FormFields, names: Iterable[str]) -> dict[str, str]:
    """The answers to what was asked that a form sent for these fields, as a draft stores them."""
    ids = [f"{_PREFIX}{name}" for name in names]
    return {one: form[one].strip() for one in ids if one in form}


def list_replies(draft: Draft) -> list[FieldRemark]:
    """The answers of a draft as remarks."""
    return [
        FieldRemark(str(answer), name if name in STEP_OF else None)
        for name, answer in _find_replies(draft.answers).items()
    ]


def _find_replies(answers: Answers) -> Mapping[str, str | list[str]]:
    return {
        name.removeprefix(_PREFIX): answer for name, answer in answers.items() if name.startswith(_PREFIX)
    }
