"""Parameters of a page of imports, and of a page of the problems of one."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import integer_from, parse_identifier
from app.core.query_string import parse_limit

DEFAULT_IMPORTS: Final = 100
MAX_IMPORTS: Final = 1000
_LARGEST_POSITION: Final = 10**9 - 1


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The newest imports `before` an id, no more than `limit`."""

    limit: int = DEFAULT_IMPORTS
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """The problems `after` a position, no more than `limit`."""

    limit: int = DEFAULT_IMPORTS
    after: int = 0


def parse_import_page(query_string: bytes) -> tuple[ImportPage, ParameterParser]:
    """The page, and the parameters as given. Raises: InvalidRequest naming every problem."""
    parser = ParameterParser.of_query(query_string, ("before", "limit"))
    page = ImportPage(_parse_limit(parser), parser.parse("before", parse_identifier))
    parser.require_no_problems()
    return page, parser


def parse_problem_page(parser: ParameterParser) -> ProblemPage:
    """The page of a request for problems; their problems are added to the parser."""
    return ProblemPage(_parse_limit(parser), parser.parse("after", integer_from(0, _LARGEST_POSITION)) or 0)


def _parse_limit(parser: ParameterParser) -> int:
    return parse_limit(parser.given, DEFAULT_IMPORTS, MAX_IMPORTS, parser.problems)
