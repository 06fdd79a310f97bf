"""The template: an empty workbook with drop-down lists, an explanation and examples."""

from io import BytesIO
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.database import WriteSession
from app.core.errors import InvalidRequest
from app.core.http.negotiation import choose_media_type
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.query_string import require_parameters
from app.imports.routes import IMPORTS_PATH
from app.imports.template import write_template
from app.sensors.registration.routes import AnswerLanguage
from app.vocabularies.queries import load_vocabularies

router = APIRouter(prefix=IMPORTS_PATH, tags=["bulk"])

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_NAME: Final = LocalizedText("sensoren.xlsx", "sensors.xlsx")
_LANGUAGES: Final[dict[str, Language]] = {"nl": "nl", "en": "en"}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The workbook.",
        "content": {WORKBOOK: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PARAMETERS: Final = {
    "parameters": [
        {
            "name": "lang",
            "in": "query",
            "description": "Language of the template; by default that of Accept-Language.",
            "schema": {"type": "string", "enum": ["nl", "en"]},
        }
    ]
}


@router.get("/template", responses=_RESPONSES, openapi_extra=_PARAMETERS)
def get_template(request: Request, session: WriteSession, language: AnswerLanguage) -> Response:
    """An empty workbook to fill in and send, with drop-down lists, an explanation and examples; open to everybody."""
    parameters = require_parameters(request.scope["query_string"], ("lang",))
    choose_media_type({"xlsx": WORKBOOK}, f=None, accept=request.headers.get("accept"))
    if "lang" in parameters:
        language = _parse_language(parameters["lang"])
    content = BytesIO()
    write_template(content, load_vocabularies(session), language, dutch_date())
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{_NAME.render(language)}"',
        "Content-Language": language,
    }
    return Response(content.getvalue(), headers=headers, media_type=WORKBOOK)


def _parse_language(given: str) -> Language:
    if given not in _LANGUAGES:
        detail = LocalizedText("Kies uit: nl, en.", "Choose from: nl, en.")
        raise InvalidRequest(
            problems=[Problem(ProblemCode.UNKNOWN_VALUE, "lang", detail, given[:50], "nl", where="query")]
        )
    return _LANGUAGES[given]
