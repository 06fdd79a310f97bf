"""The receipt of a registration or a change: its number, its moment and what happens now."""

from dataclasses import dataclass, replace
from typing import Any, Final

from app.access.invitations import find_invited_address
from app.core.formatting import format_datetime
from app.core.i18n import LocalizedText
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.organisations.queries import find_language, get_organisation
from app.sensors.presentation import Labels
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.website.account.visits import HOME
from app.website.account.workplace import Workplace
from app.website.registering.draft_list import name_answers
from app.website.registering.summary import summarise
from app.website.registering.typed_answers import write_answers

TITLE: Final = LocalizedText("Ontvangstbevestiging", "Receipt")

_STATUS: Final = {
    RegistrationStatus.PUBLISHED: LocalizedText(
        "De registratie staat nu openbaar in het register.", "The registration is public in the register now."
    ),
    RegistrationStatus.SUBMITTED: LocalizedText(
        "De gemeente beoordeelt de registratie. Tot die tijd ziet alleen u en de gemeente haar.",
        "The municipality reviews the registration. Until then only you and the municipality see it.",
    ),
    RegistrationStatus.WITHDRAWN: LocalizedText(
        "De registratie is ingetrokken.", "The registration was withdrawn."
    ),
}
_LATE: Final = LocalizedText(
    "De sensor stond er al, of komt er binnen {days} dagen: de melding is later dan gevraagd.",
    "The sensor was there already, or comes within {days} days: the notification is later than asked.",
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The texts of a receipt. `answers` are label and words of each; `public_path` is None until it is public."""

    title: str
    code: str
    subject: str
    kind: str
    organisation: str
    received: str
    version: int
    status: str
    late: str | None
    answers: list[tuple[str, str]]
    public_path: str | None
    language: str


def make_receipt(workplace: Workplace, version: SensorVersion) -> Receipt:
    """The receipt of one version."""
    labels = workplace.labels
    answers = write_answers(version, workplace.reading)
    is_public = (
        version.registration_status is RegistrationStatus.PUBLISHED and version.visibility != "internal"
    )
    status = _STATUS.get(version.registration_status)
    late = labels.render(_LATE).format(days=workplace.action.notification_term_days)
    return Receipt(
        title=labels.render(TITLE),
        code=version.public_code,
        subject=name_answers(answers, labels),
        kind=labels.name_term("sensorType", version.sensor_type),
        organisation=get_organisation(workplace.own.session, version.owner_id).organisation.name or "",
        received=format_datetime(version.recorded_at, labels.language),
        version=version.number,
        status=labels.render(status)
        if status
        else labels.name_term("registrationStatus", version.registration_status),
        late=late if version.notified_late and version.number == 1 else None,
        answers=[
            (answer.label, answer.words)
            for step in summarise(answers, {}, (), labels, is_change=False)
            for answer in step.answers
        ],
        public_path=localise_path(f"/s/{version.public_code}", labels.language) if is_public else None,
        language=labels.language,
    )


def write_receipt_path(public_code: str) -> str:
    """The Dutch path of a receipt."""
    return f"{HOME}/ontvangst/{public_code}"


def post_receipt(workplace: Workplace, version: SensorVersion) -> None:
    """Send the receipt by mail to the person who is signed in, where mail is set up and the address is known."""
    state, person = workplace.own.visit.state, workplace.own.signed_in.principal
    address = find_invited_address(workplace.own.session, person.id)
    if state.settings.mail_host is None or address is None:
        return
    language = find_language(workplace.own.session, [workplace.organisation_id]) or workplace.labels.language
    labels = Labels(language, workplace.reading.vocabularies, workplace.reading.directory)
    receipt = make_receipt(replace(workplace, labels=labels), version)
    context: dict[str, Any] = {
        "name": person.name,
        "code": receipt.code,
        "title": receipt.subject,
        "received": receipt.received,
        "status": receipt.status,
        "late": receipt.late,
        "page": state.public_url + localise_path(write_receipt_path(receipt.code), language),
        "site": state.public_url,
    }
    post_mail(
        workplace.own.session,
        "receipt",
        receiver=address,
        language=language,
        now=workplace.own.visit.now,
        **context,
    )
