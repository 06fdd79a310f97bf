"""The form of a term: its fields as they were typed, and the values that they stand for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.vocabularies.term_fields import TermFields
from app.vocabularies.terms import Vocabulary
from app.website.account.forms import parse_number

FIELDS: Final = {
    "/code": "code",
    "/label/nl": "naam-nl",
    "/label/en": "naam-en",
    "/definition/nl": "uitleg-nl",
    "/definition/en": "uitleg-en",
    "/alternativeLabels": "woorden",
    "/broader": "hoort-bij",
    "/order": "plaats",
    "/validUntil": "einde",
}
"""The id of each field, in the order of the page, by its name on the wire."""

SENTENCES: Final = {
    (location, ProblemCode.REQUIRED): sentence
    for location, sentence in {
        "/label/nl": LocalizedText("Vul de naam in het Nederlands in.", "Fill in the name in Dutch."),
        "/label/en": LocalizedText("Vul de naam in het Engels in.", "Fill in the name in English."),
        "/definition/nl": LocalizedText(
            "Vul de uitleg in het Nederlands in.", "Fill in the explanation in Dutch."
        ),
        "/definition/en": LocalizedText(
            "Vul de uitleg in het Engels in.", "Fill in the explanation in English."
        ),
    }.items()
}
"""Sentences of the form about a field without text."""

_DATE_FORMS: Final = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    r"(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})",
)
_MAX_PLACE: Final = 10_000


@dataclass(frozen=True, slots=True)
class TypedTerm:
    """Values of what was typed; `problems` are of what cannot be read."""

    fields: TermFields
    problems: list[Problem]

    def require_readable(self) -> None:
        """Raises: InvalidRequest where something cannot be read."""
        if self.problems:
            raise InvalidRequest(problems=self.problems)


def read_term(form: Mapping[str, str], last_place: int) -> TypedTerm:
    """The fields of a form. A place that was left empty is the last one."""
    problems: list[Problem] = []
    given_place = form.get("plaats", "").strip()
    place = parse_number(given_place, _MAX_PLACE) if given_place else last_place
    if place is None:
        sentence = LocalizedText(
            "Vul een plaats in de lijst in, zoals 3.", "Fill in a place in the list, such as 3."
        )
        problems.append(Problem(ProblemCode.INVALID_NUMBER, "/order", sentence, given_place))
    end = _parse_day(form.get("einde", ""))
    if end is None and form.get("einde", "").strip():
        sentence = LocalizedText(
            "Schrijf de dag als 31-12-2027, of laat dit leeg.",
            "Write the day as 31-12-2027, or leave this empty.",
        )
        problems.append(Problem(ProblemCode.INVALID_DATE, "/validUntil", sentence))
    words = [word.strip() for word in re.split(r"[\r\n;]+", form.get("woorden", ""))]
    fields = TermFields(
        label=LocalizedText(form.get("naam-nl", "").strip(), form.get("naam-en", "").strip()),
        definition=LocalizedText(_join(form.get("uitleg-nl", "")), _join(form.get("uitleg-en", ""))),
        alternative_labels=tuple(dict.fromkeys(word for word in words if word)),
        place=place or last_place,
        broader=form.get("hoort-bij") or None,
        valid_until=end,
    )
    return TypedTerm(fields, problems)


def write_values(fields: TermFields) -> dict[str, str]:
    """The fields of a term as the form shows them."""
    return {
        "naam-nl": fields.label.nl,
        "naam-en": fields.label.en,
        "uitleg-nl": fields.definition.nl,
        "uitleg-en": fields.definition.en,
        "woorden": "\n".join(fields.alternative_labels),
        "plaats": str(fields.place),
        "hoort-bij": fields.broader or "",
        "einde": fields.valid_until.isoformat() if fields.valid_until else "",
    }


def count_places(vocabulary: Vocabulary) -> int:
    """The place of a new term that is last."""
    return len(vocabulary.terms) + 1


def _join(given: str) -> str:
    """A text of some lines as one line."""
    return " ".join(given.split())


def _parse_day(given: str) -> date | None:
    for form in _DATE_FORMS:
        if found := re.fullmatch(form, given.strip(), re.ASCII):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None
