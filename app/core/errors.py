"""Errors of requests: each has an HTTP status and lists its problems.

Raise the error where the fact is known; `core/http` renders it as `application/problem+json`.
Source: RFC 9457; NL REST API Design Rules 2.2.1 (`errors` with in, location, code and detail).
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from app.core.i18n import LocalizedText
from app.core.problems import Problem


class RegisterError(Exception):
    """An error that is shown to the caller, with its status and sentence."""

    status: ClassVar[int] = 500
    title: ClassVar[LocalizedText] = LocalizedText("Er ging iets mis", "Something went wrong")

    def __init__(
        self,
        detail: LocalizedText | None = None,
        *,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__((detail or self.title).en)
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


class InvalidRequest(RegisterError):
    status = 400
    title = LocalizedText("Het verzoek klopt niet", "The request is not valid")


class NotAuthenticated(RegisterError):
    status = 401
    title = LocalizedText("Log eerst in", "Sign in first")

    def __init__(self, detail: LocalizedText | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="sensor-register"'})


class NotPermitted(RegisterError):
    status = 403
    title = LocalizedText("Dit mag u niet", "You may not do this")


class NotFound(RegisterError):
    status = 404
    title = LocalizedText("Niet gevonden", "Not found")


class MethodNotAllowed(RegisterError):
    status = 405
    title = LocalizedText("Deze methode kan hier niet", "This method is not allowed here")


class NotAcceptable(RegisterError):
    status = 406
    title = LocalizedText("Dit formaat leveren wij niet", "This format is not offered")


class RequestTimeout(RegisterError):
    status = 408
    title = LocalizedText("Het duurde te lang", "It took too long")


class Conflict(RegisterError):
    status = 409
    title = LocalizedText("Dit past niet bij wat er al staat", "This conflicts with existing data")


class PreconditionFailed(RegisterError):
    status = 412
    title = LocalizedText("Intussen gewijzigd", "Changed in the meantime")


class TooLarge(RegisterError):
    status = 413
    title = LocalizedText("Te groot", "Too large")


class UnsupportedMediaType(RegisterError):
    status = 415
    title = LocalizedText("Dit formaat kunnen wij niet lezen", "This format is not supported")


class RangeNotSatisfiable(RegisterError):
    status = 416
    title = LocalizedText("Zover loopt het bestand niet", "The file does not extend that far")


class PreconditionRequired(RegisterError):
    status = 428
    title = LocalizedText("If-Match ontbreekt", "If-Match is missing")


class TooManyRequests(RegisterError):
    status = 429
    title = LocalizedText("Te veel verzoeken", "Too many requests")


class HeadersTooLarge(RegisterError):
    status = 431
    title = LocalizedText("De headers zijn te groot", "The headers are too large")


class Unavailable(RegisterError):
    status = 503
    title = LocalizedText("Even niet beschikbaar", "Not available for a moment")
