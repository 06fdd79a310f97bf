"""The template: an empty workbook with drop-down lists, an explanation and examples."""

from io import BytesIO
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.database import WriteSession
from app.core.http.negotiation import choose_media_type
from app.core.i18n import LANGUAGES, LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_language
from app.imports.routes import IMPORTS_PATH
from app.imports.template import write_template
from app.sensors.registration.routes import AnswerLanguage
from app.vocabularies.queries import load_vocabularies

router = APIRouter(prefix=IMPORTS_PATH, tags=["bulk"])

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_NAME: Final = LocalizedText("sensoren.xlsx", "sensors.xlsx")
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
            "schema": {"type": "string", "enum": list(LANGUAGES)},
        }
    ]
}


@router.get("/template", responses=_RESPONSES, openapi_extra=_PARAMETERS)
def get_template(request: Request, session: WriteSession, language: AnswerLanguage) -> Response:
    """An empty workbook to fill in and send, with drop-down lists, an explanation and examples; open to everybody."""
    parser = ParameterParser.of_query(request.scope["query_string"], ("lang",))
    language = parser.parse("lang", parse_language) or language
    parser.require_no_problems()
    choose_media_type({"xlsx": WORKBOOK}, f=None, accept=request.headers.get("accept"))
    content = BytesIO()
    write_template(content, load_vocabularies(session), language, dutch_date())
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{_NAME.render(language)}"',
        "Content-Language": language,
    }
    return Response(content.getvalue(), headers=headers, media_type=WORKBOOK)
