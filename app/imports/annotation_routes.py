"""Download of an imported Excel or CSV file with remarks."""

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
from app.core.errors import Conflict, NotFound
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.streaming import StreamedAnswer
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.files.annotations import ANNOTATED_FORMATS
from app.files.isolation import annotate_isolated_file
from app.files.located_problem import LocatedProblem, Origin
from app.imports.mapping_storage import read_mapping
from app.imports.problem_routes import name_download
from app.imports.queries import find_import, list_all_problems
from app.imports.routes import IMPORTS_PATH
from app.imports.tables import SensorImport, SensorImportProblem
from app.imports.uploads import write_pieces
from app.records.layouts import make_heading_test
from app.sensors.fields import FIELD_LABELS
from app.sensors.registration.routes import AnswerLanguage

router = APIRouter(prefix=IMPORTS_PATH, tags=["bulk"])

_NO_STORE: Final = {"Cache-Control": "no-store"}
_PIECE_BYTES: Final = 1 << 18

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""Media types of `ANNOTATED_FORMATS`."""

_FILE: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}

_REMARKS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.partition(";")[0]: _FILE for kind in MEDIA_TYPES.values()},
    },
    409: {"description": "The import has not been checked yet."},
}


@router.get("/{import_id}/remarks", dependencies=NO_PARAMETERS, responses=_REMARKS)
async def get_import_with_remarks(
    request: Request, caller: DetachedCaller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """The same Excel or CSV file with remarks beside the rows and, in Excel, coloured cells.

    Files of other formats have the list of problems with row numbers only.
    """
    return await answer_remarks(request, caller, import_id, language)


async def answer_remarks(
    request: Request, caller: Principal, import_id: UUID, language: Language
) -> StreamedAnswer:
    """The file with remarks as a download. Raises: NotFound; Conflict where it was not checked."""
    # Writing takes seconds for a large file: no database connection is held meanwhile.
    async with get_app_state(request).annotation_limiter.acquire():
        sensor_import, content = await run_in_threadpool(_write_remarks, request, caller, import_id, language)

    async def read() -> AsyncIterator[bytes]:
        while piece := await run_in_threadpool(content.read, _PIECE_BYTES):
            yield piece

    async def close() -> None:
        content.close()

    return StreamedAnswer(
        read(),
        media_type=MEDIA_TYPES[sensor_import.format or "csv"],
        headers=_NO_STORE | name_download(sensor_import, language, sensor_import.format or "csv"),
        close=close,
        stalled_after_seconds=get_app_state(request).settings.stream_timeout_seconds,
        size_bytes=os.fstat(content.fileno()).st_size,
    )


def _write_remarks(
    request: Request, caller: Principal, import_id: UUID, language: Language
) -> tuple[SensorImport, BinaryIO]:
    """Write the file with remarks; return it, open, with its import. The transaction ends before the writing."""
    with tempfile.TemporaryDirectory(prefix="sensor-register-remarks-") as folder:
        source, destination = Path(folder, "source"), Path(folder, "remarks")
        with transaction(get_app_state(request).write_engine) as session:
            sensor_import = find_import(session, caller, import_id)
            if sensor_import.report is None:
                raise Conflict(
                    LocalizedText(
                        "Deze import is nog niet gecontroleerd, of niet te lezen.",
                        "This import has not been checked yet, or cannot be read.",
                    )
                )
            if sensor_import.format not in ANNOTATED_FORMATS:
                problems_path = f"{IMPORTS_PATH}/{import_id}/problems"
                raise NotFound(
                    LocalizedText(
                        "Opmerkingen kunnen alleen in een Excel- of CSV-bestand. De lijst van problemen met "
                        f"rijnummers staat op {problems_path}, ook als CSV: {problems_path}?f=csv.",
                        "Remarks can only be added to an Excel or CSV file. The list of problems with row numbers "
                        f"is at {problems_path}, also as CSV: {problems_path}?f=csv.",
                    )
                )
            problems = [_locate(problem) for problem in list_all_problems(session, import_id)]
            mapping = read_mapping(sensor_import.mapping, sensor_import.mapping_name)
            write_pieces(session, import_id, source)
        annotate_isolated_file(
            source,
            destination,
            problems,
            language,
            FIELD_LABELS,
            is_heading=make_heading_test([mapping] if mapping else []),
        )
        # The folder is removed here; the open file stays readable until it is closed.
        return sensor_import, destination.open("rb")


def _locate(stored: SensorImportProblem) -> LocatedProblem:
    problem = Problem(
        ProblemCode(stored.code),
        f"/{stored.field}" if stored.field else "",
        LocalizedText(stored.detail_nl, stored.detail_en),
        ABSENT if stored.value is None else stored.value,
        ABSENT if stored.suggestion is None else stored.suggestion,
    )
    return LocatedProblem(
        Origin(stored.table_name, stored.row_number),
        stored.heading,
        problem,
        stored.is_warning,
        stored.column_letter,
        stored.reference,
    )
