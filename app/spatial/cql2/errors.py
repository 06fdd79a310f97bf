"""Errors of a filter, collected so that all of them are reported at once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest

T = TypeVar("T")
S = TypeVar("S")

PARAMETER = "filter"


MAX_PROBLEMS: Final = 50
"""Problems of one filter that are reported; comparing them with each other takes time."""


class FilterError(ValueError):
    """A filter, or a part of one, that is not valid."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.detail.en for problem in problems))
        self.problems = list(problems)


def refuse(
    code: ProblemCode, detail: LocalizedText, value: object = ABSENT, suggestion: object = ABSENT
) -> FilterError:
    """An error with one problem, to be raised; `value` is the given text."""
    shown = value[:100] if isinstance(value, str) else value
    return FilterError([Problem(code, PARAMETER, detail, shown, suggestion, where="query")])


def refuse_name(code: ProblemCode, thing: LocalizedText, name: str, known: Iterable[str]) -> FilterError:
    """An error for an unknown name, with the nearest known name."""
    nearest = find_nearest(name[:50], list(known))
    advice = ask_whether_meant(nearest)
    detail = LocalizedText(
        f"{thing.nl} {name[:50]} bestaat hier niet.{advice.nl}",
        f"{thing.en} {name[:50]} does not exist here.{advice.en}",
    )
    return refuse(code, detail, name, nearest or ABSENT)


def gather(read: Callable[[S], T], parts: Iterable[S]) -> list[T]:
    """The result for each part. Raises: FilterError with the problems of all parts."""
    found: list[T] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            found.append(read(part))
        except FilterError as refusal:
            problems += [problem for problem in refusal.problems if problem not in problems]
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise FilterError(problems)
    return found
