"""Parameters of the queue of reviews."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import (
    InvalidParameter,
    integer_from,
    parse_identifier,
    parse_true_or_false,
)
from app.core.problems import ProblemCode
from app.core.query_string import parse_limit
from app.municipalities.directory import Directory
from app.sensors.registration.queue_order import QueueOrder
from app.sensors.registration.review_queue import QueuePart, SubmissionFilter, SubmissionKind

DEFAULT_REVIEWS: Final = 100
MAX_REVIEWS: Final = 1000
MAX_WORDS: Final = 100
_MAX_AGE_DAYS: Final = 36_500

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """The filter of a page of the queue, the version that it begins after, and its size."""

    search: SubmissionFilter
    after: UUID | None
    order: QueueOrder
    limit: int
    given: dict[str, str]


def parse_queue_parameters(query_string: bytes, directory: Directory) -> QueueRequest:
    """The page of the queue. Raises: InvalidRequest naming every unknown, repeated or malformed parameter."""
    parser = ParameterParser.of_query(query_string, [one["name"] for one in QUEUE_PARAMETERS])
    search = SubmissionFilter(
        part=parser.parse("part", _one_of(QueuePart)) or QueuePart.REVIEW,
        municipality_code=_parse_municipality(parser, directory),
        sensor_type=parser.given.get("sensorType"),
        owner_id=parser.parse("owner", parse_identifier),
        kind=parser.parse("kind", _one_of(SubmissionKind)),
        is_late=parser.parse("late", parse_true_or_false),
        is_overdue=parser.parse("overdue", parse_true_or_false),
        min_age_days=parser.parse("minAgeDays", integer_from(0, _MAX_AGE_DAYS)),
        words=parser.given.get("q", "")[:MAX_WORDS],
    )
    order = parser.parse("order", _one_of(QueueOrder)) or QueueOrder.OLDEST
    after = parser.parse("after", parse_identifier)
    limit = parse_limit(parser.given, DEFAULT_REVIEWS, MAX_REVIEWS, parser.problems)
    parser.require_no_problems()
    return QueueRequest(search, after, order, limit, dict(parser.given))


def _parse_municipality(parser: ParameterParser, directory: Directory) -> str | None:
    asked = parser.given.get("municipality")
    if asked is None:
        return None
    try:
        return directory.get_municipality(asked).code
    except InvalidRequest as unknown:
        parser.problems += unknown.problems
        return None


def _one_of(choices: type[_Choice]) -> Callable[[str], _Choice]:
    def parse(text: str) -> _Choice:
        for one in choices:
            if text == one.value:
                return one
        named = ", ".join(choices)
        raise InvalidParameter(
            ProblemCode.UNKNOWN_VALUE, LocalizedText(f"Kies uit: {named}.", f"Choose from: {named}.")
        )

    return parse


def _describe(name: str, sentence: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": sentence, "schema": {"type": "string", **schema}}


QUEUE_PARAMETERS: Final = [
    _describe(
        "part",
        "`review`: to be decided about. `comment`: others decide, and ask for comment. `waiting`: sent back.",
        enum=list(QueuePart),
        default=QueuePart.REVIEW.value,
    ),
    _describe("municipality", "One municipality that you review for, by code (GM0363) or name."),
    _describe("owner", "Those of one organisation, by its id.", format="uuid"),
    _describe("sensorType", "Those of one type of sensor."),
    _describe("kind", "New registrations, changes or removals.", enum=list(SubmissionKind)),
    _describe("late", "Whether it was notified late.", type="boolean"),
    _describe("overdue", "Whether the term of review has passed.", type="boolean"),
    _describe("minAgeDays", "Those submitted at least so many days ago.", type="integer", minimum=0),
    _describe(
        "q",
        "Words, each in the reference, the name, the registration number or the name of the owner.",
        maxLength=MAX_WORDS,
    ),
    _describe(
        "order",
        "`oldest`: oldest submission first. `due`: earliest end of its term first.",
        enum=list(QueueOrder),
        default=QueueOrder.OLDEST.value,
    ),
    _describe("after", "Where the page begins, from a link `next`.", format="uuid"),
    _describe(
        "limit", "How many at most.", type="integer", minimum=1, maximum=MAX_REVIEWS, default=DEFAULT_REVIEWS
    ),
]
