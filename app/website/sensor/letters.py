"""Letters that a resident can send about a sensor: access, objection, and a complaint to the supervisor.

Each names the sensor, the controller and the term in which the law wants an answer. Source: GDPR, articles 12(3), 15,
18(1)(d), 21(1), 77 and 78(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from app.core.formatting import format_date, format_duration
from app.organisations.public_contact import Contact
from app.sensors.presentation import UNNAMED, Labels
from app.website.list_row import make_list_row
from app.website.sensor import letter_texts as texts
from app.website.sensor.place_words import describe_place
from app.website.status_text import choose_tense, processes_personal_data

OBJECTION_GROUNDS: Final = frozenset({"public_task", "legitimate_interests"})
"""Legal grounds against whose use a person can object. Source: GDPR, article 21(1)."""


class LetterKind(StrEnum):
    """Kind of a letter, as its address names it."""

    ACCESS = "inzage"
    OBJECTION = "bezwaar"
    COMPLAINT = "klacht"


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A paragraph, a numbered list, or a paragraph with the list that it introduces."""

    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter whose open places are between square brackets."""

    title: str
    subject: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    date: str
    salutation: str
    parts: tuple[LetterPart, ...]
    closing: str
    signature: str
    language: str


def find_remark(sensor: Mapping[str, Any], kind: LetterKind | None, labels: Labels) -> str | None:
    """A remark before sending a letter of this kind, by what the owner says; None where all is usual."""
    if not processes_personal_data(sensor):
        return labels.render(texts.NO_PERSONAL_DATA)
    if choose_tense(sensor) == "future":
        day = format_date(sensor["placedFrom"], labels.language)
        return labels.render(texts.NOT_THERE_YET).format(day=day)
    grounds = sensor.get("gdprBases", ())
    if kind is LetterKind.OBJECTION and grounds and not OBJECTION_GROUNDS & set(grounds):
        names = ", ".join(labels.name_term("gdprBases", code).lower() for code in grounds)
        sentences = [labels.render(texts.NO_OBJECTION).format(grounds=names)]
        if "consent" in grounds:
            sentences.append(labels.render(texts.WITHDRAW_CONSENT))
        return " ".join(sentences)
    return None


def write_letter(
    kind: LetterKind, sensor: Mapping[str, Any], controller: Contact | None, today: date, labels: Labels
) -> Letter:
    """The letter about a sensor; `controller` are the public contact details of who decides about the data."""
    row = make_list_row(sensor, labels)
    facts = {
        "code": row.code,
        "kind": row.type_label,
        "place": describe_place(sensor, labels),
        "controller": _name_controller(controller, row.code, labels),
    }
    subject = labels.render(texts.SUBJECTS[kind.name]).format(**facts)
    parts = [LetterPart(labels.render(texts.ABOUT[choose_tense(sensor)]).format(**facts))]
    match kind:
        case LetterKind.ACCESS:
            parts += _write_access(sensor, labels)
        case LetterKind.OBJECTION:
            parts += _write_objection(sensor, labels)
        case LetterKind.COMPLAINT:
            parts += _write_complaint(facts["controller"], labels)
    return Letter(
        title=subject,
        subject=subject,
        sender=tuple(labels.render(line) for line in texts.SENDER),
        recipient=write_recipient(kind, controller, facts["controller"], labels),
        date=format_date(today, labels.language),
        salutation=labels.render(texts.SALUTATION),
        parts=tuple(parts),
        closing=labels.render(texts.CLOSING),
        signature=labels.render(texts.SIGNATURE),
        language=labels.language,
    )


def _name_controller(controller: Contact | None, code: str, labels: Labels) -> str:
    if controller and controller.name:
        return controller.name
    return labels.render(texts.UNNAMED_CONTROLLER).format(code=code, unnamed=labels.render(UNNAMED))


def write_recipient(
    kind: LetterKind, controller: Contact | None, name: str, labels: Labels
) -> tuple[str, ...]:
    """The lines of who gets the letter; what is not known is left open between square brackets."""
    if kind is LetterKind.COMPLAINT:
        return tuple(labels.render(line) for line in texts.SUPERVISOR)
    lines = [name]
    if controller and controller.dpo:
        lines.append(labels.render(texts.FOR_OFFICER).format(contact=controller.dpo))
    ways = [way for way in (controller.email, controller.contact_url) if way] if controller else []
    return (*lines, *(ways or [labels.render(texts.UNKNOWN_ADDRESS)]))


def _write_access(sensor: Mapping[str, Any], labels: Labels) -> list[LetterPart]:
    parts = [
        LetterPart(labels.render(texts.I_WAS_THERE[choose_tense(sensor)])),
        LetterPart(
            labels.render(texts.ACCESS_REQUEST), tuple(labels.render(item) for item in texts.ACCESS_ITEMS)
        ),
    ]
    if period := sensor.get("retentionPeriod"):
        words = format_duration(period, labels.language)
        parts.append(LetterPart(labels.render(texts.KEEP_DATA[choose_tense(sensor)]).format(period=words)))
    return [*parts, LetterPart(labels.render(texts.ONE_MONTH))]


def _write_objection(sensor: Mapping[str, Any], labels: Labels) -> list[LetterPart]:
    grounds = [
        labels.name_term("gdprBases", code).lower()
        for code in sensor.get("gdprBases", ())
        if code in OBJECTION_GROUNDS
    ]
    parts = [
        LetterPart(labels.render(texts.OBJECTION)),
        LetterPart(labels.render(texts.OBJECTION_REASON)),
    ]
    if grounds:
        parts.append(LetterPart(labels.render(texts.GROUND).format(grounds=", ".join(grounds))))
    return [
        *parts,
        LetterPart(labels.render(texts.OBJECTION_EFFECT)),
        LetterPart(labels.render(texts.ONE_MONTH)),
    ]


def _write_complaint(controller: str, labels: Labels) -> list[LetterPart]:
    return [
        LetterPart(labels.render(texts.COMPLAINT).format(controller=controller)),
        LetterPart(labels.render(texts.COMPLAINT_CONTENT)),
        LetterPart(labels.render(texts.COMPLAINT_BEFORE).format(controller=controller)),
        LetterPart(labels.render(texts.COMPLAINT_REQUEST)),
    ]
