"""Routes below `/v1/municipalities/…`: what a municipality asks, for everyone, and whom it trusts, for its people."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.dependencies import Caller
from app.access.permissions import require_municipal_role
from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import WriteSession
from app.core.expected_version import version_etag
from app.core.http.conditional import IfMatch, answer_unchanged, is_unchanged
from app.core.http.json_body import JSON, Json
from app.core.http.negotiation import choose_media_type
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.query_string import require_no_parameters
from app.duties.actions import end_trust, set_duty, take_back_duty, trust_organisation
from app.duties.queries import Duties, list_trusted, load_duties, read_duties
from app.duties.schemas import (
    DutiesDocument,
    DutyRequest,
    TrustDocument,
    TrustedDocument,
    TrustRequest,
    describe_duty,
    describe_trust,
)
from app.municipalities.queries import load_directory, read_directory

MUNICIPALITIES_PATH: Final = "/v1/municipalities"
# `If-Match` needs the strong tag, which a compressed answer has not.
_PUBLIC: Final = {"Cache-Control": "public, max-age=60, no-transform"}
_NO_STORE: Final = {"Cache-Control": "no-store"}
_DUTY_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": DutyRequest.model_json_schema(by_alias=True)}},
    }
}
_TRUST_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": TrustRequest.model_json_schema(by_alias=True)}},
    }
}

router = APIRouter(prefix=MUNICIPALITIES_PATH, tags=["municipalities"])


@router.get("/{code}/duty", responses={200: {"model": DutiesDocument}})
async def get_duty(request: Request, code: str) -> Response:
    """The rule of a municipality for owners of sensors today, and every rule with its first day."""
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))
    require_no_parameters(request.scope["query_string"])
    state = get_app_state(request)
    directory = await read_directory(state.read_pool)
    municipality = directory.get_municipality(code, where="path", location="code")
    duties = await read_duties(state.read_pool, municipality.code)
    today = dutch_date()
    etag = version_etag(duties.version_on(today))
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, _PUBLIC)
    document = _describe(duties, today, state.settings.notification_term_days)
    return _send(document, headers={**_PUBLIC, "ETag": etag})


@router.put(
    "/{code}/duty",
    dependencies=NO_PARAMETERS,
    responses={200: {"model": DutiesDocument}},
    openapi_extra=_DUTY_BODY,
)
def put_duty(
    request: Request, session: WriteSession, caller: Caller, code: str, given: Json, expected: IfMatch
) -> Response:
    """Set what the municipality asks from a day on. Administrators of the municipality may; earlier rules stay."""
    named = _find_code(session, code)
    today = dutch_date()
    set_duty(session, caller, named, given.value, today=today, expected=expected)
    duties = load_duties(session, named)
    document = _describe(duties, today, get_app_state(request).settings.notification_term_days)
    return _send(document, headers={**_NO_STORE, "ETag": version_etag(duties.version_on(today))})


@router.delete(
    "/{code}/duty/{valid_from}",
    status_code=204,
    dependencies=NO_PARAMETERS,
    responses={204: {"description": "Taken back."}},
)
def delete_duty(session: WriteSession, caller: Caller, code: str, valid_from: date) -> Response:
    """Take back a rule that has not begun yet."""
    take_back_duty(session, caller, _find_code(session, code), valid_from, today=dutch_date())
    return Response(None, 204, _NO_STORE)


@router.get(
    "/{code}/trusted-organisations", dependencies=NO_PARAMETERS, responses={200: {"model": TrustedDocument}}
)
def list_trusted_organisations(session: WriteSession, caller: Caller, code: str) -> Response:
    """The organisations whose registrations are published here without a review. For people of the municipality."""
    named = _find_code(session, code)
    require_municipal_role(caller, named)
    trusted = [describe_trust(one) for one in list_trusted(session, named)]
    return _send(TrustedDocument(trusted_organisations=trusted), headers=_NO_STORE)


@router.post(
    "/{code}/trusted-organisations",
    status_code=201,
    dependencies=NO_PARAMETERS,
    responses={201: {"model": TrustDocument}},
    openapi_extra=_TRUST_BODY,
)
def add_trusted_organisation(session: WriteSession, caller: Caller, code: str, given: Json) -> Response:
    """Trust an organisation: what it registers here is published at once from now on."""
    named = _find_code(session, code)
    organisation_id = validate_body(TrustRequest, given.value).organisation
    trust_organisation(session, caller, named, organisation_id, now=datetime.now(UTC))
    (added,) = [
        one
        for one in list_trusted(session, named)
        if one.organisation_id == organisation_id and one.ended_at is None
    ]
    return _send(describe_trust(added), 201, headers=_NO_STORE)


@router.delete(
    "/{code}/trusted-organisations/{organisation_id}",
    status_code=204,
    dependencies=NO_PARAMETERS,
    responses={204: {"description": "Not trusted any more."}},
)
def end_trusted_organisation(
    session: WriteSession, caller: Caller, code: str, organisation_id: UUID
) -> Response:
    """End the trust in an organisation: its next registrations are reviewed. What is published stays."""
    end_trust(session, caller, _find_code(session, code), organisation_id, now=datetime.now(UTC))
    return Response(None, 204, _NO_STORE)


def _find_code(session: Session, code: str) -> str:
    return load_directory(session).get_municipality(code, where="path", location="code").code


def _describe(duties: Duties, today: date, default_days: int) -> DutiesDocument:
    return DutiesDocument(
        in_force=describe_duty(duties.find(today, default_days)),
        history=[describe_duty(one) for one in duties.profiles],
    )


def _send(document: BaseModel, status: int = 200, *, headers: dict[str, str]) -> Response:
    body = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, status, headers, JSON)
