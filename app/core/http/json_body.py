"""Reading a JSON object from a request: the bytes as they came, and what they say."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, NoReturn

from fastapi import Depends, Request

from app.core.errors import InvalidRequest, Problem, UnsupportedMediaType
from app.core.i18n import LocalizedText

MAX_REPEATED_KEYS_SHOWN: Final = 200
MAX_REPEATED: Final = 100

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON object, and its bytes for telling a repeated request from another one."""

    raw: bytes
    value: dict[str, Any]


async def read_json_body(request: Request) -> JsonBody:
    """The object in the body; a change may be said to be the merge patch it is, no body at all is an empty object.

    Raises: UnsupportedMediaType; InvalidRequest with the place where the JSON breaks off, or each name given twice.
    """
    raw = await request.body()
    if not raw.strip():
        return JsonBody(raw, {})
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    read = (MERGE_PATCH, JSON) if request.method == "PATCH" else (JSON,)
    if media_type not in read:
        raise UnsupportedMediaType(
            LocalizedText(
                f"Stuur JSON, met Content-Type: {' of '.join(read)}.",
                f"Send JSON, with Content-Type: {' or '.join(read)}.",
            )
        )
    objects = _Objects()
    try:
        value = json.loads(raw, parse_constant=_refuse_constant, object_pairs_hook=objects.read)
    except json.JSONDecodeError as broken:
        where = LocalizedText(
            f"De JSON breekt af op regel {broken.lineno}, teken {broken.colno}.",
            f"The JSON breaks off at line {broken.lineno}, character {broken.colno}.",
        )
        raise InvalidRequest(problems=[Problem("json", "", where)]) from None
    except (ValueError, RecursionError):
        # Not UTF-8, NaN, a number of thousands of digits, or lists in lists without end.
        odd = LocalizedText(
            "Dit is geen gewone JSON in UTF-8 (NaN en Infinity bestaan daarin niet).",
            "This is no ordinary JSON in UTF-8 (which has no NaN or Infinity).",
        )
        raise InvalidRequest(problems=[Problem("json", "", odd)]) from None
    if not isinstance(value, dict):
        whole = LocalizedText("Stuur één JSON-object.", "Send one JSON object.")
        raise InvalidRequest(problems=[Problem("type", "", whole)])
    if problems := objects.list_problems():
        raise InvalidRequest(problems=problems)
    return JsonBody(raw, value)


@dataclass(slots=True)
class _Objects:
    """Reads the objects of a body, and minds the names that one of them has twice: JSON itself keeps the last value.

    The outermost is read last.
    """

    inside: list[str] = field(default_factory=list)
    outermost: list[str] = field(default_factory=list)

    def read(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.inside += self.outermost
        counted = Counter(name for name, _ in pairs)
        self.outermost = [name for name, times in counted.items() if times > 1]
        return dict(pairs)

    def list_problems(self) -> list[Problem]:
        located = [(f"/{name}", name) for name in self.outermost] + [("", name) for name in self.inside]
        return [_refuse_repeated(location, name) for location, name in located[:MAX_REPEATED]]


def _refuse_repeated(location: str, name: str) -> Problem:
    shown = name[:MAX_REPEATED_KEYS_SHOWN]
    detail = LocalizedText(f"“{shown}” staat er twee keer.", f"“{shown}” stands there twice.")
    return Problem("repeated_field", location[: MAX_REPEATED_KEYS_SHOWN + 1], detail, shown)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


Json = Annotated[JsonBody, Depends(read_json_body)]
"""The JSON object in the body of a request."""
