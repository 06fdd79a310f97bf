"""The address of the completeness of fields: which part of those who should fill in a field did so."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.routing import SERVICE_ROOT, DirectRoute, find_root
from app.core.i18n import LocalizedText
from app.files.writers.csv import write_lines
from app.sensors.search.reference_data import get_reference_data
from app.statistics.coverage import read_completeness
from app.statistics.file_names import describe_search, name_file
from app.statistics.schemas import describe_answer, list_links, render_both
from app.statistics.statistics_parameters import (
    CSV,
    JSON,
    describe_parameters,
    list_formats,
    parse_statistics_query,
)

router = APIRouter(route_class=DirectRoute, tags=["statistics"])

_CACHE: Final = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}
_SUBJECT: Final = LocalizedText("volledigheid", "completeness")
_FIELD: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["field", "label", "applies", "filled", "share"],
    "properties": {
        "field": {"type": "string", "description": "The name of the property."},
        "label": {"type": "object", "properties": {"nl": {"type": "string"}, "en": {"type": "string"}}},
        "applies": {"type": "integer", "description": "The number of sensors to which the field applies."},
        "filled": {"type": "integer", "description": "How many of these filled it in."},
        "share": {
            "type": "number",
            "nullable": True,
            "description": "From 0 to 1; null where it applies to none.",
        },
    },
}
COMPLETENESS_SCHEMA: Final[dict[str, Any]] = {
    "title": "Completeness",
    "type": "object",
    "required": ["date", "fields", "links"],
    "properties": {
        "date": {"type": "string", "format": "date"},
        "fields": {"type": "array", "items": _FIELD},
        "links": {"type": "array", "items": {"type": "object"}},
    },
}


@router.get(
    f"{SERVICE_ROOT}/statistics/completeness",
    openapi_extra={"parameters": describe_parameters(is_counted_by=False)},
    responses=describe_answer("The fields.", COMPLETENESS_SCHEMA, CSV),
)
async def get_completeness(request: Request) -> Response:
    """How complete the fields that matter are, of the sensors that any search of items finds.

    A field counts for the sensors to which it applies: a legal ground only where personal data are processed.

    - In Amsterdam: `?municipality=Amsterdam`
    """
    state = get_app_state(request)
    reference_data = await get_reference_data(state)
    query = parse_statistics_query(
        request.scope["query_string"],
        reference_data,
        request.headers.get("accept"),
        is_counted_by=False,
    )
    fields = await read_completeness(state, query.search)
    here = f"{find_root(request)}/statistics/completeness"
    described = [
        {
            "field": one.name,
            "label": render_both(one.label),
            "applies": one.applies,
            "filled": one.filled,
            "share": None if one.share is None else round(one.share, 4),
        }
        for one in fields
    ]
    etag = make_etag(described, query.search.today, query.canonical, query.media_type, query.f)
    headers = {**_CACHE, "ETag": etag}
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, _CACHE)
    if query.media_type == JSON:
        links = list_links(here, query, find_root(request), list_formats(is_counted_by=False))
        document = {"date": query.search.today.isoformat(), "fields": described, "links": links}
        return JSONResponse(document, headers=headers)
    rows = [
        [
            one.name,
            one.label.render(query.language),
            str(one.applies),
            str(one.filled),
            None if one.share is None else f"{one.share:.4f}",
        ]
        for one in fields
    ]
    searched = describe_search(query.search, reference_data, query.language)
    file_name = name_file(_SUBJECT, searched, query.search.today, query.language)
    headers |= {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Content-Language": query.language,
    }
    names = ["field", "fieldLabel", "applies", "filled", "share"]
    return Response(write_lines(names, rows, header=True), headers=headers, media_type=CSV)
