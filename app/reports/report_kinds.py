"""Kinds and statuses of residents' reports, with their words."""

from enum import StrEnum
from typing import Final

from app.core.i18n import LocalizedText


class ReportKind(StrEnum):
    """Subjects of reports; a closed list."""

    MISSING = "missing"
    WRONG = "wrong"
    GONE = "gone"
    STILL_THERE = "still_there"
    QUESTION = "question"
    COMPLAINT = "complaint"
    REACTION = "reaction"


class ReportStatus(StrEnum):
    """Where a report is on its way; the last two end it."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    REJECTED = "rejected"


OPEN_STATUSES: Final = (ReportStatus.RECEIVED, ReportStatus.FORWARDED)
ENDED_STATUSES: Final = (ReportStatus.ANSWERED, ReportStatus.REJECTED)

MAX_TEXT: Final = 2000
"""Longest text of a report, and of its answer."""

KINDS_OF_PLACE: Final = (ReportKind.MISSING, ReportKind.QUESTION, ReportKind.COMPLAINT)
"""Kinds of a report about a place, where no sensor is named."""

KIND_NAMES: Final[dict[ReportKind, LocalizedText]] = {
    ReportKind.MISSING: LocalizedText("Er ontbreekt een sensor", "A sensor is missing"),
    ReportKind.WRONG: LocalizedText("Iets klopt niet", "Something is wrong"),
    ReportKind.GONE: LocalizedText("De sensor is weg", "The sensor is gone"),
    ReportKind.STILL_THERE: LocalizedText("De sensor is er nog", "The sensor is still there"),
    ReportKind.QUESTION: LocalizedText("Een vraag", "A question"),
    ReportKind.COMPLAINT: LocalizedText("Een klacht", "A complaint"),
    ReportKind.REACTION: LocalizedText("Een reactie op een plan", "A reaction to a plan"),
}

STATUS_NAMES: Final[dict[ReportStatus, LocalizedText]] = {
    ReportStatus.RECEIVED: LocalizedText("Ontvangen", "Received"),
    ReportStatus.FORWARDED: LocalizedText("Doorgestuurd", "Forwarded"),
    ReportStatus.ANSWERED: LocalizedText("Beantwoord", "Answered"),
    ReportStatus.REJECTED: LocalizedText("Niet in behandeling genomen", "Not taken up"),
}


def find_kind(given: str) -> ReportKind | None:
    """The kind of this name; None where there is none."""
    return next((kind for kind in ReportKind if kind.value == given), None)


def find_status(given: str) -> ReportStatus | None:
    """The status of this name; None where there is none."""
    return next((status for status in ReportStatus if status.value == given), None)
