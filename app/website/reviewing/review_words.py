"""Words of the pages of review: terms, ages, and what was done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.core.mail_notice import add_mail_notice
from app.sensors.presentation import Labels
from app.sensors.registration.review_queue import SubmissionKind

_CODE: Final = re.compile(r"[0-9A-Za-z-]{1,20}")
_DAYS: Final = LocalizedText("dagen", "days")
_TODAY: Final = LocalizedText("vandaag", "today")
_DAY: Final = LocalizedText("dag", "day")


@dataclass(frozen=True, slots=True)
class Term:
    """A term in words: `nog 3 dagen`, `2 dagen te laat`."""

    words: str
    is_overdue: bool


def count_days(number: int, language: Language) -> str:
    """A number of days in words: `1 dag`, `12 dagen`."""
    return f"{format_number(number, language)} {(_DAY if number == 1 else _DAYS).render(language)}"


def word_age(number: int, language: Language) -> str:
    """How long something waits: `vandaag`, `12 dagen`."""
    return count_days(number, language) if number else _TODAY.render(language)


def word_term(due_on: date, today: date, language: Language) -> Term:
    """How long there is until the last day of a term, that day itself included."""
    left = (due_on - today).days
    days = count_days(abs(left), language)
    if left < 0:
        return Term(LocalizedText(f"{days} te laat", f"{days} overdue").render(language), is_overdue=True)
    if left == 0:
        return Term(_TODAY.render(language), is_overdue=False)
    return Term(LocalizedText(f"nog {days}", f"{days} left").render(language), is_overdue=False)


KIND_NAMES: Final[Mapping[SubmissionKind, LocalizedText]] = {
    SubmissionKind.NEW: LocalizedText("nieuw", "new"),
    SubmissionKind.CHANGE: LocalizedText("wijziging", "change"),
    SubmissionKind.REMOVAL: LocalizedText("verwijdering", "removal"),
}

TITLES: Final[Mapping[SubmissionKind, LocalizedText]] = {
    SubmissionKind.NEW: LocalizedText("Nieuwe registratie", "New registration"),
    SubmissionKind.CHANGE: LocalizedText("Wijziging", "Change"),
    SubmissionKind.REMOVAL: LocalizedText("Verwijdering", "Removal"),
}

RESTORED_NAME: Final = LocalizedText("teruggezet", "restored")
RESTORED_TITLE: Final = LocalizedText("Teruggezette registratie", "Restored registration")

UNKNOWN_NAME: Final = LocalizedText("deze eigenaar", "this owner")

NOTHING_CHOSEN: Final = LocalizedText(
    "Kies eerst een of meer inzendingen: zet er een vinkje voor.",
    "First choose one or more submissions: tick their boxes.",
)


class Decision(StrEnum):
    """Decision about a submission, by its name in forms."""

    PUBLISH = "publiceren"
    REQUEST_CHANGES = "wijzigingen"
    REJECT = "afwijzen"
    COMMENT = "reageren"


DONE: Final[Mapping[str, LocalizedText]] = {
    Decision.PUBLISH: LocalizedText("Inzending {code} is gepubliceerd.", "Submission {code} was published."),
    Decision.REQUEST_CHANGES: LocalizedText(
        "De indiener van {code} leest uw vragen in het register, en kan de inzending wijzigen.",
        "The submitter of {code} reads your questions in the register, and can change the submission.",
    ),
    Decision.REJECT: LocalizedText(
        "Inzending {code} is afgewezen. De indiener leest uw reden in het register.",
        "Submission {code} was rejected. Its submitter reads your reason in the register.",
    ),
    Decision.COMMENT: LocalizedText(
        "Uw opmerking staat bij inzending {code}.", "Your comment was placed at submission {code}."
    ),
}
"""The status message after each decision on one submission."""

_SUBMITTER: Final = LocalizedText("de indiener", "its submitter")


def word_done(given: Mapping[str, str], labels: Labels, *, sends_mail: bool) -> str | None:
    """The status message that an address asks for, with who is mailed; None without one."""
    done, code = DONE.get(given.get("gedaan", "")), given.get("inzending", "")
    if done is None or not _CODE.fullmatch(code):
        return None
    return labels.render(add_mail_notice(done, _SUBMITTER, sends_mail=sends_mail)).format(code=code)
