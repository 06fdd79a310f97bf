"""The JSON object in the body of a request, with its raw bytes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from app.core.errors import InvalidRequest, UnsupportedMediaType
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.strict_json import InvalidJson, parse_json

MAX_REPEATED_KEYS_SHOWN: Final = 200
MAX_REPEATED: Final = 100

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON object, and its bytes, by which a repeated request is recognised."""

    raw: bytes
    value: dict[str, Any]


async def read_json_body(request: Request) -> JsonBody:
    """The object in the body; an empty body is an empty object. PATCH also accepts the media type of a merge patch.

    Raises: UnsupportedMediaType; InvalidRequest with the position of a syntax error, or each name that occurs twice.
    """
    raw = await request.body()
    if not raw.strip():
        return JsonBody(raw, {})
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    accepted = (MERGE_PATCH, JSON) if request.method == "PATCH" else (JSON,)
    if media_type not in accepted:
        raise UnsupportedMediaType(
            LocalizedText(
                f"Stuur JSON, met Content-Type: {' of '.join(accepted)}.",
                f"Send JSON, with Content-Type: {' or '.join(accepted)}.",
            )
        )
    names = _DuplicateNames()
    try:
        value = parse_json(raw.decode("utf-8-sig"), names.collect)
    except UnicodeDecodeError:
        odd = LocalizedText("Dit is geen JSON in UTF-8.", "This is not JSON in UTF-8.")
        raise InvalidRequest(problems=[Problem(ProblemCode.INVALID_JSON, "", odd)]) from None
    except InvalidJson as invalid:
        raise InvalidRequest(problems=[Problem(invalid.code, "", invalid.detail)]) from None
    if not isinstance(value, dict):
        whole = LocalizedText("Stuur één JSON-object.", "Send one JSON object.")
        raise InvalidRequest(problems=[Problem(ProblemCode.WRONG_TYPE, "", whole)])
    if problems := names.list_problems():
        raise InvalidRequest(problems=problems)
    return JsonBody(raw, value)


@dataclass(slots=True)
class _DuplicateNames:
    """Collects names that occur twice in an object, of which the JSON parser keeps only the last value.

    The outermost object is parsed last.
    """

    inside: list[str] = field(default_factory=list)
    outermost: list[str] = field(default_factory=list)

    def collect(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.inside += self.outermost
        counted = Counter(name for name, _ in pairs)
        self.outermost = [name for name, times in counted.items() if times > 1]
        return dict(pairs)

    def list_problems(self) -> list[Problem]:
        located = [(f"/{name}", name) for name in self.outermost] + [("", name) for name in self.inside]
        return [_refuse_repeated(location, name) for location, name in located[:MAX_REPEATED]]


def _refuse_repeated(location: str, name: str) -> Problem:
    shown = name[:MAX_REPEATED_KEYS_SHOWN]
    detail = LocalizedText(f"“{shown}” staat er twee keer.", f"“{shown}” occurs twice.")
    return Problem(ProblemCode.REPEATED_FIELD, location[: MAX_REPEATED_KEYS_SHOWN + 1], detail, shown)


Json = Annotated[JsonBody, Depends(read_json_body)]
"""The JSON object in the body of a request."""
