"""A receipt in words, for its page, its PDF and its mail; and a registration that has none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.access.permissions import may_see_private
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.formatting import format_datetime, format_number
from app.core.i18n import Language, LocalizedText
from app.core.templates import localise_path
from app.organisations.queries import name_organisation
from app.records.layouts.reading_context import load_context
from app.sensors.presentation import Labels
from app.sensors.receipts.actions import TRANSFER
from app.sensors.receipts.numbers import format_number as format_receipt_number
from app.sensors.receipts.numbers import is_receipt_number, tidy_number
from app.sensors.receipts.queries import (
    Receipt,
    find_newest_number,
    find_whom_to_ask,
    get_receipt,
)
from app.sensors.receipts.words import (
    KIND_NAMES,
    describe_duty,
    describe_lateness,
    describe_next,
    describe_objection,
    read_duty_text,
)
from app.sensors.registration.permissions import may_change, may_see_unpublished, require_visible
from app.sensors.registration.queries import SENSOR_UNKNOWN, find_sensor, find_version, get_version
from app.sensors.registration.transfers import find_obstacle
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.website.account.visits import HOME, OwnVisit
from app.website.registering.draft_list import name_answers
from app.website.registering.summary import summarise
from app.website.registering.typed_answers import write_answers
from app.website.sensor.label import draw_qr_code

TITLE: Final = LocalizedText("Ontvangstbevestiging", "Receipt")
VERIFY: Final = "/ontvangst"
RECEIPTS: Final = f"{HOME}/ontvangst"

_WITHOUT_RECEIPT: Final = LocalizedText("Registratie", "Registration")
_COUNTS: Final = {
    "new": LocalizedText("Nieuwe sensoren", "New sensors"),
    "changed": LocalizedText("Gewijzigde sensoren", "Changed sensors"),
    "ended": LocalizedText("Beëindigde sensoren", "Ended sensors"),
    "withdrawn": LocalizedText("Ingetrokken sensoren", "Withdrawn sensors"),
    "restored": LocalizedText("Sensoren die weer als voorheen zijn", "Sensors that are as before"),
}
_OF_IMPORT: Final = LocalizedText("Een import van sensoren", "An import of sensors")
_GROUP: Final = LocalizedText(
    "{sensors} sensoren; te laat gemeld: {late}; in beoordeling: {review}",
    "{sensors} sensors; notified late: {late}; under review: {review}",
)
_ELSEWHERE: Final = LocalizedText("Zonder gemeente", "Without a municipality")
_ERASED: Final = LocalizedText(
    "De inhoud is op verzoek gewist. Het nummer en het controlegetal blijven.",
    "The content was erased on request. The number and the digest stay.",
)


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """The texts of a receipt. `answers` are label and words of each; `public_path` is None until it is public.

    `may_change` is whether the reader changes the registration: a reviewer and an auditor only read. `may_transfer` is
    whether the reader can offer the sensor to another organisation now.

    A registration from before there were receipts has no `number`, and none of what belongs to one.
    """

    title: str
    number: str | None
    code: str | None
    subject: str
    kind: str
    sensor_kind: str
    organisation: str
    submitted_by: str | None
    is_transfer: bool
    received: str
    version: int | None
    next: str
    status: str | None
    lateness: str | None
    duty: str | None
    legal_title: str | None
    legal_text: str | None
    legal_url: str | None
    receipt_text: str | None
    objection: str | None
    erased: str | None
    answers: list[tuple[str, str]]
    digest: str | None
    verification: str | None
    qr: str
    public_path: str | None
    may_change: bool
    may_transfer: bool
    language: Language

    @property
    def name(self) -> str:
        """The number for an address and the name of a file: that of the receipt, else of the registration."""
        return tidy_number(self.number) if self.number else self.code or ""


def find_receipt(own: OwnVisit, named: str) -> ReceiptText:
    """The receipt with this number; by a registration number the newest receipt of that sensor. Raises: NotFound."""
    session, principal = own.session, own.signed_in.principal
    if is_receipt_number(tidy_number(named)):
        return write_receipt(own, get_receipt(session, principal, named), own.visit.language)
    sensor_id = find_sensor(session, named)
    if sensor_id is None:
        raise NotFound(SENSOR_UNKNOWN)
    found = _find_newest(own, sensor_id)
    if found is not None and found.version_id is not None:
        return write_receipt(own, found, own.visit.language)
    version = get_version(session, sensor_id)
    require_visible(principal, version)
    return write_receipt(own, found, own.visit.language, version)


def _find_newest(own: OwnVisit, sensor_id: UUID) -> Receipt | None:
    """The newest receipt of a sensor, where the person may see it: a former owner has older ones."""
    number = find_newest_number(own.session, sensor_id)
    try:
        return get_receipt(own.session, own.signed_in.principal, number) if number else None
    except NotFound:
        return None


def write_receipt(
    own: OwnVisit, found: Receipt | None, language: Language, version: SensorVersion | None = None
) -> ReceiptText:
    """The texts of a receipt in a language; with a `version` those of a registration and of its import."""
    if found is not None and found.version_id is not None and version is None:
        version = find_version(own.session, found.version_id)
    owner = version.owner_id if version else found.organisation_id if found else None
    reading = load_context(
        own.session, owner=owner, defaults={}, language=language, today=dutch_date(own.visit.now)
    )
    labels = Labels(language, reading.vocabularies, reading.directory)
    said = json.loads(found.said) if found and found.said else {}
    answers = write_answers(version, reading) if version and not version.erased else {}
    public_url = own.visit.state.public_url
    verification = public_url + localise_path(VERIFY, language) if found else None
    address = f"{verification}?nummer={format_receipt_number(found.number)}" if found else ""
    moment = found.received_at if found else version.recorded_at if version else own.visit.now
    texts = _write_duty(own, found, said, labels) if found else dict.fromkeys(_DUTY_TEXTS)
    return ReceiptText(
        title=labels.render(TITLE if found else _WITHOUT_RECEIPT),
        number=format_receipt_number(found.number) if found else None,
        code=version.public_code if version else None,
        subject=name_answers(answers, labels) if version else labels.render(_OF_IMPORT),
        kind=labels.render(KIND_NAMES.get(found.kind, TITLE)) if found else "",
        sensor_kind=labels.name_term("sensorType", version.sensor_type) if version else "",
        organisation=_name(own, owner, found.organisation if found else None),
        submitted_by=(
            _name(own, found.submitted_by_id, found.submitted_by)
            if found and found.submitted_by_id not in (None, found.organisation_id)
            else None
        ),
        is_transfer=found is not None and found.kind == TRANSFER,
        received=format_datetime(moment, language),
        version=version.number if version else None,
        next=labels.render(describe_next(found, said)) if found else "",
        status=_write_status(own, version, labels),
        erased=labels.render(_ERASED) if found and found.said is None else None,
        answers=_write_said(answers, labels) if version else _write_counts(said, labels),
        digest=found.digest if found else None,
        verification=verification.split("://", 1)[-1] if verification else None,
        qr=draw_qr_code(address) if found else "",
        public_path=_find_public_path(version, language),
        may_change=version is not None
        and may_change(
            own.signed_in.principal, version.owner_id, version.municipality_code, version.municipality_codes
        ),
        may_transfer=version is not None
        and find_obstacle(own.session, own.signed_in.principal, version.sensor_id) is None,
        language=language,
        **texts,
    )


_DUTY_TEXTS: Final = (
    "lateness",
    "duty",
    "legal_title",
    "legal_text",
    "legal_url",
    "receipt_text",
    "objection",
)


def _write_duty(
    own: OwnVisit, found: Receipt, said: Mapping[str, Any], labels: Labels
) -> dict[str, str | None]:
    def render(one: LocalizedText | None) -> str | None:
        return labels.render(one) if one else None

    return {
        "lateness": render(describe_lateness(found, said)),
        "duty": render(describe_duty(found)),
        "legal_title": render(read_duty_text(found, "legalTitle")),
        "legal_text": render(read_duty_text(found, "legalText")),
        "legal_url": found.duty.get("legalUrl"),
        "receipt_text": render(read_duty_text(found, "receiptText")),
        "objection": render(describe_objection(found, find_whom_to_ask(own.session, found))),
    }


def _name(own: OwnVisit, organisation_id: UUID | None, public_name: str | None) -> str:
    """The name of an organisation; those who act for it see it also where it is not public."""
    if organisation_id is not None and (
        public_name or may_see_private(own.signed_in.principal, organisation_id)
    ):
        return public_name or name_organisation(own.session, organisation_id)
    return ""


def _write_status(own: OwnVisit, version: SensorVersion | None, labels: Labels) -> str | None:
    """The status of the registration now, for those who see it."""
    if version is None:
        return None
    try:
        current = get_version(own.session, version.sensor_id)
    except NotFound:
        return None
    if not may_see_unpublished(own.signed_in.principal, current.owner_id, current.municipality_codes):
        return None
    return labels.name_term("registrationStatus", current.registration_status)


def _write_said(answers: Mapping[str, Any], labels: Labels) -> list[tuple[str, str]]:
    return [
        (answer.label, answer.words)
        for step in summarise(answers, {}, (), labels, is_change=False)
        for answer in step.answers
    ]


def _write_counts(said: Mapping[str, Any], labels: Labels) -> list[tuple[str, str]]:
    def write(number: int) -> str:
        return format_number(number, labels.language)

    counts = [(labels.render(label), write(said[name])) for name, label in _COUNTS.items() if said.get(name)]
    return counts + [
        (
            labels.name_municipality(one["code"]) if "code" in one else labels.render(_ELSEWHERE),
            labels.render(_GROUP).format(
                sensors=write(one["sensors"]), late=write(one["late"]), review=write(one["underReview"])
            ),
        )
        for one in said.get("municipalities", ())
    ]


def _find_public_path(version: SensorVersion | None, language: Language) -> str | None:
    if version is None or version.visibility == "internal" or version.erased:
        return None
    if version.registration_status is not RegistrationStatus.PUBLISHED:
        return None
    return localise_path(f"/s/{version.public_code}", language)


def write_receipt_path(number: str) -> str:
    """The Dutch path of a receipt, by its number or that of its registration."""
    return f"{RECEIPTS}/{number}"
