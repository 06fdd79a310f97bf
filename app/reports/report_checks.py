"""Checks of a report: all problems at once, each at its field."""

from collections.abc import Collection, Sequence
from typing import Final

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.mail.mail_address import normalise_address
from app.reports.report_kinds import MAX_TEXT, ReportKind

TEXT_OPTIONAL: Final = (ReportKind.GONE, ReportKind.STILL_THERE)
"""Kinds that say enough by themselves."""

DOORBELL: Final = LocalizedText(
    "Een deurbel of camera bij iemand thuis komt niet in dit register, en wij bewaren hier niets van. Vraag de"
    " bewoner ernaar, of meld het bij de Autoriteit Persoonsgegevens.",
    "A doorbell or camera at someone's home does not belong in this register, and nothing of this is stored. Ask"
    " the resident about it, or report it to the Dutch Data Protection Authority.",
)

NO_ADDRESSES: Final = LocalizedText(
    "Dit register neemt geen e-mailadressen aan. Laat dit leeg, en bewaar de link naar uw melding.",
    "This register takes no e-mail addresses. Leave this empty, and keep the link to your report.",
)

_TEXT_MISSING: Final = LocalizedText(
    "Schrijf wat u wilt melden of vragen.", "Write what you want to report or ask."
)
_TEXT_TOO_LONG: Final = LocalizedText(
    f"Schrijf hoogstens {MAX_TEXT} tekens.", f"Write at most {MAX_TEXT} characters."
)
_TEXT_UNREADABLE: Final = LocalizedText(
    "De tekst bevat tekens die niet te lezen zijn.", "The text holds characters that cannot be read."
)
_ADDRESS_WRONG: Final = LocalizedText(
    "Vul een e-mailadres in zoals naam@voorbeeld.nl, of laat dit leeg.",
    "Fill in an e-mail address such as name@example.org, or leave this empty.",
)
_KIND_WRONG: Final = LocalizedText("Kies wat u wilt melden.", "Choose what you want to report.")


def tidy_text(given: str) -> str:
    """The text with plain line breaks, as a form sends it in several ways."""
    return given.replace("\r\n", "\n").replace("\r", "\n").strip()


def check_report(
    kind: ReportKind | None, text: str, email: str, *, kinds: Collection[ReportKind], takes_addresses: bool
) -> list[Problem]:
    """The problems of a report about a subject of which these `kinds` can be reported; empty where there are none."""
    problems = []
    if kind not in kinds:
        problems.append(Problem(ProblemCode.UNKNOWN_VALUE, "/kind", _KIND_WRONG))
    if not text and kind not in TEXT_OPTIONAL:
        problems.append(Problem(ProblemCode.REQUIRED, "/text", _TEXT_MISSING))
    problems += check_length("/text", text)
    if email and not takes_addresses:
        problems.append(Problem(ProblemCode.INVALID_EMAIL, "/email", NO_ADDRESSES))
    elif email and normalise_address(email) is None:
        problems.append(Problem(ProblemCode.INVALID_EMAIL, "/email", _ADDRESS_WRONG))
    return problems


def check_length(location: str, text: str) -> Sequence[Problem]:
    """The problems of a text that someone typed."""
    if len(text) > MAX_TEXT:
        return [Problem(ProblemCode.TOO_LONG, location, _TEXT_TOO_LONG)]
    if any(not (one.isprintable() or one in "\n\t") for one in text):
        return [Problem(ProblemCode.CONTROL_CHARACTERS, location, _TEXT_UNREADABLE)]
    return []
