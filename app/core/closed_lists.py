"""Problems of values that are not in a closed list, in parameters and in filters."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import InvalidParameter
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import MAX_SUGGESTIONS, ask_whether_meant

ExplainValue = Callable[[str, str], InvalidParameter | None]
"""The mistake in a value of a property, both by their text; None for a value that may occur."""


def refuse_value(name: str, word: str, nearest: str | None) -> InvalidParameter:
    """The mistake in a value of a property, with the nearest value that may occur."""
    meant = ask_whether_meant(nearest)
    detail = LocalizedText(
        f"“{word[:50]}” is geen waarde van `{name}`.{meant.nl}",
        f"“{word[:50]}” is no value of `{name}`.{meant.en}",
    )
    return InvalidParameter(ProblemCode.UNKNOWN_VALUE, detail, nearest or ABSENT)


def check_words(parser: ParameterParser, name: str, words: Sequence[str], explain: ExplainValue) -> None:
    """Add the problem of each word of a parameter to the parser."""
    for word in words:
        if (mistake := explain(name, word)) is not None:
            parser.refuse(name, mistake.code, mistake.detail, mistake.suggestion)


def list_filter_problems(compared: Iterable[tuple[str, str]], explain: ExplainValue) -> Iterator[Problem]:
    """The problems of values in a filter, each with the name of its property; no more than get a suggestion."""
    found = 0
    for name, word in sorted(compared):
        if (mistake := explain(name, word)) is not None:
            yield Problem(
                mistake.code, "filter", mistake.detail, word[:100], mistake.suggestion, where="query"
            )
            found += 1
        if found == MAX_SUGGESTIONS:
            return
