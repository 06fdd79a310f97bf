"""The values of a request that an answer depends on, besides its query."""

from dataclasses import dataclass

from fastapi import Request
from starlette.types import Receive

from app.core.http.routing import find_root
from app.core.i18n import Language
from app.core.templates import choose_language


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`root` is the address of the landing page, `path` the path of the request."""

    root: str
    path: str
    query_string: str
    accept_language: str | None
    cookie: str | None
    if_none_match: str | None
    receive: Receive
    """Reports when the client disconnects."""

    @property
    def language(self) -> Language:
        """The language of a page; the other answers have none."""
        return choose_language(self.accept_language, self.cookie)

    @classmethod
    def of_request(cls, request: Request) -> "RequestContext":
        return cls(
            find_root(request),
            request.scope["path"],
            request.scope["query_string"].decode("latin-1"),
            request.headers.get("accept-language"),
            request.headers.get("cookie"),
            request.headers.get("if-none-match"),
            request.receive,
        )
