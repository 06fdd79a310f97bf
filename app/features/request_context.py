"""The values of a request that an answer depends on, besides its query."""

from dataclasses import dataclass

from fastapi import Request
from starlette.types import Receive

from app.core.http.routing import find_root
from app.core.i18n import Language, preferred_language


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`root` is the address of the landing page, `path` the path of the request."""

    root: str
    path: str
    accept_language: str | None
    if_none_match: str | None
    receive: Receive
    """Reports when the client disconnects."""

    @property
    def language(self) -> Language:
        """The language of a page; the other answers have none."""
        return preferred_language(self.accept_language)

    @classmethod
    def of_request(cls, request: Request) -> "RequestContext":
        return cls(
            find_root(request),
            request.scope["path"],
            request.headers.get("accept-language"),
            request.headers.get("if-none-match"),
            request.receive,
        )
