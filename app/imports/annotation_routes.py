"""The file that was imported, handed back with remarks in it."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.access.dependencies import DetachedCaller
from app.access.principal import Principal
from app.core.app_state import get_app_state
from app.core.database import transaction
from app.core.errors import ABSENT, Conflict, Problem
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.streaming import StreamedAnswer
from app.core.i18n import Language, LocalizedText
from app.files.annotations import annotate_file
from app.files.located_problem import LocatedProblem, Origin
from app.imports.problem_routes import name_download
from app.imports.queries import find_import, list_all_problems
from app.imports.routes import IMPORTS_PATH
from app.imports.tables import SensorImport, SensorImportProblem
from app.imports.uploads import write_pieces
from app.sensors.fields import FIELD_LABELS
from app.sensors.registration.routes import AnswerLanguage

router = APIRouter(prefix=IMPORTS_PATH, tags=["bulk"])

_NOT_KEPT: Final = {"Cache-Control": "no-store"}
_PIECE_BYTES: Final = 1 << 18

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
}
"""Of the formats that are imported, and come back with remarks."""

_FILE: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}

_REMARKS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.partition(";")[0]: _FILE for kind in MEDIA_TYPES.values()},
    }
}


@router.get("/{import_id}/remarks", dependencies=NO_PARAMETERS, responses=_REMARKS)
async def get_import_with_remarks(
    request: Request, caller: DetachedCaller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """The same file handed back, with the remarks beside the rows and, in a workbook, the cells coloured."""
    # The whole file is read, written and marked; whoever waits for that holds no connection.
    async with get_app_state(request).annotation_limiter.acquire():
        kept, content = await run_in_threadpool(_write_remarks, request, caller, import_id, language)

    async def read() -> AsyncIterator[bytes]:
        while piece := await run_in_threadpool(content.read, _PIECE_BYTES):
            yield piece

    async def close() -> None:
        content.close()

    return StreamedAnswer(
        read(),
        media_type=MEDIA_TYPES[kept.format or "csv"],
        headers=_NOT_KEPT | name_download(kept, language, kept.format or "csv"),
        close=close,
        stalled_after_seconds=get_app_state(request).settings.stream_timeout_seconds,
        size_bytes=os.fstat(content.fileno()).st_size,
    )


def _write_remarks(
    request: Request, caller: Principal, import_id: UUID, language: Language
) -> tuple[SensorImport, BinaryIO]:
    """The import, and its file with remarks; no connection is held while that is written."""
    with tempfile.TemporaryDirectory(prefix="sensor-register-remarks-") as folder:
        source, destination = Path(folder, "source"), Path(folder, "remarks")
        with transaction(get_app_state(request).write_engine) as session:
            kept = find_import(session, caller, import_id)
            if kept.report is None:
                raise Conflict(
                    LocalizedText(
                        "Deze import is nog niet gecontroleerd, of niet te lezen.",
                        "This import has not been checked yet, or cannot be read.",
                    )
                )
            problems = [_locate(problem) for problem in list_all_problems(session, import_id)]
            write_pieces(session, import_id, source)
        annotate_file(source, destination, problems, language, FIELD_LABELS)
        # The file has no name any more once it is open here: it is gone when it is closed.
        return kept, destination.open("rb")


def _locate(kept: SensorImportProblem) -> LocatedProblem:
    problem = Problem(
        kept.code,
        f"/{kept.field}" if kept.field else "",
        LocalizedText(kept.detail_nl, kept.detail_en),
        ABSENT if kept.value is None else kept.value,
        ABSENT if kept.suggestion is None else kept.suggestion,
    )
    return LocatedProblem(
        Origin(kept.table_name, kept.row_number), kept.heading, problem, is_warning=kept.is_warning
    )
