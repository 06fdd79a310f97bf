"""Imports over HTTP: a file is uploaded, and its import is read, applied, cancelled and undone.

A job checks and writes the file: every request except the upload is short.
"""

import json
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.access.dependencies import Caller, DetachedCaller, IdempotencyKey
from app.access.idempotency import StoredAnswer, digest_request, find_stored_answer, store_answer
from app.access.permissions import require_administrator
from app.access.principal import Principal
from app.access.schemas import describe_body
from app.core.app_state import get_app_state
from app.core.database import WriteSession, transaction
from app.core.errors import UnsupportedMediaType
from app.core.http.json_body import Json
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.i18n import Language, LocalizedText
from app.core.observability import current_request_id
from app.imports.actions import (
    Submission,
    apply_import,
    cancel_import,
    choose_options,
    require_room,
    submit_import,
    undo_import,
)
from app.imports.page_parameters import MAX_IMPORTS, parse_import_page
from app.imports.parameters import PARAMETERS, ImportParameters, parse_import_parameters
from app.imports.queries import find_import, list_imports
from app.imports.schemas import IMPORT_SCHEMA, IMPORTS_SCHEMA, write_import
from app.imports.tables import SensorImport
from app.imports.uploads import Upload, spool_upload
from app.sensors.registration.redaction import redact_undone_import
from app.sensors.registration.redaction_routes import ANSWERS as REDACTED
from app.sensors.registration.redaction_routes import Redaction, answer_redacted
from app.sensors.registration.routes import AnswerLanguage, Context

IMPORTS_PATH: Final = "/v1/imports"

router = APIRouter(prefix=IMPORTS_PATH, tags=["bulk"])

_FILE_TYPES: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv",
    "application/geo+json",
    "application/geopackage+sqlite3",
    "application/vnd.apache.parquet",
    "application/octet-stream",
)


