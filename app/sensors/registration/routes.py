"""Routes for registering: how owners and municipalities change and read their sensors.

All use the write connection and `no-store`; the public reads the collections.
"""

import json
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.context import ActionContext
from app.access.dependencies import Caller, IdempotencyKey
from app.access.idempotency import StoredAnswer, digest_request, find_stored_answer, store_answer
from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import WriteSession
from app.core.errors import InvalidRequest, NotFound
from app.core.expected_version import version_etag
from app.core.http.conditional import IfMatch
from app.core.http.json_body import JSON, MERGE_PATCH, Json
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.i18n import Language, preferred_language
from app.core.observability import current_request_id
from app.sensors.receipts.queries import find_receipt_of_version
from app.sensors.receipts.schemas import write_short_receipt
from app.sensors.registration import actions
from app.sensors.registration.list_parameters import (
    MAX_REGISTRATIONS,
    parse_answer_crs,
    parse_list_parameters,
)
from app.sensors.registration.permissions import require_visible
from app.sensors.registration.queries import (
    SENSOR_UNKNOWN,
    get_version,
    list_registrations,
    list_versions,
)
from app.sensors.registration.schemas import (
    AMENDMENT_SCHEMA,
    CHANGED_SCHEMA,
    LISTED_SCHEMA,
    RECEIVED_SCHEMA,
    REGISTERED_SCHEMA,
    REGISTRATION_EXAMPLE,
    REGISTRATION_SCHEMA,
    VERSIONS_SCHEMA,
    write_moment,
    write_registration,
)
from app.sensors.registration.version_record import SensorVersion
from app.spatial.crs import Crs
from app.spatial.crs_names import read_crs

SENSORS_PATH: Final = "/v1/sensors"

router = APIRouter(prefix=SENSORS_PATH, tags=["registering"])


def read_action_context(request: Request, caller: Caller) -> ActionContext:
    """The principal, the request and the date of an action."""
    return ActionContext(
        principal=caller,
        today=dutch_date(),
        request_id=current_request_id.get(),
        notification_term_days=get_app_state(request).settings.notification_term_days,
    )


def read_content_crs(
    content_crs: Annotated[
        str | None,
        Header(description="The reference system of the geometries in the body; CRS84 by default."),
    ] = None,
) -> Crs:
    """The system of the body's geometries. Raises: InvalidRequest."""
    if content_crs is None:
        return Crs.CRS84
    crs, problems = read_crs(content_crs.strip().strip("<>"), "Content-Crs", "header")
    if problems:
        raise InvalidRequest(problems=problems)
    return crs


def read_language(accept_language: Annotated[str | None, Header()] = None) -> Language:
    return preferred_language(accept_language)


Context = Annotated[ActionContext, Depends(read_action_context)]
ContentCrs = Annotated[Crs, Depends(read_content_crs)]
AnswerLanguage = Annotated[Language, Depends(read_language)]


def _body(schema: dict[str, Any], *media_types: str, required: bool = True, **more: Any) -> dict[str, Any]:
    content = {media_type: {"schema": schema, **more} for media_type in media_types or (JSON,)}
    return {"requestBody": {"required": required, "content": content}}


