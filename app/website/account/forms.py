"""The fields of a form that a page sent."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request

from app.core.errors import InvalidRequest, NotFound, UnsupportedMediaType
from app.core.i18n import LocalizedText

FORM_TYPE: Final = "application/x-www-form-urlencoded"

_MAX_FIELDS: Final = 200


class FormFields(Mapping[str, str]):
    """The fields by name. One that occurs more than once is a list of boxes, and is read with `list_values` alone."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        """The value of a field. Raises: KeyError; InvalidRequest for a field with several."""
        values = self._values[name]
        if len(values) > 1:
            raise InvalidRequest(_UNREADABLE)
        return values[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def list_values(self, name: str) -> list[str]:
        """The values of a list of boxes, in the order of the page; empty where none is ticked."""
        return list(self._values.get(name, ()))


async def read_form(request: Request) -> FormFields:
    """The fields by name. Raises: InvalidRequest for an unreadable form; UnsupportedMediaType."""
    media_type = request.headers.get("content-type", FORM_TYPE).partition(";")[0].strip().lower()
    if media_type != FORM_TYPE:
        raise UnsupportedMediaType
    try:
        pairs = parse_qsl(
            (await request.body()).decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError as error:
        raise InvalidRequest(_UNREADABLE) from error
    if any("\x00" in value for _, value in pairs):
        raise InvalidRequest(_UNREADABLE)
    return FormFields(pairs)


def parse_id(given: str) -> UUID:
    """The id in a field or parameter. Raises: NotFound for a text that is none."""
    try:
        return UUID(given)
    except ValueError as error:
        raise NotFound from error


def parse_number(given: str, most: int) -> int | None:
    """The whole number from 1 to `most` in a field or parameter; None for anything else."""
    # Python makes no number of thousands of digits.
    is_number = given.isascii() and given.isdecimal() and len(given) <= len(str(most))
    return int(given) if is_number and 1 <= int(given) <= most else None


_MAX_PAGE: Final = 100_000


def parse_page(given: str) -> int:
    """The number of a page of a list; the first for anything that is none."""
    return parse_number(given, _MAX_PAGE) or 1


_UNREADABLE: Final = LocalizedText(
    "Het formulier is niet goed aangekomen. Ga terug, en verstuur het opnieuw.",
    "The form did not arrive well. Go back, and send it again.",
)
