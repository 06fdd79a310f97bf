"""The form of a rule: its fields as a request of the API, and the answers of the rule that is there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.duties.duty import TEXTS, Duty
from app.records.cell_parsers import parse_date

_KINDS: Final = {"soorten": "sensorTypes", "eigenaren": "ownerTypes"}
_DAYS: Final = {
    "dagen": "noticeDays",
    "termijn-beoordelen": "reviewTermDays",
    "termijn-reageren": "commentTermDays",
    "termijn-melding": "reportTermDays",
}
_SWITCHES: Final = {"verwijderen": "removalNotified", "wijzigen": "changeNotified"}
_TEXTS: Final = {
    "uitzonderingen": "exemptions",
    "titel": "legalTitle",
    "tekst": "legalText",
    "bevestiging": "receiptText",
    "bezwaar": "objectionText",
}
_LANGUAGES: Final = ("nl", "en")

FIELD_IDS: Final = {
    "/validFrom": "vanaf",
    "/mandatory": "verplicht",
    "/sensorTypes": "soorten",
    "/ownerTypes": "eigenaren",
    "/noticeDays": "dagen",
    "/removalNotified": "ook",
    **{f"/exemptions/{one}": f"uitzonderingen-{one}" for one in _LANGUAGES},
    **{f"/{_TEXTS[name]}/{one}": f"{name}-{one}" for name in ("titel", "tekst") for one in _LANGUAGES},
    "/legalUrl": "link",
    **{f"/{_DAYS[name]}": name for name in _DAYS if name != "dagen"},
    **{
        f"/{_TEXTS[name]}/{one}": f"{name}-{one}" for name in ("bevestiging", "bezwaar") for one in _LANGUAGES
    },
}
"""The id of the field by the location of a problem, in the order of the page."""

SENTENCES: Final = {
    ("/validFrom", ProblemCode.REQUIRED): LocalizedText(
        "Vul in vanaf welke dag de regel geldt.", "Fill in from which day the rule holds."
    ),
    ("/validFrom", ProblemCode.INVALID_DATE): LocalizedText(
        "Schrijf de dag als 31-12-2027.", "Write the day as 31-12-2027."
    ),
    ("/mandatory", ProblemCode.REQUIRED): LocalizedText(
        "Kies of melden verplicht is.", "Choose whether registering is mandatory."
    ),
    **{
        (f"/{name}/nl", ProblemCode.REQUIRED): LocalizedText(
            "Vul ook de Nederlandse tekst in.", "Fill in the Dutch text too."
        )
        for name in _TEXTS.values()
    },
    **{
        (f"/{name}", code): LocalizedText(
            f"Geef een aantal dagen, van {least} tot en met 365.",
            f"Give a number of days, from {least} to 365.",
        )
        for name, least in {name: 0 if name == "noticeDays" else 1 for name in _DAYS.values()}.items()
        for code in (ProblemCode.OUT_OF_RANGE, ProblemCode.WRONG_TYPE)
    },
}
"""Sentences for people who fill in the form, by location and code of a problem."""


def read_request(form: Mapping[str, str], kinds: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The request of the API that a form makes; `kinds` are the codes of the lists by the name of the field."""
    given: dict[str, Any] = {}
    if day := form.get("vanaf", "").strip():
        given["validFrom"] = parse_date(day)
    if form.get("verplicht") in ("ja", "nee"):
        given["mandatory"] = form["verplicht"] == "ja"
    for name, field in _KINDS.items():
        given[field] = [code for code in kinds[name] if form.get(f"{name}-{code}") == "ja"]
    for name, field in _DAYS.items():
        typed = form.get(name, "").strip()
        given[field] = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else typed
    for name, field in _SWITCHES.items():
        given[field] = form.get(f"ook-{name}") == "ja"
    for name, field in _TEXTS.items():
        words = {one: form[f"{name}-{one}"] for one in _LANGUAGES if form.get(f"{name}-{one}", "").strip()}
        if words:
            given[field] = words
    if link := form.get("link", "").strip():
        given["legalUrl"] = link
    return given


def write_answers(duty: Duty) -> dict[str, str]:
    """The answers of a form with which this rule would be set again, but for the day from which it holds."""
    answers = {
        "verplicht": ("ja" if duty.is_mandatory else "nee") if duty.has_profile else "",
        "dagen": str(duty.notice_days),
        "ook-verwijderen": "ja" if duty.removal_notified else "",
        "ook-wijzigen": "ja" if duty.change_notified else "",
        "link": duty.legal_url or "",
        "termijn-beoordelen": str(duty.review_term_days),
        "termijn-reageren": str(duty.comment_term_days),
        "termijn-melding": str(duty.report_term_days),
        **{f"soorten-{code}": "ja" for code in duty.sensor_types},
        **{f"eigenaren-{code}": "ja" for code in duty.owner_types},
    }
    for name, column in zip(
        ("uitzonderingen", "titel", "tekst", "bevestiging", "bezwaar"), TEXTS, strict=True
    ):
        text: LocalizedText | None = getattr(duty, column)
        answers[f"{name}-nl"] = text.nl if text else ""
        answers[f"{name}-en"] = text.en if text and text.en != text.nl else ""
    return answers
