"""Exception handlers, which answer every exception as a problem."""

import sqlite3

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core.database_errors import translate_database_error
from app.core.errors import InvalidRequest, NotFound, RegisterError
from app.core.http.problem_json import answer_problem, error_of_status
from app.core.http.validation_errors import problem_of_validation
from app.core.temporary_files import translate_storage_error


def install_exception_handlers(app: FastAPI) -> None:
    """Add the exception handlers to the application. Other exceptions reach the middleware, which answers 500."""

    async def answer_register_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RegisterError)  # noqa: S101 - the framework calls it with this type alone
        return answer_problem(error, request.scope)

    async def answer_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - the framework calls it with this type alone
        headers = dict(error.headers or {})
        if error.status_code == 405:
            # Static files refuse a method without an `Allow` header.
            headers.setdefault("Allow", "GET, HEAD")
        return answer_problem(error_of_status(error.status_code, headers), request.scope)

    async def answer_invalid_request(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - the framework calls it with this type alone
        if any(one["loc"][0] == "path" for one in error.errors()):
            # A path with something else than an id: there is nothing at such an address.
            return answer_problem(NotFound(), request.scope)
        problems = [problem_of_validation(one) for one in error.errors()]
        return answer_problem(InvalidRequest(problems=problems), request.scope)

    async def answer_database_error(request: Request, error: Exception) -> Response:
        translated = translate_database_error(error)
        if translated is None:
            raise error
        return answer_problem(translated, request.scope)

    async def answer_storage_error(request: Request, error: Exception) -> Response:
        translated = translate_storage_error(error)
        if translated is None:
            raise error
        return answer_problem(translated, request.scope)

    app.add_exception_handler(RegisterError, answer_register_error)
    app.add_exception_handler(HTTPException, answer_http_exception)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    app.add_exception_handler(SQLAlchemyError, answer_database_error)
    app.add_exception_handler(psycopg.Error, answer_database_error)
    app.add_exception_handler(OSError, answer_storage_error)
    app.add_exception_handler(sqlite3.Error, answer_storage_error)
