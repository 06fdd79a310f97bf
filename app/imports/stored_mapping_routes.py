"""Mappings of headings over HTTP: listed, read and deleted."""

import json
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.dependencies import Caller
from app.core.database import WriteSession
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_identifier
from app.imports.own_mappings import (
    MAPPING_SCHEMA,
    MAPPINGS_SCHEMA,
    delete_own_mapping,
    find_own_mapping,
    list_own_mappings,
    write_saved,
    write_summary,
)
from app.imports.routes import IMPORTS_PATH

router = APIRouter(prefix=f"{IMPORTS_PATH}/mappings", tags=["bulk"])

_LISTING: Final = {
    "parameters": [
        {
            "name": "owner",
            "in": "query",
            "description": "The organisation whose mappings are listed; by default each that you have a role for.",
            "schema": {"type": "string", "format": "uuid"},
        }
    ]
}


def _answer_with(schema: dict[str, Any], sentence: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": sentence, "content": {"application/json": {"schema": schema}}}}


@router.get("", responses=_answer_with(MAPPINGS_SCHEMA, "The mappings by name."), openapi_extra=_LISTING)
def list_stored_mappings(request: Request, session: WriteSession, caller: Caller) -> Response:
    """The mappings of headings that your organisation stored."""
    parser = ParameterParser.of_query(request.scope["query_string"], ("owner",))
    owner_id = parser.parse("owner", parse_identifier)
    parser.require_no_problems()
    return _send({"mappings": [write_summary(one) for one in list_own_mappings(session, caller, owner_id)]})


@router.get(
    "/{mapping_id}", dependencies=NO_PARAMETERS, responses=_answer_with(MAPPING_SCHEMA, "The mapping.")
)
def read_stored_mapping(session: WriteSession, caller: Caller, mapping_id: UUID) -> Response:
    """A stored mapping: what each column is, the values for all rows, and the own words."""
    return _send(write_saved(find_own_mapping(session, caller, mapping_id)))


@router.delete(
    "/{mapping_id}", status_code=204, dependencies=NO_PARAMETERS, responses={204: {"description": "Deleted."}}
)
def delete_stored_mapping(session: WriteSession, caller: Caller, mapping_id: UUID) -> Response:
    """Delete a stored mapping. Earlier imports keep the one that they were read with."""
    delete_own_mapping(session, caller, mapping_id)
    return Response(None, 204, {"Cache-Control": "no-store"})


def _send(document: dict[str, Any]) -> Response:
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
