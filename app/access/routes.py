"""Routes of principals, their grants and keys, for administrators.

An administrator of one organisation manages the grants for it and their keys, and sees no others.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.actions import admit_principal, grant_role, issue_key
from app.access.dependencies import Caller
from app.access.endings import end_grant, end_principal, revoke_key
from app.access.permissions import administered_organisations, require_administrator, require_scope
from app.access.principal import Principal, order_scopes
from app.access.queries import (
    GrantSummary,
    KeySummary,
    PrincipalSummary,
    list_grants,
    list_keys,
    list_principals,
    read_principal,
)
from app.access.schemas import (
    REASON_BODY,
    Ending,
    GrantDocument,
    IssuedKeyDocument,
    KeyDocument,
    NewGrant,
    NewKey,
    NewPrincipal,
    PrincipalDocument,
    PrincipalsDocument,
    RevokedKeys,
    describe_body,
)
from app.core.app_state import get_app_state
from app.core.database import WriteSession
from app.core.errors import NotFound
from app.core.http.json_body import JSON, Json
from app.core.http.negotiation import choose_media_type
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.i18n import LocalizedText

PRINCIPALS_PATH: Final = "/v1/principals"

router = APIRouter(prefix=PRINCIPALS_PATH, tags=["access"], dependencies=NO_PARAMETERS)


@router.get("", responses={200: {"model": PrincipalsDocument}})
def get_principals(request: Request, session: WriteSession, caller: Caller) -> Response:
    """Every person and application that the caller manages, with grants and keys, oldest first."""
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))
    found = _describe_all(session, caller, list_principals(session))
    return _send(PrincipalsDocument(principals=found))


@router.post(
    "",
    status_code=201,
    responses={201: {"model": PrincipalDocument}},
    openapi_extra={"requestBody": describe_body(NewPrincipal)},
)
def post_principal(request: Request, session: WriteSession, caller: Caller, given: Json) -> Response:
    """Admit a person or application, without any role."""
    administered_organisations(caller)
    new = validate_body(NewPrincipal, given.value)
    principal_id = admit_principal(session, admitted_by=caller.id, name=new.name, handle=new.handle)
    document = _describe(read_principal(session, principal_id), [], [])
    address = f"{get_app_state(request).public_url}{PRINCIPALS_PATH}/{principal_id}"
    return _send(document, 201, Location=address)


@router.get("/{principal_id}", responses={200: {"model": PrincipalDocument}})
def get_principal(request: Request, session: WriteSession, caller: Caller, principal_id: UUID) -> Response:
    """One person or application, with the grants and keys that the caller manages."""
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))
    found = _describe_all(session, caller, [read_principal(session, principal_id)])
    if not found:
        raise NotFound(
            LocalizedText("Deze persoon of applicatie bestaat niet.", "There is no such principal.")
        )
    return _send(found[0])


@router.post(
    "/{principal_id}/ending",
    status_code=200,
    responses={200: {"model": RevokedKeys}},
    openapi_extra={"requestBody": REASON_BODY},
)
def post_principal_ending(session: WriteSession, caller: Caller, principal_id: UUID, given: Json) -> Response:
    """End a person or application: every role ends, and every key is revoked."""
    require_administrator(caller)
    ending = validate_body(Ending, given.value)
    prefixes = end_principal(
        session, ended_by=caller.id, principal_id=principal_id, now=datetime.now(UTC), reason=ending.reason
    )
    return _send(RevokedKeys(revoked_keys=list(prefixes)))


@router.post(
    "/{principal_id}/grants",
    status_code=201,
    responses={201: {"model": GrantDocument}},
    openapi_extra={"requestBody": describe_body(NewGrant)},
)
def post_grant(session: WriteSession, caller: Caller, principal_id: UUID, given: Json) -> Response:
    """Give a role. Repeating it is harmless."""
    administered_organisations(caller)
    new = validate_body(NewGrant, given.value)
    require_administrator(caller, new.organisation)
    grant_id = grant_role(
        session,
        granted_by=caller.id,
        principal_id=principal_id,
        role=new.role,
        organisation_id=new.organisation,
    )
    return _send(GrantDocument(id=grant_id, role=new.role, organisation=new.organisation), 201)


@router.post(
    "/{principal_id}/grants/{grant_id}/ending",
    status_code=200,
    responses={200: {"model": RevokedKeys}},
    openapi_extra={"requestBody": REASON_BODY},
)
def post_grant_ending(
    session: WriteSession, caller: Caller, principal_id: UUID, grant_id: UUID, given: Json
) -> Response:
    """End a role, and revoke the keys that were issued for it."""
    _find_grant(session, caller, principal_id, grant_id)
    ending = validate_body(Ending, given.value)
    prefixes = end_grant(
        session, ended_by=caller.id, grant_id=grant_id, now=datetime.now(UTC), reason=ending.reason
    )
    return _send(RevokedKeys(revoked_keys=list(prefixes)))


@router.post(
    "/{principal_id}/keys",
    status_code=201,
    responses={201: {"model": IssuedKeyDocument}},
    openapi_extra={"requestBody": describe_body(NewKey)},
)
def post_key(session: WriteSession, caller: Caller, principal_id: UUID, given: Json) -> Response:
    """Issue a key for one grant. The token is in this answer alone."""
    administered_organisations(caller)
    new = validate_body(NewKey, given.value)
    for scope in sorted(new.scopes):
        # A key makes no key that allows more.
        require_scope(caller, scope)
    _find_grant(session, caller, principal_id, new.grant)
    key = issue_key(
        session,
        issued_by=caller.id,
        principal_id=principal_id,
        now=datetime.now(UTC),
        lifetime=timedelta(days=new.days),
        grant_id=new.grant,
        scopes=new.scopes,
    )
    return _send(
        IssuedKeyDocument(
            prefix=key.prefix, token=key.token, expires_at=key.expires_at, scopes=order_scopes(new.scopes)
        ),
        201,
    )


@router.post(
    "/{principal_id}/keys/{prefix}/revocation", status_code=200, responses={200: {"model": RevokedKeys}}
)
def post_key_revocation(session: WriteSession, caller: Caller, principal_id: UUID, prefix: str) -> Response:
    """Revoke a key; it stops working immediately. Repeating it is harmless."""
    organisations = administered_organisations(caller)
    grants = {grant.id for grant in _list_managed(session, organisations, [principal_id])}
    keys = [key for key in list_keys(session, [principal_id]) if key.prefix == prefix]
    if not keys or (organisations is not None and keys[0].grant_id not in grants):
        raise NotFound(LocalizedText("Deze sleutel bestaat niet.", "There is no such key."))
    revoke_key(session, revoked_by=caller.id, prefix=prefix, now=datetime.now(UTC))
    return _send(RevokedKeys(revoked_keys=[prefix]))


def _find_grant(session: Session, caller: Principal, principal_id: UUID, grant_id: UUID) -> GrantSummary:
    managed = _list_managed(session, administered_organisations(caller), [principal_id])
    for grant in managed:
        if grant.id == grant_id:
            return grant
    raise NotFound(LocalizedText("Deze rol is er niet (meer).", "There is no such grant (any more)."))


def _list_managed(
    session: Session, organisations: frozenset[UUID] | None, principal_ids: Sequence[UUID]
) -> list[GrantSummary]:
    return [
        grant
        for grant in list_grants(session, principal_ids)
        if organisations is None or grant.organisation_id in organisations
    ]


def _describe_all(
    session: Session, caller: Principal, principals: Sequence[PrincipalSummary]
) -> list[PrincipalDocument]:
    organisations = administered_organisations(caller)
    ids = [one.id for one in principals]
    grants = _list_managed(session, organisations, ids)
    managed = {grant.id for grant in grants}
    keys = [key for key in list_keys(session, ids) if organisations is None or key.grant_id in managed]
    described = []
    for one in principals:
        own = [grant for grant in grants if grant.principal_id == one.id]
        if own or organisations is None:
            described.append(_describe(one, own, [key for key in keys if key.principal_id == one.id]))
    return described


def _describe(
    principal: PrincipalSummary, grants: Iterable[GrantSummary], keys: Iterable[KeySummary]
) -> PrincipalDocument:
    return PrincipalDocument(
        id=principal.id,
        name=principal.name,
        handle=principal.handle,
        created_at=principal.created_at,
        ended_at=principal.ended_at,
        grants=[GrantDocument(id=one.id, role=one.role, organisation=one.organisation_id) for one in grants],
        keys=[
            KeyDocument(
                prefix=one.prefix,
                grant=one.grant_id,
                created_at=one.created_at,
                expires_at=one.expires_at,
                revoked_at=one.revoked_at,
                last_used_on=one.last_used_on,
                scopes=order_scopes(one.scopes),
            )
            for one in keys
        ],
    )


def _send(document: BaseModel, status: int = 200, **headers: str) -> Response:
    body = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(
        body, status_code=status, media_type=JSON, headers={**headers, "Cache-Control": "no-store"}
    )
