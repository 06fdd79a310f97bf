"""The fields of a form that a page sent."""

from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request

from app.core.errors import InvalidRequest, NotFound, UnsupportedMediaType
from app.core.i18n import LocalizedText

FORM_TYPE: Final = "application/x-www-form-urlencoded"

_MAX_FIELDS: Final = 200


async def read_form(request: Request) -> dict[str, str]:
    """The fields by name. Raises: InvalidRequest for an unreadable form or a repeated field; UnsupportedMediaType."""
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
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\x00" in value for value in fields.values()):
        raise InvalidRequest(_UNREADABLE)
    return fields


def parse_id(given: str) -> UUID:
    """The id in a field or parameter. Raises: NotFound for a text that is none."""
    try:
        return UUID(given)
    except ValueError as error:
        raise NotFound from error


_UNREADABLE: Final = LocalizedText(
    "Het formulier is niet goed aangekomen. Ga terug, en verstuur het opnieuw.",
    "The form did not arrive well. Go back, and send it again.",
)
