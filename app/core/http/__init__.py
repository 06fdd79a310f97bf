"""HTTP as the Dutch rules want it: one edge, one way to say what is wrong, one place for headers.

It knows the protocol and nothing of sensors. Standards: RFC 9110, RFC 9457, NL REST API Design Rules 2.2.1.
"""

from collections.abc import Mapping

from fastapi import FastAPI

from app.core.http.exception_handlers import install_exception_handlers
from app.core.http.middleware import EdgeMiddleware
from app.core.http.routing import Dispatcher
from app.core.settings import Settings


def install_http(app: FastAPI, settings: Settings, *, body_limits: Mapping[str, int] | None = None) -> None:
    """Give the application its edge, its error answers and its dispatch by lookup.

    `body_limits` are those of paths that take larger bodies than others.
    """
    app.add_middleware(EdgeMiddleware, body_limit_bytes=settings.body_limit_bytes, body_limits=body_limits)
    install_exception_handlers(app)
    app.router.middleware_stack = Dispatcher(app.router)
