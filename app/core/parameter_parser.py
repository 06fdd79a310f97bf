"""Parsing the query parameters of one request, so that every problem is reported at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import urlencode

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.parameter_values import parse_parameter
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.query_string import parse_query_string

T = TypeVar("T")

MAX_WORDS: Final = 100
"""Maximum number of values of one parameter."""

_SHOWN_CHARACTERS: Final = 500


@dataclass(slots=True)
class ParameterParser:
    """The parameters of a request by name, and the problems found so far."""

    given: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of_query(cls, query_string: bytes, allowed: Collection[str]) -> "ParameterParser":
        """The parameters of a query string; unknown and repeated names are the first problems."""
        return cls(*parse_query_string(query_string, allowed))

    def parse(self, name: str, parser: Callable[[str], T]) -> T | None:
        """The value of a parameter; None when it is absent or, with a problem more, when it cannot be parsed."""
        text = self.given.get(name)
        return None if text is None else parse_parameter(self.problems, name, text, parser)

    def parse_one(self, name: str, word: str, parser: Callable[[str], T]) -> T | None:
        """One word of a parameter that holds several."""
        return parse_parameter(self.problems, name, word, parser)

    def split(self, name: str) -> list[str]:
        """The words of a parameter that holds several; none, with a problem more, where there are too many."""
        words = self.given[name].split(",")
        if len(words) <= MAX_WORDS:
            return words
        detail = LocalizedText(
            f"`{name}` heeft {len(words)} waarden; hoogstens {MAX_WORDS} kan. Verdeel ze over meer verzoeken.",
            f"`{name}` has {len(words)} values; at most {MAX_WORDS} are possible. Divide them over several requests.",
        )
        self.refuse(name, ProblemCode.TOO_MANY, detail)
        return []

    def refuse(
        self, name: str, code: ProblemCode, detail: LocalizedText, suggestion: object = ABSENT
    ) -> None:
        value = self.given[name][:_SHOWN_CHARACTERS] if name in self.given else ABSENT
        self.problems.append(Problem(code, name, detail, value, suggestion, where="query"))

    def format_canonical(self, excluded: Collection[str] = ()) -> str:
        """The parameters as a query string in alphabetical order, without the excluded ones."""
        return urlencode(sorted(pair for pair in self.given.items() if pair[0] not in excluded))

    def require_no_problems(self) -> None:
        """Raises: InvalidRequest with every problem, when there is any."""
        if self.problems:
            raise InvalidRequest(problems=self.problems)
