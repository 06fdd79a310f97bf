"""Routes of organisations: public reading, and changes by administrators."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.dependencies import Caller, IdempotencyKey
from app.access.idempotency import StoredAnswer, digest_request, find_stored_answer, store_answer
from app.access.permissions import require_administrator
from app.access.schemas import REASON_BODY, Ending, RevokedKeys
from app.core.app_state import get_app_state
from app.core.database import WriteSession
from app.core.errors import NotFound
from app.core.expected_version import version_etag
from app.core.http.conditional import IfMatch, answer_unchanged, is_unchanged, make_etag
from app.core.http.json_body import JSON, MERGE_PATCH, Json
from app.core.http.negotiation import choose_media_type
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.i18n import LocalizedText
from app.core.query_string import require_no_parameters
from app.organisations.actions import Republish, amend_organisation, end_organisation, register_organisation
from app.organisations.list_parameters import parse_page_request
from app.organisations.queries import FACE_SQL, PAGE_SQL, get_face, get_organisation
from app.organisations.record import Organisation, OrganisationFace
from app.organisations.schemas import OrganisationsPage

ORGANISATIONS_PATH: Final = "/v1/organisations"
CACHE_CONTROL: Final = {"Cache-Control": "public, max-age=60"}
UNCOMPRESSED: Final = {"Cache-Control": "public, max-age=60, no-transform"}
NO_STORE: Final = {"Cache-Control": "no-store"}

# Parsed as plain JSON, so that wrong types are reported together with all other problems.
_SCHEMA: Final = {"schema": Organisation.model_json_schema(by_alias=True)}
_BODY: Final = {"requestBody": {"required": True, "content": {JSON: _SCHEMA}}}
_CHANGES: Final = {"requestBody": {"required": True, "content": {JSON: _SCHEMA, MERGE_PATCH: _SCHEMA}}}
_LIST_PARAMETERS: Final = {
    "parameters": [
        {
            "name": "limit",
            "in": "query",
            "description": "Maximum number of organisations.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
        },
        {
            "name": "cursor",
            "in": "query",
            "description": "The start of the page, from a link `next`.",
            "schema": {"type": "string", "format": "uuid"},
        },
        {
            "name": "q",
            "in": "query",
            "description": "A part of the name, in any case.",
            "schema": {"type": "string"},
        },
    ],
}


def create_organisations_router(republish: Republish) -> APIRouter:
    """The routes; `republish` updates the published sensors of an organisation whose name changes."""
    router = APIRouter(prefix=ORGANISATIONS_PATH, tags=["organisations"])
    router.get(
        "",
        name="list_organisations",
        responses={200: {"model": OrganisationsPage}},
        openapi_extra=_LIST_PARAMETERS,
    )(get_organisations)
    router.post(
        "",
        name="add_organisation",
        status_code=201,
        dependencies=NO_PARAMETERS,
        responses={201: {"model": OrganisationFace}},
        openapi_extra=_BODY,
    )(post_organisation)
    router.get("/{organisation_id}", responses={200: {"model": OrganisationFace}})(read_organisation)

    @router.patch(
        "/{organisation_id}",
        dependencies=NO_PARAMETERS,
        responses={200: {"model": OrganisationFace}},
        openapi_extra=_CHANGES,
    )
    def change_organisation(
        session: WriteSession,
        caller: Caller,
        organisation_id: UUID,
        changes: Json,
        expected: IfMatch,
    ) -> Response:
        """Change some fields, by merge patch: null empties a field."""
        require_administrator(caller, organisation_id)
        amend_organisation(
            session,
            organisation_id,
            changes.value,
            principal_id=caller.id,
            republish=republish,
            expected=expected,
        )
        return _send(_write_answer(session, organisation_id))

    router.post(
        "/{organisation_id}/ending",
        name="end_organisation",
        status_code=200,
        dependencies=NO_PARAMETERS,
        responses={200: {"model": RevokedKeys}},
        openapi_extra={"requestBody": REASON_BODY},
    )(post_organisation_ending)
    return router


async def get_organisations(request: Request) -> Response:
    """Organisations with name and type, in the order of their registration."""
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))
    page = parse_page_request(request.scope["query_string"])
    async with get_app_state(request).read_pool.connection() as connection:
        values = {"after": page.after, "words": page.words, "limit": page.limit + 1}
        rows = await (await connection.execute(PAGE_SQL, values, binary=True)).fetchall()
    shown = rows[: page.limit]
    links = []
    if len(rows) > page.limit:
        words = {"q": page.words} if page.words else {}
        query = urlencode({"limit": page.limit, "cursor": shown[-1][0], **words})
        links = [{"rel": "next", "href": f"{_root(request)}?{query}", "type": JSON}]
    body = b'{"organisations":[%s],"links":%s}' % (
        b",".join(document for _, document in shown),
        json.dumps(links).encode(),
    )
    return _answer_read(request, body, make_etag(body))


async def read_organisation(request: Request, organisation_id: UUID) -> Response:
    """The public face of an organisation: without name and KVK number for a private person or sole trader."""
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))
    require_no_parameters(request.scope["query_string"])
    async with get_app_state(request).read_pool.connection() as connection:
        row = await (await connection.execute(FACE_SQL, {"id": organisation_id}, binary=True)).fetchone()
    if row is None:
        raise NotFound(LocalizedText("Deze organisatie bestaat niet.", "There is no such organisation."))
    revision, body = row
    # `If-Match` needs the strong tag, which a compressed answer has not.
    return _answer_read(request, body, version_etag(revision), UNCOMPRESSED)


def post_organisation(
    request: Request,
    session: WriteSession,
    caller: Caller,
    idempotency_key: IdempotencyKey,
    given: Json,
) -> Response:
    """Register an organisation. All problems are reported at once."""
    require_administrator(caller)
    digest = digest_request("POST", ORGANISATIONS_PATH, given.raw)
    if idempotency_key and (answer := find_stored_answer(session, caller.id, idempotency_key, digest)):
        return _send(answer)
    organisation_id = register_organisation(session, given.value, principal_id=caller.id)
    address = f"{_root(request)}/{organisation_id}"
    answer = _write_answer(session, organisation_id, status=201, Location=address)
    if idempotency_key:
        store_answer(session, caller.id, idempotency_key, digest, answer)
    return _send(answer)


def post_organisation_ending(
    session: WriteSession, caller: Caller, organisation_id: UUID, given: Json
) -> Response:
    """End an organisation: every role for it ends, with its keys. Its sensors stay as they are."""
    require_administrator(caller)
    ending = validate_body(Ending, given.value)
    prefixes = end_organisation(
        session, organisation_id, principal_id=caller.id, now=datetime.now(UTC), reason=ending.reason
    )
    answer = RevokedKeys(revoked_keys=list(prefixes))
    return Response(answer.model_dump_json(by_alias=True), media_type=JSON, headers=NO_STORE)


def _answer_read(
    request: Request, body: bytes, etag: str, headers: Mapping[str, str] = CACHE_CONTROL
) -> Response:
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, headers)
    return Response(body, media_type=JSON, headers={**headers, "ETag": etag})


def _root(request: Request) -> str:
    return f"{get_app_state(request).public_url}{ORGANISATIONS_PATH}"


def _write_answer(
    session: Session, organisation_id: UUID, *, status: int = 200, **headers: str
) -> StoredAnswer:
    revision = get_organisation(session, organisation_id).revision
    headers["ETag"] = version_etag(revision)
    face = get_face(session, organisation_id)
    return StoredAnswer(status, face.model_dump_json(by_alias=True, exclude_none=True), headers)


def _send(answer: StoredAnswer) -> Response:
    return Response(
        answer.body, status_code=answer.status, media_type=JSON, headers={**answer.headers, **NO_STORE}
    )