def _answer_with(schema: dict[str, Any], sentence: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": sentence, "content": {"application/json": {"schema": schema}}}}


_ACCEPTED: Final = _answer_with(
    IMPORT_SCHEMA, "The import; a job does the work, and the import holds its progress.", 202
)
_TOO_MANY_WAITING: Final[dict[int | str, dict[str, Any]]] = {429: {}}
_SUBMITTED: Final[dict[int | str, dict[str, Any]]] = {
    202: _ACCEPTED[202]
    | {"headers": {"Location": {"description": "The import.", "schema": {"type": "string", "format": "uri"}}}}
}
_LISTING: Final = {
    "parameters": [
        {
            "name": "before",
            "in": "query",
            "description": "Where the page begins, from a link `next`.",
            "schema": {"type": "string", "format": "uuid"},
        },
        {
            "name": "limit",
            "in": "query",
            "description": "Maximum number of imports.",
            "schema": {"type": "integer", "minimum": 1, "maximum": MAX_IMPORTS, "default": 100},
        },
    ]
}
_UPLOADING: Final = {
    "parameters": PARAMETERS,
    "requestBody": {
        "required": True,
        "description": "The file itself. Its format is detected from its content, not from its type or name.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _FILE_TYPES},
    },
}


@router.post("", status_code=202, responses=_SUBMITTED | _TOO_MANY_WAITING, openapi_extra=_UPLOADING)
async def submit_file(
    request: Request,
    caller: DetachedCaller,
    idempotency_key: IdempotencyKey,
    language: AnswerLanguage,
    content_disposition: Annotated[
        str | None, Header(description='The name of the file: `attachment; filename="sensoren.csv"`.')
    ] = None,
) -> Response:
    """Send a file of sensors: Excel, CSV, GeoJSON, GeoPackage or GeoParquet. It is checked, and applied on request.

    The answer comes once the file is received; the import it names holds the outcome.
    """
    parameters = parse_import_parameters(request.scope["query_string"], content_disposition, language)
    _refuse_form(request)
    # Permission is checked before the file is received; no connection is held while it is.
    await run_in_threadpool(_choose_options, request, caller, parameters)
    async with spool_upload(request.stream(), parameters.file_name) as upload:
        return await run_in_threadpool(_submit, request, caller, idempotency_key, parameters, upload)


def _refuse_form(request: Request) -> None:
    """Raises: UnsupportedMediaType."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise UnsupportedMediaType(
            LocalizedText(
                "Stuur het bestand zelf als inhoud, niet als formulier: `curl --data-binary @bestand.xlsx`.",
                "Send the file itself as the body, not as a form: `curl --data-binary @file.xlsx`.",
            )
        )


def _choose_options(request: Request, caller: Principal, parameters: ImportParameters) -> None:
    with transaction(get_app_state(request).write_engine) as session:
        options = choose_options(session, caller, parameters.options)
        require_room(session, caller, options.owner)


def _submit(
    request: Request,
    caller: Principal,
    idempotency_key: str | None,
    parameters: ImportParameters,
    upload: Upload,
) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    digest = digest_request("POST", f"{IMPORTS_PATH}?{query}", upload.sha256.encode())
    with transaction(get_app_state(request).write_engine) as session:
        if idempotency_key and (answer := find_stored_answer(session, caller.id, idempotency_key, digest)):
            return _send(answer)
        submission = Submission(
            upload,
            choose_options(session, caller, parameters.options),
            request_id=current_request_id.get(),
            apply_at_once=parameters.apply,
        )
        sensor_import = submit_import(session, caller, submission)
        location = f"{imports_url(request)}/{sensor_import.id}"
        body = _write(request, sensor_import, parameters.options.language)
        answer = StoredAnswer(202, body, {"Location": location})
        if idempotency_key:
            store_answer(session, caller.id, idempotency_key, digest, answer)
        return _send(answer)


@router.get("", responses=_answer_with(IMPORTS_SCHEMA, "Your imports."), openapi_extra=_LISTING)
def list_own_imports(
    request: Request, session: WriteSession, caller: Caller, language: AnswerLanguage
) -> Response:
    """Your imports, newest first."""
    page, parser = parse_import_page(request.scope["query_string"])
    imports, before = list_imports(session, caller, page)
    url = imports_url(request)
    limit = f"&limit={page.limit}" if "limit" in parser.given else ""
    links = [{"rel": "next", "href": f"{url}?before={before}{limit}"}] if before else []
    written = [write_import(sensor_import, language, url) for sensor_import in imports]
    return _send(StoredAnswer(200, json.dumps({"imports": written, "links": links}, ensure_ascii=False)))


@router.get("/{import_id}", dependencies=NO_PARAMETERS, responses=_answer_with(IMPORT_SCHEMA, "The import."))
def read_import(
    request: Request, session: WriteSession, caller: Caller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """An import: its progress, what was found, and what can be done with it."""
    return _send(StoredAnswer(200, _write(request, find_import(session, caller, import_id), language)))


@router.post(
    "/{import_id}/application",
    status_code=202,
    dependencies=NO_PARAMETERS,
    responses=_ACCEPTED | _TOO_MANY_WAITING,
)
def apply_checked_import(
    request: Request, session: WriteSession, caller: Caller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """Apply an import that was checked. It is checked again, since the register may have changed."""
    sensor_import = apply_import(session, caller, import_id)
    return _send(StoredAnswer(202, _write(request, sensor_import, language)))


@router.post("/{import_id}/cancellation", status_code=202, dependencies=NO_PARAMETERS, responses=_ACCEPTED)
def cancel_running_import(
    request: Request, session: WriteSession, caller: Caller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """Stop an import that is waiting or running; nothing of it is written."""
    sensor_import = cancel_import(session, caller, import_id)
    return _send(StoredAnswer(202, _write(request, sensor_import, language)))


@router.post("/{import_id}/reversal", status_code=202, dependencies=NO_PARAMETERS, responses=_ACCEPTED)
def undo_applied_import(
    request: Request, session: WriteSession, caller: Caller, import_id: UUID, language: AnswerLanguage
) -> Response:
    """Undo an import as a whole, as long as none of its sensors has changed since.

    New registrations are withdrawn; changed and ended ones get their former content.
    """
    sensor_import = undo_import(session, caller, import_id)
    return _send(StoredAnswer(202, _write(request, sensor_import, language)))


@router.post(
    "/{import_id}/redaction",
    status_code=200,
    dependencies=NO_PARAMETERS,
    responses=REDACTED,
    openapi_extra={"requestBody": describe_body(Redaction)},
)
def redact_import(session: WriteSession, context: Context, import_id: UUID, given: Json) -> Response:
    """Hide every version of an import that was undone from the public history, or erase it; for administrators."""
    require_administrator(context.principal)
    asked = validate_body(Redaction, given.value)
    redacted = redact_undone_import(session, context, import_id, reason=asked.reason, erase=asked.erase)
    return answer_redacted(redacted)


def imports_url(request: Request) -> str:
    """The public address of the imports."""
    return f"{get_app_state(request).public_url}{IMPORTS_PATH}"


def _write(request: Request, sensor_import: SensorImport, language: Language) -> str:
    return json.dumps(write_import(sensor_import, language, imports_url(request)), ensure_ascii=False)


def _send(answer: StoredAnswer) -> Response:
    headers = {**answer.headers, "Cache-Control": "no-store"}
    return Response(answer.body, answer.status, headers, media_type="application/json")
