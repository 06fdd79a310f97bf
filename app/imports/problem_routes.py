"""Problems of an import, and its progress as events."""

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.dependencies import Caller
from app.core.app_state import get_app_state
from app.core.database import WriteSession, transaction
from app.core.http.negotiation import parse_media_type
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.streaming import StreamedAnswer
from app.core.i18n import Language, LocalizedText
from app.core.parameter_parser import ParameterParser
from app.imports.events import MEDIA_TYPE, follow_import
from app.imports.page_parameters import MAX_IMPORTS, parse_problem_page
from app.imports.queries import find_import, list_all_problems, list_problems
from app.imports.routes import IMPORTS_PATH, imports_url
from app.imports.schemas import PROBLEMS_SCHEMA, write_import, write_problem, write_problem_table
from app.imports.tables import SensorImport
from app.sensors.registration.routes import AnswerLanguage

router = APIRouter(prefix=IMPORTS_PATH, tags=["bulk"])

_NO_STORE: Final = {"Cache-Control": "no-store"}

_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}

_PAGING: Final = {
    "parameters": [
        {
            "name": "after",
            "in": "query",
            "description": "Where the page begins, from a link `next`.",
            "schema": {"type": "integer", "minimum": 0},
        },
        {
            "name": "limit",
            "in": "query",
            "description": "Maximum number of problems.",
            "schema": {"type": "integer", "minimum": 1, "maximum": MAX_IMPORTS, "default": 100},
        },
        {
            "name": "f",
            "in": "query",
            "description": "json, or csv with all of them in one file.",
            "schema": {"type": "string", "enum": ["json", "csv"]},
        },
    ]
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Problems and warnings in the order of the file.",
        "content": {"application/json": {"schema": PROBLEMS_SCHEMA}, "text/csv": _TEXT},
    }
}
_EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Events, until the import has ended.", "content": {MEDIA_TYPE: _TEXT}}
}


@router.get("/{import_id}/problems", responses=_PROBLEMS, openapi_extra=_PAGING)
def read_import_problems(
    request: Request, session: WriteSession, caller: Caller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """The first 10,000 problems and warnings, each with its sheet, row, column and value, and what to do."""
    parser = ParameterParser.of_query(request.scope["query_string"], ("after", "limit", "f"))
    page = parse_problem_page(parser)
    offered = {"json": "application/json", "csv": "text/csv"}
    media_type = parse_media_type(parser, offered, request.headers.get("accept"))
    parser.require_no_problems()
    sensor_import = find_import(session, caller, import_id)
    problems, after = list_problems(session, import_id, page)
    if media_type == "text/csv":
        table = write_problem_table(list_all_problems(session, import_id), language)
        headers = _NO_STORE | name_download(sensor_import, language, "csv")
        return Response(table, headers=headers, media_type="text/csv; charset=utf-8")
    limit = f"&limit={page.limit}" if "limit" in parser.given else ""
    href = f"{imports_url(request)}/{import_id}/problems?after={after}{limit}"
    document = {
        "problems": [write_problem(problem, language) for problem in problems],
        "links": [{"rel": "next", "href": href}] if after else [],
    }
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, headers=_NO_STORE, media_type="application/json")


@router.get("/{import_id}/events", dependencies=NO_PARAMETERS, responses=_EVENTS)
def follow_running_import(
    request: Request, session: WriteSession, caller: Caller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """The progress of an import as server-sent events: `progress` at each change, and `done` at its end.

    The data of each event is the import, as at its own address.
    """
    find_import(session, caller, import_id)
    engine, address = get_app_state(request).write_engine, imports_url(request)

    def read_document() -> dict[str, Any]:
        with transaction(engine) as short_session:
            return write_import(find_import(short_session, caller, import_id), language, address)

    async def close() -> None:
        pass

    return StreamedAnswer(
        follow_import(read_document),
        media_type=MEDIA_TYPE,
        # Proxies must not buffer the events.
        headers=_NO_STORE | {"X-Accel-Buffering": "no"},
        close=close,
        stalled_after_seconds=get_app_state(request).settings.stream_timeout_seconds,
    )


def name_download(sensor_import: SensorImport, language: Language, suffix: str) -> dict[str, str]:
    remarks = LocalizedText("opmerkingen", "remarks").render(language)
    name = f"{Path(sensor_import.file_name).stem}-{remarks}.{suffix}"
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