def _answer_with(schema: dict[str, Any], sentence: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    headers = {
        "Content-Crs": {
            "description": "The coordinate reference system of the answer, between angle brackets.",
            "schema": {"type": "string"},
        }
    }
    return {status: {"description": sentence, "headers": headers, "content": {JSON: {"schema": schema}}}}


def _by(name: str, sentence: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": sentence, "schema": {"type": "string", **schema}}


_ANSWER_CRS: Final = _by("crs", "The reference system of the geometries in the answer; CRS84 by default.")
_LISTING: Final = {
    "parameters": [
        _by("reference", "The one with this reference of your own."),
        _by("owner", "Those of one organisation, by its id.", format="uuid"),
        _by("before", "Where the page begins, from a link `next`.", format="uuid"),
        _by("limit", "How many at most.", type="integer", minimum=1, maximum=MAX_REGISTRATIONS, default=100),
        _ANSWER_CRS,
    ]
}
_MOMENTS: Final = {
    "publishedAt": "published_at",
    "supersededAt": "superseded_at",
    "redactedAt": "redacted_at",
}
_REMOVAL_SCHEMA = {"type": "object", "properties": {"removedOn": {"type": "string", "format": "date"}}}
REGISTERED: Final = _answer_with(REGISTERED_SCHEMA, "The registration.")
CHANGED: Final = _answer_with(CHANGED_SCHEMA, "The registration, with the receipt of this version.")


@router.get(
    "",
    responses=_answer_with(LISTED_SCHEMA, "The registrations you may change."),
    openapi_extra=_LISTING,
)
def list_own_registrations(
    request: Request, session: WriteSession, context: Context, language: AnswerLanguage
) -> Response:
    """The registrations of your organisations, drafts and internal ones too, newest first; by `reference` one."""
    asked, crs, parser = parse_list_parameters(request.scope["query_string"])
    versions, before = list_registrations(session, context.principal, asked)
    following = urlencode({**parser.given, "before": before})
    links = [{"rel": "next", "href": _address(request, f"?{following}")}] if before else []
    written = [write_registration(version, language, context.today, crs) for version in versions]
    body = json.dumps({"sensors": written, "links": links}, ensure_ascii=False)
    return _send(StoredAnswer(200, body, _name_crs(crs)))


@router.post(
    "",
    name="register_sensor",
    status_code=201,
    dependencies=NO_PARAMETERS,
    responses=_answer_with(RECEIVED_SCHEMA, "Registered: published, or submitted for review.", 201),
    openapi_extra=_body(REGISTRATION_SCHEMA, example=REGISTRATION_EXAMPLE),
)
def post_sensor(
    request: Request,
    session: WriteSession,
    context: Context,
    idempotency_key: IdempotencyKey,
    given: Json,
    crs: ContentCrs,
    language: AnswerLanguage,
) -> Response:
    """Register a sensor. All problems are reported at once, and nothing is stored until there are none."""
    digest = digest_request("POST", f"{SENSORS_PATH} {crs.uri}", given.raw)
    if idempotency_key and (
        answer := find_stored_answer(session, context.principal.id, idempotency_key, digest)
    ):
        return _send(answer)
    version = actions.register_sensor(session, context, given.value, crs)
    receipt = {
        "publicCode": version.public_code,
        "receivedAt": write_moment(version.registered_at),
        "notifiedLate": version.notified_late,
        **find_receipt_member(request, session, version).get("receipt", {}),
    }
    body = json.dumps(
        {**write_registration(version, language, context.today, crs), "receipt": receipt}, ensure_ascii=False
    )
    headers = _headers(version, crs) | {"Location": _address(request, f"/{version.sensor_id}")}
    answer = StoredAnswer(201, body, headers)
    if idempotency_key:
        store_answer(session, context.principal.id, idempotency_key, digest, answer)
    return _send(answer)


@router.get("/{sensor_id}", responses=REGISTERED, openapi_extra={"parameters": [_ANSWER_CRS]})
def read_registration(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    language: AnswerLanguage,
) -> Response:
    """A registration as its owner and its municipality see it: the open version, else the published one."""
    crs = parse_answer_crs(request.scope["query_string"])
    version = get_version(session, sensor_id)
    require_visible(context.principal, version)
    return answer_registration(version, language, context.today, crs)


@router.patch(
    "/{sensor_id}",
    name="amend_sensor",
    dependencies=NO_PARAMETERS,
    responses=CHANGED,
    openapi_extra=_body(AMENDMENT_SCHEMA, JSON, MERGE_PATCH),
)
def patch_sensor(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    patch: Json,
    crs: ContentCrs,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Change some fields, by merge patch: null empties a field."""
    version = actions.amend_sensor(session, context, sensor_id, patch.value, expected=expected, crs=crs)
    return answer_registration(
        version, language, context.today, crs, **find_receipt_member(request, session, version)
    )


@router.post(
    "/{sensor_id}/removal",
    name="report_removal",
    dependencies=NO_PARAMETERS,
    responses=CHANGED,
    openapi_extra=_body(_REMOVAL_SCHEMA, required=False),
)
def post_removal(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    given: Json,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Report that the sensor was removed, on `removedOn` or else today."""
    version = actions.remove_sensor(session, context, sensor_id, given.value, expected=expected)
    return answer_registration(
        version, language, context.today, **find_receipt_member(request, session, version)
    )


@router.post(
    "/{sensor_id}/confirmation", name="confirm_sensor", dependencies=NO_PARAMETERS, responses=REGISTERED
)
def post_confirmation(
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Confirm that the sensor is still there; the next confirmation is due in a year."""
    return answer_registration(
        actions.confirm_sensor(session, context, sensor_id, expected=expected), language, context.today
    )


@router.get(
    "/{sensor_id}/versions",
    responses=_answer_with(VERSIONS_SCHEMA, "Every version, newest first."),
    openapi_extra={"parameters": [_ANSWER_CRS]},
)
def read_registration_versions(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    language: AnswerLanguage,
) -> Response:
    """Every version of a registration, newest first, for its owner and its municipality.

    What the public saw at a moment is in the collection, by `asOf`.
    """
    crs = parse_answer_crs(request.scope["query_string"])
    versions = list_versions(session, sensor_id)
    if not versions:
        raise NotFound(SENSOR_UNKNOWN)
    require_visible(context.principal, versions[0])
    written = [
        write_registration(version, language, context.today, crs)
        | {
            name: write_moment(getattr(version, column))
            for name, column in _MOMENTS.items()
            if getattr(version, column)
        }
        for version in versions
    ]
    body = json.dumps({"versions": written}, ensure_ascii=False)
    return _send(StoredAnswer(200, body, _name_crs(crs)))


def find_receipt_member(request: Request, session: Session, version: SensorVersion) -> dict[str, Any]:
    """The member `receipt` of an answer, where the version has one."""
    found = find_receipt_of_version(session, version.id)
    return {"receipt": write_short_receipt(found, get_app_state(request).public_url)} if found else {}


def answer_registration(
    version: SensorVersion, language: Language, today: date, crs: Crs = Crs.CRS84, **more: Any
) -> Response:
    """The version as the API shows it, with `more` members, its entity tag and the system of its geometries."""
    body = json.dumps({**write_registration(version, language, today, crs), **more}, ensure_ascii=False)
    headers = _headers(version, crs) | {"Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type=JSON)


def _headers(version: SensorVersion, crs: Crs) -> dict[str, str]:
    return {"ETag": version_etag(version.number), **_name_crs(crs)}


def _name_crs(crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>"}


def _address(request: Request, rest: str) -> str:
    return f"{get_app_state(request).public_url}{SENSORS_PATH}{rest}"


def _send(answer: StoredAnswer) -> Response:
    headers = {**answer.headers, "Cache-Control": "no-store"}
    return Response(answer.body, answer.status, headers, media_type="application/json")
