"""The address of how municipalities handle what is submitted to them: by month, as JSON or CSV."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import InvalidRequest
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.http.routing import SERVICE_ROOT, DirectRoute, find_root
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.problems import ProblemCode
from app.files.writers.csv import write_lines
from app.sensors.search.reference_data import get_reference_data
from app.statistics.file_names import name_file
from app.statistics.handling import MIN_SUBMISSIONS, HandledCounts, Handling, read_handling
from app.statistics.schemas import describe_answer
from app.statistics.statistics_parameters import CSV, JSON

router = APIRouter(route_class=DirectRoute, tags=["statistics"])

_CACHE: Final = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}
_SUBJECT: Final = LocalizedText("afhandeling", "handling")
_FORMATS: Final = {"json": JSON, "csv": CSV}
_COLUMNS: Final = ("month", "received", "answered", "inTime", "waiting", "overdue", "medianDays")
_NO_MUNICIPALITY: Final = LocalizedText(
    "Geef een gemeente, met haar naam of code.", "Give a municipality, by its name or code."
)
_NUMBER: Final[dict[str, Any]] = {"type": "integer"}
_COUNTS: Final[dict[str, Any]] = {
    "received": {
        **_NUMBER,
        "description": "Submissions, without those that their owner replaced or withdrew.",
    },
    "answered": {**_NUMBER, "description": "Published, sent back for changes, or rejected."},
    "inTime": {**_NUMBER, "description": "Answered within the term of the municipality."},
    "waiting": {**_NUMBER, "description": "Without an answer yet."},
    "overdue": {**_NUMBER, "description": "Without an answer, and past the term."},
    "medianDays": {
        "type": "number",
        "nullable": True,
        "description": f"Median of the days until the answer; null for fewer than {MIN_SUBMISSIONS} answers.",
    },
}
HANDLING_SCHEMA: Final[dict[str, Any]] = {
    "title": "Handling",
    "type": "object",
    "required": ["municipality", "countedOn", "minimum", "total", "months", "links"],
    "properties": {
        "municipality": {
            "type": "object",
            "required": ["code", "name"],
            "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
        },
        "countedOn": {
            "type": "string",
            "format": "date",
            "nullable": True,
            "description": "The day of the counts; null before there are any.",
        },
        "minimum": {**_NUMBER, "description": "A month with fewer submissions is withheld."},
        "total": {
            "type": "object",
            "nullable": True,
            "description": "Of the months that are not withheld; null without any.",
            "properties": _COUNTS,
        },
        "months": {
            "type": "array",
            "description": "Months in which something was submitted, the newest first.",
            "items": {
                "type": "object",
                "required": ["month", "isWithheld"],
                "properties": {
                    "month": {"type": "string", "example": "2026-11"},
                    "isWithheld": {"type": "boolean"},
                    **_COUNTS,
                },
            },
        },
        "links": {"type": "array", "items": {"type": "object"}},
    },
}
_PARAMETERS: Final = [
    {
        "name": "municipality",
        "in": "query",
        "required": True,
        "description": "The name or code of a municipality.",
        "schema": {"type": "string"},
        "example": "Amsterdam",
    },
    {
        "name": "f",
        "in": "query",
        "description": "The format; without it `Accept` decides.",
        "schema": {"type": "string", "enum": list(_FORMATS)},
    },
]


@router.get(
    f"{SERVICE_ROOT}/statistics/handling",
    openapi_extra={"parameters": _PARAMETERS},
    responses=describe_answer("The counts.", HANDLING_SCHEMA, CSV),
)
async def get_handling(request: Request) -> Response:
    """How a municipality handles submissions: received, answered, in time, and the median of the days, by month.

    They are counted once a day, those that are not public too. A month with few of them is withheld.

    - Of Amsterdam: `?municipality=Amsterdam`
    """
    state = get_app_state(request)
    reference_data = await get_reference_data(state)
    parser = ParameterParser.of_query(request.scope["query_string"], ("municipality", "f"))
    f = parser.given.get("f")
    media_type = JSON
    try:
        media_type = choose_media_type(_FORMATS, f=f, accept=request.headers.get("accept"))
    except InvalidRequest as unknown:
        parser.problems += unknown.problems
    asked = parser.given.get("municipality", "").strip()
    if not asked:
        parser.refuse("municipality", ProblemCode.REQUIRED, _NO_MUNICIPALITY)
    parser.require_no_problems()
    found = reference_data.directory.get_municipality(asked)
    handling = await read_handling(state.read_pool, found.code)
    document = _make_document(handling, found.code, found.name, find_root(request))
    etag = make_etag(document, media_type, f)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, _CACHE)
    headers = {**_CACHE, "ETag": etag}
    if media_type == JSON:
        return JSONResponse(document, headers=headers)
    name = name_file(_SUBJECT, [found.name], handling.counted_on or dutch_date(), "nl")
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(write_lines(_COLUMNS, _list_rows(handling), header=True), headers=headers, media_type=CSV)


def _make_document(handling: Handling, code: str, name: str, root: str) -> dict[str, Any]:
    here = f"{root}/statistics/handling?municipality={code}"
    return {
        "municipality": {"code": code, "name": name},
        "countedOn": handling.counted_on.isoformat() if handling.counted_on else None,
        "minimum": MIN_SUBMISSIONS,
        "total": _write_counts(handling.total) if handling.total else None,
        "months": [
            {
                "month": f"{one.month:%Y-%m}",
                "isWithheld": one.counts is None,
                **(_write_counts(one.counts) if one.counts else {}),
            }
            for one in handling.months
        ],
        "links": [
            {"rel": "self", "href": here, "type": JSON},
            {"rel": "alternate", "href": f"{here}&f=csv", "type": CSV},
        ],
    }


def _write_counts(counts: HandledCounts) -> dict[str, Any]:
    return {
        "received": counts.received,
        "answered": counts.answered,
        "inTime": counts.in_time,
        "waiting": counts.waiting,
        "overdue": counts.overdue,
        "medianDays": counts.median_days,
    }


def _list_rows(handling: Handling) -> list[list[str | None]]:
    rows = []
    for one in handling.months:
        written = _write_counts(one.counts) if one.counts else {}
        values = [written.get(name) for name in _COLUMNS[1:]]
        rows.append([f"{one.month:%Y-%m}", *(None if value is None else f"{value:g}" for value in values)])
    return rows
