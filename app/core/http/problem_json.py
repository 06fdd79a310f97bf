"""Errors as `application/problem+json`, or as a page for browsers, in the language of the reader.

Source: RFC 9457; NL REST API Design Rules 2.2.1, errors.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from app.core.app_state import get_app_state
from app.core.errors import (
    Conflict,
    InvalidRequest,
    MethodNotAllowed,
    NotAcceptable,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    PreconditionFailed,
    PreconditionRequired,
    RangeNotSatisfiable,
    RegisterError,
    RequestTimeout,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedMediaType,
)
from app.core.http.error_page import ParameterLabels, describe_error
from app.core.http.negotiation import prefers_html
from app.core.i18n import Language, LocalizedText, preferred_language
from app.core.problems import Problem
from app.core.templates import page_language, render_html

PROBLEM_TYPE: Final = "application/problem+json"
MAX_VALUE_CHARACTERS: Final = 200
"""Length to which a given value is cut: enough to recognise it."""

ERRORS: Final[tuple[type[RegisterError], ...]] = (
    InvalidRequest,
    NotAuthenticated,
    NotPermitted,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    RangeNotSatisfiable,
    PreconditionRequired,
    TooManyRequests,
    RegisterError,
    Unavailable,
)
"""Errors by status, lowest first, with 500 and 503 at the end."""

_BY_STATUS = {error.status: error for error in ERRORS}

_DETAILS = {
    400: LocalizedText("Het verzoek is niet te lezen.", "The request cannot be read."),
    401: LocalizedText(
        "Stuur een geldige sleutel mee: `Authorization: Bearer …`.",
        "Send a valid key: `Authorization: Bearer …`.",
    ),
    403: LocalizedText("Met uw sleutel mag u dit niet doen.", "Your key does not allow this."),
    404: LocalizedText("Op dit adres staat niets.", "There is nothing at this address."),
    405: LocalizedText(
        "Deze methode kan niet op dit adres. In de header `Allow` staat welke wel kunnen.",
        "This address does not support this method. The header `Allow` lists those that it supports.",
    ),
    406: LocalizedText(
        "Noem in `Accept` een formaat dat wij leveren.", "Name a format that is offered in `Accept`."
    ),
    408: LocalizedText(
        "Wij hebben het verzoek niet op tijd ontvangen. Stuur het opnieuw, met een snellere verbinding.",
        "The request was not received in time. Send it again, on a faster connection.",
    ),
    409: LocalizedText(
        "Dit kan niet samen met wat er al geregistreerd is.",
        "This is not possible together with existing data.",
    ),
    412: LocalizedText(
        "Iemand anders heeft dit gewijzigd. Haal het opnieuw op en kijk of uw wijziging nog klopt.",
        "Somebody else has changed this. Get it again and check that your change still applies.",
    ),
    413: LocalizedText("Stuur minder tegelijk.", "Send less at once."),
    415: LocalizedText(
        "Stuur JSON, met `Content-Type: application/json`.", "Send JSON, as `Content-Type: application/json`."
    ),
    416: LocalizedText(
        "Vraag een deel dat in het bestand ligt. In `Content-Range` staat hoe groot het is.",
        "Ask for a part that lies within the file. `Content-Range` says how large it is.",
    ),
    428: LocalizedText(
        "Stuur in `If-Match` de ETag mee die u hebt ontvangen.",
        "Send the ETag that you received in `If-Match`.",
    ),
    429: LocalizedText("Wacht even en probeer het opnieuw.", "Wait a moment and try again."),
    500: LocalizedText(
        "Wij hebben de fout vastgelegd. Probeer het later opnieuw.",
        "The failure has been recorded. Try again later.",
    ),
    503: LocalizedText("Probeer het over een paar seconden opnieuw.", "Try again in a few seconds."),
}


def error_of_status(status: int, headers: Mapping[str, str] | None = None) -> RegisterError:
    """The register's error for a status of the framework."""
    error = _BY_STATUS.get(status) or (InvalidRequest if status < 500 else RegisterError)
    instance = error()
    instance.headers |= headers or {}
    return instance


def answer_problem(error: RegisterError, scope: Scope) -> Response:
    """The response for an error: problem+json, or a page for a browser."""
    request = Request(scope)
    as_page = prefers_html(request.headers.get("accept"))
    language = (
        page_language(request) if as_page else preferred_language(request.headers.get("accept-language"))
    )
    headers = {
        "Content-Language": language,
        "Vary": "Accept, Accept-Language" + (", Cookie" if as_page else ""),
        "Cache-Control": "no-store",
        **error.headers,
    }
    if as_page:
        return HTMLResponse(_render_page(error, request, language), error.status, headers)
    document = write_problem(error, instance=_path_as_sent(scope), language=language)
    # A lone surrogate in the request is shown as its escape: UTF-8 cannot encode it.
    content = json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
    return Response(content, error.status, headers, PROBLEM_TYPE)


def _render_page(error: RegisterError, request: Request, language: Language) -> str:
    path, query = request.url.path, request.url.query
    described = describe_error(
        error,
        path=path,
        query=query,
        labels=get_app_state(request).get_cache(ParameterLabels, lambda: ParameterLabels({})),
        language=language,
        has_form=request.method in ("GET", "HEAD"),
    )
    return render_html("errors.html", language, here=quote(path), query_string=query, **described)


def write_problem(error: RegisterError, *, instance: str, language: Language) -> dict[str, Any]:
    """The problem document of an error, with `errors` when single problems are known."""
    document: dict[str, Any] = {
        "status": error.status,
        "title": error.title.render(language),
        "detail": _detail(error).render(language),
        "instance": instance,
    }
    if error.problems:
        document["errors"] = [_write_error(problem, language) for problem in error.problems]
    return document


def _detail(error: RegisterError) -> LocalizedText:
    if error.detail is not None:
        return error.detail
    if len(error.problems) == 1:
        return error.problems[0].detail
    if error.problems:
        count = len(error.problems)
        return LocalizedText(
            f"Er zijn {count} fouten; zie `errors`.", f"There are {count} errors; see `errors`."
        )
    return _DETAILS[error.status]


def _write_error(problem: Problem, language: Language) -> dict[str, Any]:
    written = problem.render(language)
    for name in ("value", "suggestion"):
        if name in written:
            written[name] = _shorten(written[name])
    return written


def _shorten(value: object) -> object:
    """The value as valid JSON: without NaN or infinity, and cut when long."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if len(text) > MAX_VALUE_CHARACTERS:
        return text[:MAX_VALUE_CHARACTERS] + "…"
    return text if isinstance(value, str) or "NaN" in text or "Infinity" in text else value


def _path_as_sent(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")
