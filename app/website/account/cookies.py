"""The cookies of people who sign in: for the session, for a sign-in that has begun, for a link that was asked for."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.access.links import LIFETIME as LINK_LIFETIME
from app.access.sessions import LIFETIME
from app.access.sign_in import LIFETIME as SIGN_IN_LIFETIME
from app.core.app_state import get_app_state

_SESSION: Final = "session"
_SIGN_IN: Final = "sign-in"
_LINK: Final = "link"
_SECRET = re.compile(r"[\w-]{43}", re.ASCII)


def _name(request: Request, name: str) -> str:
    """The name that a browser takes over https alone, and of no other host (RFC 6265bis, 4.1.3.2).

    Over plain http, which is for this machine alone, browsers would not store it under that name.
    """
    return f"__Host-{name}" if _is_secure(request) else f"demo-{name}"


def _is_secure(request: Request) -> bool:
    return get_app_state(request).public_url.startswith("https://")


def read_session_token(request: Request) -> str | None:
    return request.cookies.get(_name(request, _SESSION))


def read_sign_in_secret(request: Request) -> str | None:
    return request.cookies.get(_name(request, _SIGN_IN))


def read_link_secret(request: Request) -> str | None:
    """The secret of a browser that asked for a link; None for a text that is none of ours, which is not kept."""
    found = request.cookies.get(_name(request, _LINK), "")
    return found if _SECRET.fullmatch(found) else None


def set_session_token(request: Request, response: Response, token: str) -> None:
    _set(request, response, _SESSION, token, int(LIFETIME.total_seconds()))


def set_sign_in_secret(request: Request, response: Response, secret: str) -> None:
    _set(request, response, _SIGN_IN, secret, int(SIGN_IN_LIFETIME.total_seconds()))


def set_link_secret(request: Request, response: Response, secret: str) -> None:
    _set(request, response, _LINK, secret, int(LINK_LIFETIME.total_seconds()))


def clear_session_token(request: Request, response: Response) -> None:
    _set(request, response, _SESSION, "", 0)


def clear_sign_in_secret(request: Request, response: Response) -> None:
    _set(request, response, _SIGN_IN, "", 0)


def _set(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )
