"""Public reading of the vocabularies."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.query_string import require_no_parameters
from app.vocabularies.queries import read_vocabularies
from app.vocabularies.schemas import (
    TermDocument,
    VocabulariesDocument,
    VocabularyDocument,
    describe_term,
    describe_vocabulary,
    summarise_vocabulary,
)
from app.vocabularies.terms import Vocabularies

JSON: Final = "application/json"
FRESH_SECONDS: Final = 300
"""Maximum age of a cached answer: a new term can be chosen at once, and is shown everywhere within this time."""

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
