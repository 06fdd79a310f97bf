"""The table of one organisation as a file, for principals who may edit its registrations."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.access.dependencies import DetachedCaller
from app.access.principal import Principal
from app.core.app_state import get_app_state
from app.core.database import transaction
from app.core.http.negotiation import parse_media_type
from app.core.http.streaming import StreamedAnswer
from app.core.i18n import LANGUAGES, Language, LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_identifier, parse_language
from app.core.problems import ProblemCode
from app.exports.owner_table import TABLE_FORMATS, find_readable_municipalities, spool_registrations
from app.files.writers.schema import Format
from app.files.writers.spooled_file import SpooledFile
from app.organisations.queries import get_organisation
from app.sensors.registration.permissions import choose_owner

EXPORTS_PATH: Final = "/v1/exports"

FORMAT_NAMES: Final = {
    **{one.suffix: one.media_type for one in TABLE_FORMATS},
    **{one.name: one.media_type for one in TABLE_FORMATS},
}
"""Media types by their names in `f`: those of the collections, and suffixes of files."""

_FORM_OF: Final = {one.media_type: one for one in TABLE_FORMATS}

_PARAMETERS: Final = [
    {
        "name": "owner",
        "in": "query",
        "description": "Whose registrations, by id; left out by who edits for one organisation alone.",
        "schema": {"type": "string", "format": "uuid"},
    },
    {
        "name": "f",
        "in": "query",
        "description": "The format; without it `Accept` decides, and Excel is the default.",
        "schema": {"type": "string", "enum": list(FORMAT_NAMES)},
    },
    {
        "name": "lang",
        "in": "query",
        "description": "The language of the headings; without it they are the names of the API's fields.",
        "schema": {"type": "string", "enum": list(LANGUAGES)},
    },
]
_FILES: Final = {
    200: {
        "description": "The table.",
        "content": {
            one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in TABLE_FORMATS
        },
    }
}

router = APIRouter(tags=["bulk"])


@router.get(EXPORTS_PATH, responses=_FILES, openapi_extra={"parameters": _PARAMETERS})  # type: ignore[arg-type]
async def export_registrations(
    request: Request, caller: DetachedCaller, accept: Annotated[str | None, Header()] = None
) -> Response:
    """All registrations of an organisation, to be changed and imported again: every field of the newest version.

    Registrations under review are in it, withdrawn ones are not. A municipality gets those within its boundary.
    """
    parser = ParameterParser.of_query(request.scope["query_string"], ("owner", "f", "lang"))
    language = parser.parse("lang", parse_language)
    form = _FORM_OF[parse_media_type(parser, FORMAT_NAMES, accept)]
    owner = _parse_owner(parser, caller)
    municipalities = find_readable_municipalities(caller, owner)
    # The limit is that of whole searches. A request that waits holds no connection.
    async with get_app_state(request).export_limiter.acquire():
        spooled = await run_in_threadpool(_spool, request, owner, form, language, municipalities)

    async def close() -> None:
        spooled.close()

    return StreamedAnswer(
        spooled.read(),
        media_type=form.media_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="registrations.{form.suffix}"',
        },
        close=close,
        stalled_after_seconds=get_app_state(request).settings.stream_timeout_seconds,
        size_bytes=spooled.size_bytes,
    )


def _spool(
    request: Request,
    owner: UUID,
    form: Format,
    language: Language | None,
    municipalities: frozenset[str] | None,
) -> SpooledFile:
    with transaction(get_app_state(request).write_engine) as session:
        get_organisation(session, owner)
        return spool_registrations(session, owner, form, language=language, inside=municipalities)


def _parse_owner(parser: ParameterParser, caller: Principal) -> UUID:
    """The owner that is named, or the only one that the caller edits for.

    Raises: InvalidRequest with every problem of the parser; NotPermitted for who edits for no organisation and names
    none.
    """
    if "owner" in parser.given:
        owner = parser.parse("owner", parse_identifier)
    else:
        text = choose_owner(caller)
        owner = UUID(text) if text else None
        if owner is None:
            parser.refuse("owner", ProblemCode.REQUIRED, _CHOOSE_OWNER)
    parser.require_no_problems()
    assert owner is not None  # noqa: S101 - otherwise there is a problem
    return owner


_CHOOSE_OWNER: Final = LocalizedText(
    "Kies een organisatie: u werkt voor meer dan één organisatie.",
    "Choose an organisation: you act for more than one.",
)
