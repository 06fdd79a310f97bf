"""Routes of receipts: the whole one for those concerned, and whether a number is genuine for everyone."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.rate_limits import limit_client
from app.core.app_state import get_app_state
from app.core.database import WriteSession
from app.core.http.client_address import find_client_address
from app.core.http.json_body import JSON
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_plain_text
from app.core.problems import ProblemCode
from app.sensors.receipts.queries import find_whom_to_ask, get_receipt, verify_receipt
from app.sensors.receipts.schemas import (
    RECEIPT_SCHEMA,
    VERIFICATION_SCHEMA,
    write_receipt,
    write_verification,
)
from app.sensors.registration.routes import AnswerLanguage, Context

RECEIPTS_PATH: Final = "/v1/receipts"

router = APIRouter(prefix=RECEIPTS_PATH, tags=["registering"])

_NO_NUMBER: Final = LocalizedText(
    "Geef het nummer van de ontvangstbevestiging.", "Give the number of the receipt."
)


def _answer_with(schema: dict[str, Any], sentence: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": sentence, "content": {JSON: {"schema": schema}}}}


def _by(name: str, sentence: str, *, required: bool = False, **more: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": sentence,
        "required": required,
        "schema": {"type": "string"},
        **more,
    }


@router.get(
    "/verification",
    responses=_answer_with(VERIFICATION_SCHEMA, "Whether the receipt is genuine."),
    openapi_extra={
        "parameters": [
            _by(
                "number",
                "The number of the receipt, with or without hyphens.",
                required=True,
                example="K7QX-29BH-TMPC",
            ),
            _by("digest", "The digest on the receipt, to compare it."),
        ]
    },
)
def verify_receipt_number(request: Request, session: WriteSession) -> Response:
    """Whether a receipt is genuine, of which day, and of which sensor if that is public; for everyone who has a number.

    Nothing of what was submitted is in the answer.
    """
    parser = ParameterParser.of_query(request.scope["query_string"], ("number", "digest"))
    number, digest = parser.parse("number", parse_plain_text), parser.parse("digest", parse_plain_text)
    if "number" not in parser.given:
        parser.refuse("number", ProblemCode.REQUIRED, _NO_NUMBER)
    parser.require_no_problems()
    state = get_app_state(request)
    client = find_client_address(request, state.settings.trusted_proxies)
    limit_client(state.write_engine, "verify_receipt", client, datetime.now(UTC))
    body = json.dumps(write_verification(verify_receipt(session, str(number)), digest), ensure_ascii=False)
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get(
    "/{receipt_number}",
    dependencies=NO_PARAMETERS,
    responses=_answer_with(RECEIPT_SCHEMA, "The receipt."),
)
def read_receipt(
    request: Request, session: WriteSession, context: Context, receipt_number: str, language: AnswerLanguage
) -> Response:
    """A receipt, for the owner of the registration, the organisation that submitted it, and its municipalities.

    `digest` is the SHA-256 of the text of `said` as it stands in this answer.
    """
    found = get_receipt(session, context.principal, receipt_number)
    body = write_receipt(found, find_whom_to_ask(session, found), language, get_app_state(request).public_url)
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-store"})
