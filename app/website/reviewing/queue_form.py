"""The search of the queue from its address, and which submissions of it were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from app.sensors.registration.queue_order import QueueOrder
from app.sensors.registration.review_queue import QueuePart, SubmissionFilter, SubmissionKind
from app.website.account.forms import parse_number, parse_page

SEARCH_FIELDS: Final = (
    "deel",
    "zoek",
    "wat",
    "soort",
    "eigenaar",
    "gemeente",
    "termijn",
    "wacht",
    "laat",
    "volgorde",
)
"""Names of the fields of the search, as the address has them."""

SEEN: Final = "gezien"
"""Name of the field with the moment at which the queue was shown."""

OVERDUE: Final = "te-laat"
IN_TIME: Final = "op-tijd"

_MAX_WORDS: Final = 100
_MAX_AGE_DAYS: Final = 9999
_CODE_LENGTH: Final = 50

_Known = TypeVar("_Known", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class QueueForm:
    """The request for a queue: the search and its page; `values` are the filled-in fields of the search."""

    search: SubmissionFilter
    order: QueueOrder
    page: int
    values: Mapping[str, str]

    def write_query(self, **changed: str | int) -> str:
        """The address of this queue as a query, with other fields; an empty one is left out."""
        fields: dict[str, str | int] = {**self.values, "bladzijde": self.page, **changed}
        if fields["bladzijde"] == 1:
            del fields["bladzijde"]
        return urlencode({name: value for name, value in fields.items() if value})


def join_query(path: str, *queries: str) -> str:
    """The path with the parts of a query that are not empty."""
    return f"{path}?{query}" if (query := "&".join(filter(None, queries))) else path


def read_queue_form(given: Mapping[str, str]) -> QueueForm:
    """The form of an address; what cannot be read counts as left open."""
    values = {name: given[name].strip() for name in SEARCH_FIELDS if given.get(name, "").strip()}
    term = values.get("termijn")
    return QueueForm(
        search=SubmissionFilter(
            part=_read(values.get("deel"), QueuePart) or QueuePart.REVIEW,
            municipality_code=values.get("gemeente", "")[:_CODE_LENGTH] or None,
            sensor_type=values.get("soort", "")[:_CODE_LENGTH] or None,
            owner_id=_read_id(values.get("eigenaar", "")),
            kind=_read(values.get("wat"), SubmissionKind),
            is_late=True if values.get("laat") else None,
            min_age_days=parse_number(values.get("wacht", ""), _MAX_AGE_DAYS),
            is_overdue={OVERDUE: True, IN_TIME: False}.get(term or ""),
            words=values.get("zoek", "")[:_MAX_WORDS],
        ),
        order=_read(values.get("volgorde"), QueueOrder) or QueueOrder.OLDEST,
        page=parse_page(given.get("bladzijde", "1")),
        values=values,
    )


def _read(text: str | None, known: type[_Known]) -> _Known | None:
    return known(text) if text in {one.value for one in known} else None


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
