"""Public reading of the vocabularies; an administrator of the register adds and changes terms."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.access.dependencies import Caller
from app.access.permissions import require_administrator
from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import WriteSession
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.json_body import Json
from app.core.http.negotiation import choose_media_type
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.i18n import LocalizedText
from app.core.query_string import require_no_parameters
from app.vocabularies.actions import add_term, amend_term
from app.vocabularies.queries import load_vocabularies, read_vocabularies
from app.vocabularies.schemas import (
    GivenTexts,
    NewTerm,
    TermChange,
    TermDocument,
    VocabulariesDocument,
    VocabularyDocument,
    describe_change,
    describe_term,
    describe_vocabulary,
    summarise_vocabulary,
)
from app.vocabularies.term_fields import TermFields, read_fields
from app.vocabularies.terms import Vocabularies

JSON: Final = "application/json"
FRESH_SECONDS: Final = 300
"""Maximum age of a cached answer: a new term can be chosen at once, and is shown everywhere within this time."""

_LAST: Final = 10_000
"""A place beyond the end of every list."""

router = APIRouter(prefix="/v1/vocabularies", tags=["vocabularies"])


@router.get("", responses={200: {"model": VocabulariesDocument}})
async def list_vocabularies(request: Request) -> Response:
    """Every list of values, with its name and definition."""
    return await _answer(
        request,
        lambda vocabularies, public_url: VocabulariesDocument(
            vocabularies=[summarise_vocabulary(each, public_url) for each in vocabularies.by_name.values()]
        ),
    )


@router.get("/{name}", responses={200: {"model": VocabularyDocument}})
async def get_vocabulary(request: Request, name: str) -> Response:
    """One list with all its terms, in Dutch and English, ended terms included."""
    return await _answer(
        request,
        lambda vocabularies, public_url: describe_vocabulary(vocabularies.get_vocabulary(name), public_url),
    )


@router.get("/{name}/terms/{code}", responses={200: {"model": TermDocument}})
async def get_term(request: Request, name: str, code: str) -> Response:
    """One term. This address is its URI."""
    return await _answer(
        request, lambda vocabularies, public_url: describe_term(vocabularies.get_term(name, code), public_url)
    )


@router.post(
    "/{name}/terms/{code}",
    status_code=201,
    dependencies=NO_PARAMETERS,
    responses={201: {"model": TermDocument}},
    openapi_extra={"requestBody": describe_change(NewTerm)},
)
def post_term(
    request: Request, session: WriteSession, caller: Caller, name: str, code: str, given: Json
) -> Response:
    """Add a term to a list. It can be chosen at once, or from its first day."""
    require_administrator(caller)
    new = validate_body(NewTerm, given.value)
    nothing = LocalizedText("", "")
    fields = TermFields(
        label=_fill_in(new.label, nothing),
        definition=_fill_in(new.definition, nothing),
        alternative_labels=_tidy(new.alternative_labels or []),
        place=new.order or _LAST,
        broader=new.parent if name == "sensorSubtype" else new.broader,
        valid_until=new.valid_until,
    )
    add_term(
        session,
        principal_id=caller.id,
        vocabulary=name,
        code=code,
        fields=fields,
        today=dutch_date(),
        valid_from=new.valid_from,
    )
    return _send_term(request, session, name, code, 201)


@router.patch(
    "/{name}/terms/{code}",
    dependencies=NO_PARAMETERS,
    responses={200: {"model": TermDocument}},
    openapi_extra={"requestBody": describe_change(TermChange)},
)
def patch_term(
    request: Request, session: WriteSession, caller: Caller, name: str, code: str, given: Json
) -> Response:
    """Change the words of a term, its place, or its end; its code stays. Records with the term do not change."""
    require_administrator(caller)
    change = validate_body(TermChange, given.value)
    before = read_fields(load_vocabularies(session), name, code)
    fields = replace(
        before,
        label=_fill_in(change.label, before.label),
        definition=_fill_in(change.definition, before.definition),
        place=change.order or before.place,
    )
    if change.alternative_labels is not None:
        fields = replace(fields, alternative_labels=_tidy(change.alternative_labels))
    if "valid_until" in change.model_fields_set:
        fields = replace(fields, valid_until=change.valid_until)
    amend_term(session, principal_id=caller.id, vocabulary=name, code=code, fields=fields, today=dutch_date())
    return _send_term(request, session, name, code, 200)


def _fill_in(given: GivenTexts, before: LocalizedText) -> LocalizedText:
    return LocalizedText(
        before.nl if given.nl is None else given.nl.strip(),
        before.en if given.en is None else given.en.strip(),
    )


def _tidy(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words))


def _send_term(request: Request, session: WriteSession, name: str, code: str, status: int) -> Response:
    public_url = get_app_state(request).public_url
    term = load_vocabularies(session).get_term(name, code)
    document = describe_term(term, public_url)
    headers = {"Cache-Control": "no-store"} | ({"Location": document.uri} if status == 201 else {})
    text = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(text, status, media_type=JSON, headers=headers)


async def _answer(request: Request, describe: Callable[[Vocabularies, str], BaseModel]) -> Response:
    require_no_parameters(request.scope["query_string"])
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))
    vocabularies = await read_vocabularies(get_app_state(request).read_pool)
    public_url = get_app_state(request).public_url
    document = describe(vocabularies, public_url)
    headers = {"Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    etag = make_etag(vocabularies.stamp, request.url.path, public_url)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, headers)
    text = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(text, media_type=JSON, headers={**headers, "ETag": etag})
