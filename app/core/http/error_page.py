"""Error pages: every problem in the reader's words, the form to correct it, and the ways on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from app.core.errors import RegisterError
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.query_string import split_query_string
from app.core.site_path import site_path

MAX_FIELDS: Final = 20
"""Parameters that the form shows."""
MAX_SHOWN: Final = 200
"""Characters of a name or value in a sentence."""

TITLES: Final = {
    400: LocalizedText("Dit kunnen wij niet laten zien", "We cannot show this"),
    404: LocalizedText("Niet gevonden", "Not found"),
}
"""Titles of pages that differ from those for programs, by status."""
DETAILS: Final = {
    400: LocalizedText(
        "Er klopt iets niet in het adres van deze pagina. Zoek hieronder opnieuw.",
        "Something in the address of this page is wrong. Search again below.",
    ),
    404: LocalizedText(
        "Deze pagina bestaat niet. Misschien is het adres verkeerd overgetypt, of is de pagina verhuisd.",
        "This page does not exist. Perhaps the address was mistyped, or the page has moved.",
    ),
}
"""Sentences for readers, by status, where the error has none of its own."""
NOT_POSSIBLE: Final = LocalizedText("Dit kan hier niet", "This is not possible here")
ANOTHER_FORM: Final = LocalizedText(
    "Uw browser vroeg iets dat deze pagina niet kan geven. Ga terug en probeer het opnieuw.",
    "Your browser asked for something that this page cannot give. Go back and try again.",
)
TECHNICAL: Final = frozenset({405, 406, 412, 413, 415, 416, 428})
"""Statuses whose sentences are about headers and methods."""

UNKNOWN: Final = LocalizedText(
    "“{name}” kennen wij niet. Haal dit weg uit het adres van de pagina.",
    "We do not know “{name}”. Remove it from the address of the page.",
)
UNKNOWN_PROPERTY: Final = LocalizedText(
    "Wij kennen deze eigenschap niet. Kies een andere of laat dit weg.",
    "We do not know this property. Choose another one or leave this out.",
)
MEANT: Final = LocalizedText("Bedoelt u “{label}”?", "Did you mean “{label}”?")
REPEATED: Final = LocalizedText(
    "Dit staat er twee keer. Vul het één keer in.", "This is given twice. Fill it in once."
)
UNREADABLE: Final = LocalizedText(
    "Deze tekst kunnen wij niet lezen. Typ de woorden opnieuw.",
    "We cannot read this text. Type the words again.",
)
TOO_MANY: Final = LocalizedText(
    "Er staat te veel in het adres van deze pagina. Zoek hieronder opnieuw.",
    "There is too much in the address of this page. Search again below.",
)
CHOOSE: Final = LocalizedText("Kies uit:", "Choose from:")
"""Words after which a message lists names."""
_NAME = re.compile(r"[A-Za-z][\w-]*")
_NAME_IN_SENTENCE = re.compile(r"`([^`]*)`|(?<![\w/])[a-z]+[A-Z]\w*")
"""A name between backticks, or one that can only be a name."""


@dataclass(frozen=True, slots=True)
class ParameterLabels:
    """Names of query parameters for people."""

    by_name: Mapping[str, LocalizedText]


@dataclass(frozen=True, slots=True)
class GivenField:
    """A parameter as the form shows it: with what was given, and what is wrong with it."""

    name: str
    label: str
    value: str
    problems: tuple[str, ...]


def describe_error(  # noqa: PLR0913 - the request and its reader
    error: RegisterError,
    *,
    path: str,
    query: str,
    labels: ParameterLabels,
    language: Language,
    has_form: bool,
) -> dict[str, Any]:
    """The context of `errors.html`: title, sentences, the form's fields, and addresses that lead on.

    `path` is that of the request, below the site; `has_form` holds for requests that only read.
    """
    words = _Words(labels.by_name, language)
    given = split_query_string(query.encode("utf-8", "replace"))[:MAX_FIELDS]
    wrong = set(_list_wrong(error.problems, given))
    fields = tuple(words.list_fields(given, error.problems)) if has_form and wrong else ()
    shown = {field.name for field in fields}
    lines = [words.write_line(problem) for problem in error.problems if problem.location not in shown]
    if not error.problems and (sentence := _find_sentence(error)) is not None:
        lines = [words.reword(sentence.render(language))]
    here = site_path(quote(path))
    kept = [(name, value) for name, value in given if name not in wrong]
    return {
        "status": error.status,
        "title": _find_title(error).render(language),
        "lines": list(dict.fromkeys(lines)),
        "fields": fields,
        "action": here,
        "without": (f"{here}?{urlencode(kept)}" if kept else here) if wrong else None,
        "meant": _find_meant(error.problems, here),
    }


def _find_title(error: RegisterError) -> LocalizedText:
    return NOT_POSSIBLE if error.status in TECHNICAL else TITLES.get(error.status, error.title)


def _list_wrong(problems: Sequence[Problem], given: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The names of the parameters that cannot stay as they are."""
    for problem in problems:
        if problem.where == "query" and problem.location:
            yield problem.location
        elif problem.code is ProblemCode.INVALID_TEXT:
            # The whole query was refused; the text that cannot be read is in some of it.
            yield from (name for name, value in given if _make_readable(name + value) != name + value)


