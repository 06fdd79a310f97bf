"""Parsing the query parameters of the list of organisations."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.parameter_values import integer_from, parse_parameter
from app.core.problems import Problem, ProblemCode
from app.core.query_string import parse_query_string

DEFAULT_LIMIT: Final = 100
LARGEST_LIMIT: Final = 1000
MAX_WORDS_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """At most `limit` organisations registered after the one with this id, with these words in their name."""

    limit: int
    after: UUID | None
    words: str | None


def parse_page_request(query_string: bytes) -> PageRequest:
    """The requested page; a limit above the largest is reduced to it.

    Raises: InvalidRequest naming all problems.
    """
    values, problems = parse_query_string(query_string, ("limit", "cursor", "q"))
    limit, after, words = DEFAULT_LIMIT, None, values.get("q", "").strip() or None
    if "limit" in values:
        limit = parse_parameter(problems, "limit", values["limit"], integer_from(1)) or DEFAULT_LIMIT
    if "cursor" in values:
        try:
            after = UUID(values["cursor"])
        except ValueError:
            sentence = LocalizedText(
                "Gebruik de link `next` zonder hem te veranderen.", "Use the link `next` without changing it."
            )
            problems.append(
                Problem(ProblemCode.INVALID_CURSOR, "cursor", sentence, values["cursor"], where="query")
            )
    if words and len(words) > MAX_WORDS_LENGTH:
        sentence = LocalizedText(
            f"Geef hoogstens {MAX_WORDS_LENGTH} tekens.", f"Give at most {MAX_WORDS_LENGTH} characters."
        )
        problems.append(Problem(ProblemCode.TOO_LONG, "q", sentence, words, where="query"))
    if problems:
        raise InvalidRequest(problems=problems)
    return PageRequest(min(limit, LARGEST_LIMIT), after, words)
