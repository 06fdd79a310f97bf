"""Validation of a duty profile, with all problems at once."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.http.validation_errors import validate_body
from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter, parse_day
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.duties.duty import Duty
from app.duties.schemas import DutyRequest, Words
from app.organisations.field_parsers import MAX_URL_LENGTH, is_web_address

# Control characters without tab and line breaks, and those that change the direction of text.
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_TEXTS: Final = ("exemptions", "legalTitle", "legalText", "receiptText", "objectionText")


def check_duty(
    given: Mapping[str, Any],
    municipality_code: str,
    *,
    sensor_types: Collection[str],
    owner_types: Collection[str],
    earliest: date | None,
) -> Duty:
    """The duty with these fields by their names on the wire; `earliest` is the first day that it may begin, if any.

    Raises: InvalidRequest with all problems.
    """
    problems: list[Problem] = []
    body = None
    try:
        body = validate_body(DutyRequest, given)
    except InvalidRequest as refused:
        problems += refused.problems
    refused_fields = {problem.location for problem in problems}
    found = [
        *_check_day(given.get("validFrom"), earliest),
        *_check_kinds("/sensorTypes", given.get("sensorTypes"), sensor_types),
        *_check_kinds("/ownerTypes", given.get("ownerTypes"), owner_types),
        *_check_url(given.get("legalUrl")),
        *_check_texts(given),
    ]
    problems += [problem for problem in found if problem.location not in refused_fields]
    if body is None or problems:
        raise InvalidRequest(problems=problems)
    return Duty(
        municipality_code,
        parse_day(body.valid_from),
        is_mandatory=body.mandatory,
        sensor_types=tuple(dict.fromkeys(body.sensor_types)),
        owner_types=tuple(dict.fromkeys(body.owner_types)),
        notice_days=body.notice_days,
        removal_notified=body.removal_notified,
        change_notified=body.change_notified,
        exemptions=_localize(body.exemptions),
        legal_title=_localize(body.legal_title),
        legal_text=_localize(body.legal_text),
        legal_url=body.legal_url,
        review_term_days=body.review_term_days,
        comment_term_days=body.comment_term_days,
        report_term_days=body.report_term_days,
        receipt_text=_localize(body.receipt_text),
        objection_text=_localize(body.objection_text),
    )


def _check_day(given: object, earliest: date | None) -> Iterator[Problem]:
    if not isinstance(given, str):
        return
    try:
        day = parse_day(given)
    except InvalidParameter as error:
        yield Problem(error.code, "/validFrom", error.detail, given)
        return
    if earliest is not None and day < earliest:
        sentence = LocalizedText(
            "Een nieuwe regel begint vandaag of later: sensoren zijn al beoordeeld naar de regel van toen.",
            "A new rule begins today or later: sensors were judged already by the rule of their day.",
        )
        yield Problem(ProblemCode.OUT_OF_RANGE, "/validFrom", sentence, given, earliest.isoformat())


def _check_kinds(location: str, given: object, known: Collection[str]) -> Iterator[Problem]:
    if not isinstance(given, list):
        return
    for position, code in enumerate(given):
        if isinstance(code, str) and code not in known:
            nearest = find_nearest(code, known)
            advice = ask_whether_meant(nearest)
            sentence = LocalizedText(
                f"Deze soort staat niet in de lijst.{advice.nl}", f"This kind is not in the list.{advice.en}"
            )
            yield Problem(
                ProblemCode.UNKNOWN_VALUE, f"{location}/{position}", sentence, code[:100], nearest or ABSENT
            )


def _check_url(given: object) -> Iterator[Problem]:
    if not isinstance(given, str):
        return
    if len(given) > MAX_URL_LENGTH or not is_web_address(given):
        sentence = LocalizedText(
            "Geef een volledig webadres dat met https:// of http:// begint.",
            "Give a complete web address that starts with https:// or http://.",
        )
        yield Problem(ProblemCode.INVALID_URL, "/legalUrl", sentence, given[:MAX_URL_LENGTH])


def _check_texts(given: Mapping[str, Any]) -> Iterator[Problem]:
    for name in _TEXTS:
        words = given.get(name)
        if not isinstance(words, Mapping):
            continue
        for language in ("nl", "en"):
            said = words.get(language)
            if isinstance(said, str) and _CONTROL.search(said):
                sentence = LocalizedText(
                    "De tekst bevat stuurtekens. Typ de tekst opnieuw, zonder te plakken.",
                    "The text contains control characters. Type it again instead of pasting it.",
                )
                yield Problem(ProblemCode.CONTROL_CHARACTERS, f"/{name}/{language}", sentence)


def _localize(words: Words | None) -> LocalizedText | None:
    return LocalizedText(words.nl, words.en or words.nl) if words else None
