"""Reading a JSON object from a request: the bytes as they came, and what they say."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request

from app.core.errors import InvalidRequest, Problem, UnsupportedMediaType
from app.core.language import Text

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON object, and its bytes for telling a repeated request from another one."""

    raw: bytes
    value: dict[str, Any]


async def read_json_body(request: Request) -> JsonBody:
    """The object in the body; merge patches are read alike, no body at all is an empty object.

    Raises: UnsupportedMediaType; InvalidRequest with the place where the JSON breaks off.
    """
    raw = await request.body()
    if not raw.strip():
        return JsonBody(raw, {})
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type not in ("application/json", "application/merge-patch+json"):
        raise UnsupportedMediaType(
            Text(
                "Stuur JSON, met Content-Type: application/json.",
                "Send JSON, with Content-Type: application/json.",
            )
        )
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
    except json.JSONDecodeError as broken:
        where = Text(
            f"De JSON breekt af op regel {broken.lineno}, teken {broken.colno}.",
            f"The JSON breaks off at line {broken.lineno}, character {broken.colno}.",
        )
        raise InvalidRequest(problems=[Problem("json", "", where)]) from None
    except (ValueError, RecursionError):
        # Not UTF-8, NaN, a number of thousands of digits, or lists in lists without end.
        odd = Text(
            "Dit is geen gewone JSON in UTF-8 (NaN en Infinity bestaan daarin niet).",
            "This is no ordinary JSON in UTF-8 (which has no NaN or Infinity).",
        )
        raise InvalidRequest(problems=[Problem("json", "", odd)]) from None
    if not isinstance(value, dict):
        whole = Text("Stuur één JSON-object.", "Send one JSON object.")
        raise InvalidRequest(problems=[Problem("type", "", whole)])
    return JsonBody(raw, value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


Json = Annotated[JsonBody, Depends(read_json_body)]
"""The JSON object in the body of a request."""
