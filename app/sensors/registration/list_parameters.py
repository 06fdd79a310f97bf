"""Parameters of the list of registrations."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_identifier
from app.core.query_string import parse_limit
from app.spatial.crs import Crs
from app.spatial.query_parameters import parse_crs_parameter

DEFAULT_REGISTRATIONS: Final = 100
MAX_REGISTRATIONS: Final = 1000


@dataclass(frozen=True, slots=True)
class RegistrationList:
    """The registrations of an `owner`, by `reference`, `before` an id, and no more than `limit`."""

    limit: int = DEFAULT_REGISTRATIONS
    reference: str | None = None
    owner: UUID | None = None
    before: UUID | None = None


def parse_list_parameters(query_string: bytes) -> tuple[RegistrationList, Crs, ParameterParser]:
    """The list, the reference system of the answer, and the parameters as given.

    Raises: InvalidRequest naming every unknown, repeated or malformed parameter.
    """
    parser = ParameterParser.of_query(query_string, ("reference", "owner", "before", "limit", "crs"))
    asked = RegistrationList(
        limit=parse_limit(parser.given, DEFAULT_REGISTRATIONS, MAX_REGISTRATIONS, parser.problems),
        reference=parser.given.get("reference"),
        owner=parser.parse("owner", parse_identifier),
        before=parser.parse("before", parse_identifier),
    )
    crs = parse_crs_parameter(parser, "crs")
    parser.require_no_problems()
    return asked, crs, parser


def parse_answer_crs(query_string: bytes) -> Crs:
    """The reference system of the answer, of a route without other parameters. Raises: InvalidRequest."""
    parser = ParameterParser.of_query(query_string, ("crs",))
    crs = parse_crs_parameter(parser, "crs")
    parser.require_no_problems()
    return crs
