"""The moment of a page of figures: now, or that of `asOf`; and what in the address the page cannot use."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from starlette.datastructures import QueryParams

from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.core.parameter_values import parse_parameter, parse_past_timestamp
from app.core.problems import Problem

AS_OF: Final = "asOf"


@dataclass(frozen=True, slots=True)
class PageMoment:
    """A day and, for a page as of a moment, that moment and its text; `notices` are of what was not used."""

    today: date
    as_of: datetime | None = None
    text: str | None = None
    notices: tuple[LocalizedText, ...] = ()


def read_moment(parameters: QueryParams, known: Collection[str]) -> PageMoment:
    """The moment of an address. A malformed or future one gives that of now, with a notice.

    `known` are the other parameters of the page; any that it does not have gets a notice.
    """
    notices = [
        LocalizedText(
            f"“{name[:50]}” kennen wij niet; dat deel van het adres is niet gebruikt.",
            f"We do not know “{name[:50]}”; that part of the address was not used.",
        )
        for name in dict.fromkeys(parameters)
        if name != AS_OF and name not in known
    ]
    text = parameters.get(AS_OF, "").strip()[:100]
    problems: list[Problem] = []
    as_of = parse_parameter(problems, AS_OF, text, parse_past_timestamp) if text else None
    notices += [
        LocalizedText(
            f"U ziet de cijfers van vandaag. {problem.detail.nl}",
            f"These are the figures of today. {problem.detail.en}",
        )
        for problem in problems
    ]
    return PageMoment(dutch_date(as_of), as_of, text if as_of else None, tuple(notices))
