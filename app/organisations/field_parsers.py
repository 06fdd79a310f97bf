"""Parsing single fields of an organisation into values or problems."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.organisations.mailboxes import is_email
from app.organisations.record import Organisation

LONGEST: Final = 255
MAX_URL_LENGTH: Final = 2000

NAMES: Final = {field.alias or name: name for name, field in Organisation.model_fields.items()}
"""Names of fields by their name on the wire."""

URLS: Final = frozenset({"website", "contactUrl"})
EMAILS: Final = frozenset({"publicEmail", "personalEmail"})
SWITCHES: Final = frozenset({"soleTrader", "emailConfirmedFunctional"})

# Control characters, and those that change the direction of text, which can make one name look like another.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_PHONE_ADVICE = LocalizedText(
    "Schrijf het nummer als 020 123 45 67 of +31 20 123 45 67.", "Write the number like +31 20 123 45 67."
)
_FORMS: Final[dict[str, tuple[str, LocalizedText]]] = {
    "kvkNumber": ("[0-9]{8}", LocalizedText("Een KVK-nummer heeft 8 cijfers.", "A KVK number has 8 digits.")),
    "oin": ("[0-9]{20}", LocalizedText("Een OIN heeft 20 cijfers.", "An OIN has 20 digits.")),
    "tooiCode": (
        "[a-z]{2,5}[0-9]{2,6}",
        LocalizedText(
            "Schrijf een TOOI-code als gm0363, pv27 of ws0155.",
            "Write a TOOI code like gm0363, pv27 or ws0155.",
        ),
    ),
    "municipalityCode": (
        "GM[0-9]{4}",
        LocalizedText("Schrijf een gemeentecode als GM0363.", "Write a municipality code like GM0363."),
    ),
    "language": (
        "nl|en",
        LocalizedText("Kies nl of en.", "Choose nl or en."),
    ),
    "publicPhone": ("[+0-9][0-9 ()./-]{2,24}", _PHONE_ADVICE),
    "phone": ("[+0-9][0-9 ()./-]{2,24}", _PHONE_ADVICE),
}


def parse_fields(given: Mapping[str, object]) -> tuple[dict[str, str | bool], list[Problem]]:
    """The valid fields by their name on the wire, trimmed and not empty, and the problems of the others."""
    values: dict[str, str | bool] = {}
    problems: list[Problem] = []
    for name, raw in given.items():
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        value = _parse_field(name, raw)
        if isinstance(value, Problem):
            problems.append(value)
        else:
            values[name] = value
    return values, problems


def _parse_field(name: str, raw: object) -> str | bool | Problem:
    if name not in NAMES:
        return _unknown(name)
    if name in SWITCHES:
        return (
            raw
            if isinstance(raw, bool)
            else _refuse(
                name, ProblemCode.WRONG_TYPE, LocalizedText("Geef true of false.", "Give true or false."), raw
            )
        )
    if not isinstance(raw, str):
        return _refuse(
            name, ProblemCode.WRONG_TYPE, LocalizedText("Geef hier tekst.", "Give text here."), raw
        )
    if _CONTROL.search(raw):
        sentence = LocalizedText(
            "De tekst bevat stuurtekens. Typ de tekst opnieuw, zonder te plakken.",
            "The text contains control characters. Type it again instead of pasting it.",
        )
        return _refuse(name, ProblemCode.CONTROL_CHARACTERS, sentence, _CONTROL.sub("\ufffd", raw))
    return _parse_text(name, raw.strip())


def _parse_text(name: str, value: str) -> str | Problem:
    longest = MAX_URL_LENGTH if name in URLS else LONGEST
    if len(value) > longest:
        sentence = LocalizedText(
            f"Te lang: {len(value)} tekens, hoogstens {longest}.",
            f"Too long: {len(value)} characters, at most {longest}.",
        )
        return _refuse(name, ProblemCode.TOO_LONG, sentence, value)
    if name in URLS and not is_web_address(value):
        sentence = LocalizedText(
            "Geef een volledig webadres dat met https:// of http:// begint.",
            "Give a complete web address that starts with https:// or http://.",
        )
        return _refuse(name, ProblemCode.INVALID_URL, sentence, value)
    if name in EMAILS and not is_email(value):
        sentence = LocalizedText(
            "Geef een e-mailadres, zoals info@example.org.", "Give an e-mail address, like info@example.org."
        )
        return _refuse(name, ProblemCode.INVALID_EMAIL, sentence, value)
    if name in _FORMS and re.fullmatch(_FORMS[name][0], value) is None:
        return _refuse(name, ProblemCode.WRONG_PATTERN, _FORMS[name][1], value, _suggest(name, value))
    return value


def is_web_address(value: str) -> bool:
    """Whether the text is an http or https address with a host and without a user name."""
    try:
        parts = urlsplit(value)
        named = "." in (parts.hostname or "") and parts.username is None
        return parts.scheme in ("http", "https") and named and re.search(r"[\s<>\"\\]", value) is None
    except ValueError:
        return False


def _suggest(name: str, value: str) -> object:
    """The value with the right capitals and without spaces and dots, if it then has the right form."""
    tidied = re.sub(r"[ .]", "", value)
    tidied = tidied.upper() if name == "municipalityCode" else tidied.lower()
    return tidied if re.fullmatch(_FORMS[name][0], tidied) else ABSENT


def _unknown(name: str) -> Problem:
    nearest = find_nearest(name, NAMES.keys())
    advice = ask_whether_meant(nearest)
    sentence = LocalizedText(f"Dit veld bestaat niet.{advice.nl}", f"There is no such field.{advice.en}")
    return _refuse(name[:100], ProblemCode.UNKNOWN_FIELD, sentence, suggestion=nearest or ABSENT)


def _refuse(
    name: str, code: ProblemCode, sentence: LocalizedText, value: object = ABSENT, suggestion: object = ABSENT
) -> Problem:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    return Problem(code, pointer, sentence, value, suggestion)
