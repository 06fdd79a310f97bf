"""The page of a search with mistakes: what was right is kept, and each mistake has addresses that correct it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from app.core.errors import InvalidRequest
from app.core.http.error_page import say_problem
from app.core.problems import Problem
from app.sensors.presentation import Labels
from app.sensors.search.parameter_labels import PARAMETER_LABELS
from app.website.listing.filters import name_parameter
from app.website.listing.list_query import CHOICES, ListQuery, join_repeated, parse_list_query
from app.website.listing.page_address import PageAddress

_ATTEMPTS: Final = 5
"""Most times that mistakes are left out: leaving one out may show another."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A part of the search that was not used: its field, what is wrong with it, and (text, address) of other searches.

    `value` is the text that was given, None where it has none.
    """

    name: str
    label: str
    value: str | None
    detail: str
    nearest: tuple[tuple[str, str], ...]
    without: str


@dataclass(frozen=True, slots=True)
class CorrectedQuery:
    """The part of a search that is right, and the mistakes in the rest."""

    query: ListQuery
    mistakes: tuple[Mistake, ...]


def correct_query(query_string: bytes, error: InvalidRequest, labels: Labels, path: str) -> CorrectedQuery:
    """The search without the mistakes of `error`; `path` is that of the page."""
    given = join_repeated(query_string)
    right, problems = given, list(error.problems)
    found: list[Problem] = []
    for _ in range(_ATTEMPTS):
        problems = _list_by_word(problems, dict(right), labels)
        found += problems
        right = _leave_out(right, problems)
        try:
            query = parse_list_query(urlencode(right).encode(), labels)
        except InvalidRequest as further:
            problems = list(further.problems)
        else:
            break
    else:
        query = parse_list_query(b"", labels)
    address = PageAddress(path, dict(given))
    return CorrectedQuery(query, tuple(_describe(problem, address, labels) for problem in found))


def _list_by_word(problems: Sequence[Problem], given: Mapping[str, str], labels: Labels) -> list[Problem]:
    """The problems, those of a parameter with several values as one for each wrong value."""
    listed: list[Problem] = []
    for name in dict.fromkeys(problem.location for problem in problems):
        words = given.get(name, "").split(",") if name in CHOICES else []
        of_words = [one for word in words if len(words) > 1 for one in _find_problems(name, word, labels)]
        listed += of_words or [problem for problem in problems if problem.location == name]
    return listed


def _find_problems(name: str, word: str, labels: Labels) -> list[Problem]:
    try:
        parse_list_query(urlencode({name: word}).encode(), labels)
    except InvalidRequest as error:
        return [replace(problem, value=word) for problem in error.problems]
    return []


def _leave_out(given: Sequence[tuple[str, str]], problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """The parameters without the wrong values; without all of them when a problem is of no parameter."""
    wrong = {problem.location for problem in problems}
    if not wrong <= {name for name, _ in given}:
        return []
    values = {(problem.location, problem.value) for problem in problems}
    kept = []
    for name, text in given:
        words = text.split(",") if name in CHOICES else [text]
        right = [word for word in words if (name, word) not in values]
        if name not in wrong:
            kept.append((name, text))
        elif right and len(right) < len(words):
            kept.append((name, ",".join(right)))
    return kept


def _describe(problem: Problem, address: PageAddress, labels: Labels) -> Mistake:
    name = problem.location
    value = problem.value if isinstance(problem.value, str) else address.parameters.get(name)
    suggested = problem.suggestion if isinstance(problem.suggestion, list) else [problem.suggestion]
    return Mistake(
        name,
        name_parameter(name, labels),
        value,
        say_problem(problem, PARAMETER_LABELS, labels.language),
        tuple(
            (_word(name, text, labels), str(_replace(address, name, value, text)))
            for text in suggested
            if isinstance(text, str)
        ),
        str(_replace(address, name, value, None)),
    )


def _replace(address: PageAddress, name: str, value: str | None, other: str | None) -> PageAddress:
    """The address with another text for a value, or without it."""
    text = address.parameters.get(name, "")
    words = text.split(",") if name in CHOICES else [text]
    if value not in words:
        return address.at(address.path, **{name: other})
    changed = [word if word != value else other for word in words]
    return address.at(address.path, **{name: ",".join(word for word in changed if word) or None})


def _word(name: str, text: str, labels: Labels) -> str:
    if name == "municipality":
        return labels.name_municipality(text)
    vocabularies: Mapping[str, object] = labels.vocabularies.by_name
    return labels.name_term(name, text) if name in vocabularies else text
