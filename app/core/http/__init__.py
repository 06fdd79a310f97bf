"""HTTP: middleware, headers, routing, negotiation, conditional requests and errors, without any knowledge of sensors.

Standards: RFC 9110, RFC 9457, NL REST API Design Rules 2.2.1.
"""

from collections.abc import Mapping

from fastapi import FastAPI

from app.core.http.exception_handlers import install_exception_handlers
from app.core.http.middleware import EdgeMiddleware
from app.core.http.routing import Dispatcher
from app.core.settings import Settings
from app.core.site_path import find_prefix


def install_http(app: FastAPI, settings: Settings, *, body_limits: Mapping[str, int] | None = None) -> None:
    """Add the middleware, the exception handlers and the dispatcher to the application.

    `body_limits` are limits in bytes of paths that accept larger bodies than others.
    """
    app.add_middleware(
        EdgeMiddleware,
        body_limit_bytes=settings.body_limit_bytes,
        body_limits=body_limits,
        site_prefix=find_prefix(settings.public_url),
        has_address_search=bool(settings.place_search_url),
    )
    install_exception_handlers(app)
    app.router.middleware_stack = Dispatcher(app.router)
