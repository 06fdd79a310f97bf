"""Sentences of a receipt: whether it was on time, what happens now, and how to object."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.core.clock import dutch_date
from app.core.formatting import format_date, format_number
from app.core.i18n import LocalizedText
from app.sensors.receipts.queries import Receipt, Verification
from app.sensors.registration_status import RegistrationStatus

KIND_NAMES: Final = {
    "register": LocalizedText("Registratie", "Registration"),
    "submit": LocalizedText("Ingediende registratie", "Submitted registration"),
    "amend": LocalizedText("Wijziging", "Change"),
    "remove": LocalizedText("Melding van verwijdering", "Report of removal"),
    "withdraw": LocalizedText("Intrekking", "Withdrawal"),
    "restore": LocalizedText("Herstel van een registratie", "Restored registration"),
    "transfer": LocalizedText("Overdracht aan een andere eigenaar", "Transfer to another owner"),
    "import": LocalizedText("Import", "Import"),
    "undo_import": LocalizedText("Ongedaan gemaakte import", "Undone import"),
}

_PUBLIC: Final = LocalizedText(
    "Dit staat nu openbaar in het register.", "This is public in the register now."
)
_ENTERED: Final = LocalizedText(
    "Dit staat nu in het register. Het is niet openbaar.", "This is in the register now. It is not public."
)
_WITHDRAWN: Final = LocalizedText("De registratie is ingetrokken.", "The registration was withdrawn.")
_TRANSFERRED: Final = LocalizedText(
    "De sensor heeft nu een andere eigenaar. Die wijzigt zelf wat nog over de vorige gaat, zoals de"
    " verwerkingsverantwoordelijke.",
    "The sensor has another owner now, who changes what is still about the former one, such as the data controller.",
)
_REVIEW: Final = LocalizedText(
    "De gemeente beoordeelt de registratie, uiterlijk op {day}. Tot die tijd zien alleen u en de gemeente haar.",
    "The municipality reviews the registration, by {day}. Until then only you and the municipality see it.",
)
_CHANGE_REVIEW: Final = LocalizedText(
    "De gemeente beoordeelt dit, uiterlijk op {day}. Tot die tijd verandert er niets aan wat openbaar is.",
    "The municipality reviews this, by {day}. Until then nothing changes in what is public.",
)
_IMPORT_REVIEW: Final = LocalizedText(
    "{count} van de sensoren worden beoordeeld, uiterlijk op {day}. De andere staan nu in het register.",
    "{count} of the sensors are reviewed, by {day}. The others are in the register now.",
)
_IMPORT_DONE: Final = LocalizedText(
    "Alles uit de import staat nu in het register.", "All of the import is in the register now."
)

_UNDONE: Final = LocalizedText(
    "De import is ongedaan gemaakt. Wat nieuw was, is ingetrokken; al het andere is weer zoals voor de import.",
    "The import was undone. What was new is withdrawn; everything else is as before the import.",
)

_ON_TIME: Final = LocalizedText("De melding is op tijd.", "The notification is on time.")
_LATE: Final = LocalizedText(
    "De melding is later dan gevraagd: {days} te laat. Gevraagd is {notice}.",
    "The notification is later than asked: {days} too late. Asked is {notice}.",
)
_LATE_IMPORT: Final = LocalizedText(
    "{count} van de nieuwe sensoren zijn later gemeld dan gevraagd, hoogstens {days} te laat.",
    "{count} of the new sensors were notified later than asked, at most {days} too late.",
)
_ASK: Final = LocalizedText(
    "Klopt er iets niet, of bent u het er niet mee eens? Vraag het aan {whom}.",
    "Is something wrong, or do you disagree? Ask {whom}.",
)
_ASK_NO_ONE: Final = LocalizedText(
    "Klopt er iets niet, of bent u het er niet mee eens? Vraag het aan de gemeente waar de sensor staat.",
    "Is something wrong, or do you disagree? Ask the municipality where the sensor is.",
)
_VOLUNTARY: Final = LocalizedText(
    "Melden is hier vrijwillig. Gevraagd is {notice}.",
    "Notifying is voluntary here. Asked is {notice}.",
)
_MANDATORY: Final = LocalizedText(
    "Melden is hier verplicht, {notice}.",
    "Notifying is mandatory here, {notice}.",
)


_EXAMPLE: Final = LocalizedText(
    " Deze regel is een voorbeeld: de gemeente heeft hem hier niet zelf gezet.",
    " This rule is an example: the municipality did not state it here itself.",
)


def count_days(days: int) -> LocalizedText:
    """A number of days in words."""
    return LocalizedText(
        f"{format_number(days, 'nl')} {'dag' if days == 1 else 'dagen'}",
        f"{format_number(days, 'en')} {'day' if days == 1 else 'days'}",
    )


def _write_notice(days: int) -> LocalizedText:
    """The latest day to notify; on the day of placing itself where a duty asks for no days before it."""
    if days == 0:
        return LocalizedText("uiterlijk op de dag van plaatsing", "on the day of placing at the latest")
    before = count_days(days)
    return LocalizedText(f"uiterlijk {before.nl} vóór plaatsing", f"at least {before.en} before placing")


def describe_lateness(found: Receipt, said: Mapping[str, Any]) -> LocalizedText | None:
    """Whether the notification was on time; None where no term holds for it."""
    if found.days_late is None:
        return None
    if found.days_late == 0:
        return _ON_TIME
    days = count_days(found.days_late)
    if found.kind == "import":
        late = sum(one.get("late", 0) for one in said.get("municipalities", ()))
        return LocalizedText(
            _LATE_IMPORT.nl.format(count=format_number(late, "nl"), days=days.nl),
            _LATE_IMPORT.en.format(count=format_number(late, "en"), days=days.en),
        )
    notice = _write_notice(found.duty.get("noticeDays", 0))
    return LocalizedText(
        _LATE.nl.format(days=days.nl, notice=notice.nl), _LATE.en.format(days=days.en, notice=notice.en)
    )


def describe_next(found: Receipt, said: Mapping[str, Any]) -> LocalizedText:
    """The consequence of the submission, on the day of the receipt."""
    if found.review_until is not None:
        if found.kind == "import":
            count = sum(one.get("underReview", 0) for one in said.get("municipalities", ()))
            return LocalizedText(
                _IMPORT_REVIEW.nl.format(count=format_number(count, "nl"), day=_name(found.review_until).nl),
                _IMPORT_REVIEW.en.format(count=format_number(count, "en"), day=_name(found.review_until).en),
            )
        day = _name(found.review_until)
        sentence = _CHANGE_REVIEW if found.kind in ("amend", "remove") else _REVIEW
        return LocalizedText(sentence.nl.format(day=day.nl), sentence.en.format(day=day.en))
    if found.kind in ("import", "undo_import"):
        return _IMPORT_DONE if found.kind == "import" else _UNDONE
    if found.registration_status == RegistrationStatus.WITHDRAWN:
        return _WITHDRAWN
    if found.kind == "transfer":
        return _TRANSFERRED
    return _ENTERED if said.get("visibility") == "internal" else _PUBLIC


def describe_duty(found: Receipt) -> LocalizedText | None:
    """Whether notifying is mandatory, and how many days before; None for an import in several municipalities."""
    if "noticeDays" not in found.duty:
        return None
    notice = _write_notice(found.duty["noticeDays"])
    sentence = _MANDATORY if found.duty.get("isMandatory") else _VOLUNTARY
    example = _EXAMPLE if found.duty.get("isExample") else LocalizedText("", "")
    return LocalizedText(
        sentence.nl.format(notice=notice.nl) + example.nl, sentence.en.format(notice=notice.en) + example.en
    )


def describe_objection(found: Receipt, whom: str | None) -> LocalizedText:
    """How to object: the text of the duty, or whom to ask (the municipality, with how to reach it)."""
    written = read_duty_text(found, "objectionText")
    if written is not None:
        return written
    return LocalizedText(_ASK.nl.format(whom=whom), _ASK.en.format(whom=whom)) if whom else _ASK_NO_ONE


def read_duty_text(found: Receipt, member: str) -> LocalizedText | None:
    """A text of the duty that was in force."""
    written = found.duty.get(member)
    return LocalizedText(**written) if written else None


def read_day(found: Receipt | Verification) -> date:
    """The day of a receipt, in Dutch time."""
    return dutch_date(found.received_at)


def _name(day: date) -> LocalizedText:
    return LocalizedText(format_date(day, "nl"), format_date(day, "en"))