def _make_readable(text: str) -> str:
    """The text without control characters and characters that could not be decoded."""
    return "".join(character for character in text if character.isprintable() and character != "\ufffd")


def _find_sentence(error: RegisterError) -> LocalizedText | None:
    if error.status in TECHNICAL:
        return ANOTHER_FORM
    return error.detail or DETAILS.get(error.status)


def _find_meant(problems: Sequence[Problem], here: str) -> str | None:
    """The address of what the last part of the path was meant to be."""
    for problem in problems:
        if problem.where == "path" and isinstance(problem.suggestion, str):
            return f"{here.rpartition('/')[0]}/{quote(problem.suggestion, safe='')}"
    return None


def say_problem(problem: Problem, labels: Mapping[str, LocalizedText], language: Language) -> str:
    """The sentence of a problem of a parameter, with labels in place of names in the API."""
    return _Words(labels, language).say(problem)


@dataclass(frozen=True, slots=True)
class _Words:
    """Problems in the words of the reader."""

    labels: Mapping[str, LocalizedText]
    language: Language

    def list_fields(
        self, given: Sequence[tuple[str, str]], problems: Sequence[Problem]
    ) -> Iterator[GivenField]:
        values: dict[str, str] = {}
        for name, value in given:
            values.setdefault(name, value)
        missing = [one.location for one in problems if one.where == "query" and one.location in self.labels]
        for name in dict.fromkeys([*values, *missing]):
            if name in self.labels:
                wrong = tuple(self.say(one) for one in problems if one.location == name)
                yield GivenField(name, self._name(name), _make_readable(values.get(name, "")), wrong)

    def write_line(self, problem: Problem) -> str:
        sentence = self.say(problem)
        if problem.where == "query" and problem.location in self.labels:
            return f"{self._name(problem.location)}: {sentence}"
        return sentence

    def say(self, problem: Problem) -> str:
        match problem.code:
            case ProblemCode.UNKNOWN_PARAMETER:
                sentence = UNKNOWN.render(self.language).format(name=problem.location[:MAX_SHOWN])
                return sentence + self._ask_whether_meant(problem)
            case ProblemCode.UNKNOWN_PROPERTY:
                return UNKNOWN_PROPERTY.render(self.language) + self._ask_whether_meant(problem)
            case ProblemCode.REPEATED_PARAMETER:
                return REPEATED.render(self.language)
            case ProblemCode.INVALID_TEXT if not problem.location:
                return UNREADABLE.render(self.language)
            case ProblemCode.TOO_MANY_PARAMETERS:
                return TOO_MANY.render(self.language)
        return self.reword(problem.detail.render(self.language))

    def _ask_whether_meant(self, problem: Problem) -> str:
        if problem.suggestion is ABSENT or str(problem.suggestion) not in self.labels:
            return ""
        return " " + MEANT.render(self.language).format(label=self._name(str(problem.suggestion)))

    def reword(self, sentence: str) -> str:
        """The sentence with the labels of parameters in place of their names in the API."""
        before, choose, choices = sentence.partition(CHOOSE.render(self.language))
        return (
            _NAME_IN_SENTENCE.sub(self._quote, before)
            + choose
            + _NAME.sub(lambda found: self._name(found[0]), choices)
        )

    def _quote(self, found: re.Match[str]) -> str:
        return f"“{self._name(found[0].strip('`'))}”"

    def _name(self, name: str) -> str:
        return self.labels[name].render(self.language) if name in self.labels else name
