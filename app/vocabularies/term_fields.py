"""The fields of a term as an administrator gives them, and everything that may be wrong with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Final

from app.core.formatting import format_date
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.vocabularies.fixed_terms import BROADER, is_fixed
from app.vocabularies.terms import Term, Vocabularies

MAX_LABEL: Final = 100
MAX_DEFINITION: Final = 1000
MAX_ALTERNATIVES: Final = 20

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_KINDS: Final = ("sensorType", "sensorSubtype")
"""Lists that people search with the same words."""


@dataclass(frozen=True, slots=True)
class TermFields:
    """Everything of a term but its code and its first day; `place` counts from 1 in its list.

    `broader` is a code of the list of `BROADER`: the type of a subtype, the smart city theme of a theme.
    """

    label: LocalizedText
    definition: LocalizedText
    alternative_labels: tuple[str, ...]
    place: int
    broader: str | None = None
    valid_until: date | None = None


def read_fields(vocabularies: Vocabularies, vocabulary: str, code: str) -> TermFields:
    """The fields of a term as they are. Raises: NotFound."""
    term = vocabularies.get_term(vocabulary, code)
    place = list(vocabularies.get_vocabulary(vocabulary).terms).index(code) + 1
    belongs_to = term.parent if vocabulary == "sensorSubtype" else term.broader
    return TermFields(
        term.label, term.definition, term.alternative_labels, place, belongs_to, term.valid_until
    )


def write_version(term: Term) -> str:
    """A text that differs between two states of a term, for a form that was opened earlier."""
    parts = (
        *term.label,
        *term.definition,
        *term.alternative_labels,
        term.parent,
        term.broader,
        term.valid_until,
    )
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def list_problems(
    vocabularies: Vocabularies, vocabulary: str, code: str, fields: TermFields, today: date
) -> list[Problem]:
    """Everything that is wrong with the fields of a new or changed term, by their names on the wire; may be empty."""
    return [
        *_check_texts(fields),
        *_check_taken(vocabularies, vocabulary, code, fields),
        *_check_broader(vocabularies, vocabulary, fields),
        *_check_end(vocabularies, vocabulary, code, fields, today),
    ]


def _check_texts(fields: TermFields) -> Iterator[Problem]:
    for name, given, most in (
        ("label", fields.label, MAX_LABEL),
        ("definition", fields.definition, MAX_DEFINITION),
    ):
        for language, text in given._asdict().items():
            yield from _check_text(f"/{name}/{language}", text, most)
    for text in fields.alternative_labels:
        yield from _check_text("/alternativeLabels", text, MAX_LABEL)
    if len(fields.alternative_labels) > MAX_ALTERNATIVES:
        sentence = LocalizedText(
            f"Geef hoogstens {MAX_ALTERNATIVES} andere woorden.",
            f"Give at most {MAX_ALTERNATIVES} other words.",
        )
        yield Problem(ProblemCode.TOO_MANY, "/alternativeLabels", sentence)


def _check_text(location: str, text: str, most: int) -> Iterator[Problem]:
    if not text:
        yield Problem(ProblemCode.REQUIRED, location, LocalizedText("Vul dit in.", "Fill this in."))
    elif _CONTROL.search(text):
        sentence = LocalizedText(
            "De tekst bevat stuurtekens of een nieuwe regel. Typ de tekst opnieuw.",
            "The text contains control characters or a new line. Type it again.",
        )
        yield Problem(ProblemCode.CONTROL_CHARACTERS, location, sentence)
    elif len(text) > most:
        sentence = LocalizedText(f"Gebruik hoogstens {most} tekens.", f"Use at most {most} characters.")
        yield Problem(ProblemCode.TOO_LONG, location, sentence)


def _check_taken(
    vocabularies: Vocabularies, vocabulary: str, code: str, fields: TermFields
) -> Iterator[Problem]:
    """Words of another term: files and searches could mean either."""
    taken: dict[str, str] = {}
    for name in _KINDS if vocabulary in _KINDS else (vocabulary,):
        for term in vocabularies.get_vocabulary(name).terms.values():
            if (name, term.code) != (vocabulary, code):
                taken |= {word.casefold(): term.label.nl for word in (*term.label, *term.alternative_labels)}
    given = [("/label/nl", fields.label.nl), ("/label/en", fields.label.en)]
    given += [("/alternativeLabels", text) for text in fields.alternative_labels]
    for location, text in given:
        if (other := taken.get(text.casefold())) is not None:
            sentence = LocalizedText(
                f"“{text}” hoort al bij de term {other}.", f"“{text}” belongs to the term {other} already."
            )
            yield Problem(ProblemCode.TAKEN, location, sentence, text)


def _check_broader(vocabularies: Vocabularies, vocabulary: str, fields: TermFields) -> Iterator[Problem]:
    parent = BROADER.get(vocabulary)
    if fields.broader is None:
        if vocabulary == "themes":
            sentence = LocalizedText("Kies een smart city-thema.", "Choose a smart city theme.")
            yield Problem(ProblemCode.REQUIRED, "/broader", sentence)
    elif parent is None or fields.broader not in vocabularies.get_vocabulary(parent).terms:
        sentence = LocalizedText("Kies een term uit de lijst.", "Choose a term of the list.")
        yield Problem(ProblemCode.UNKNOWN_VALUE, "/broader", sentence, fields.broader)


def _check_end(
    vocabularies: Vocabularies, vocabulary: str, code: str, fields: TermFields, today: date
) -> Iterator[Problem]:
    terms: Mapping[str, Term] = vocabularies.get_vocabulary(vocabulary).terms
    before = terms.get(code)
    end = fields.valid_until
    if end is None or (before is not None and end == before.valid_until):
        return
    if is_fixed(vocabulary, code):
        sentence = LocalizedText(
            "Deze term kan niet eindigen: regels van het register hangen ervan af.",
            "This term cannot end: rules of the register depend on it.",
        )
        yield Problem(ProblemCode.READ_ONLY, "/validUntil", sentence)
    first = max(today, before.valid_from if before else today)
    # Registrations of days that have passed may have the term already.
    if end < today or (before is not None and end <= before.valid_from):
        sentence = LocalizedText(
            f"Kies een dag na {format_date(first, 'nl')}, of vandaag.",
            f"Choose a day after {format_date(first, 'en')}, or today.",
        )
        yield Problem(ProblemCode.END_BEFORE_START, "/validUntil", sentence, end.isoformat())
