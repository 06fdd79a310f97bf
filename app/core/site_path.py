"""The path below which the site is served, such as `/sensoren` of `https://gemeente.nl/sensoren`, or empty.

A proxy passes addresses unchanged. The middleware takes the path off, so that routes do not contain it, and every
address without a host that an answer names gets it back from `site_path`. Addresses with a host begin with the public
URL.
"""

from contextvars import ContextVar
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.types import Scope

_prefix: Final = ContextVar("site_path", default="")


def find_prefix(public_url: str) -> str:
    """The path of the public URL without its trailing slash, decoded."""
    return unquote(urlsplit(public_url).path).rstrip("/")


def enter_site(scope: Scope, prefix: str) -> Scope:
    """The scope of a request with its path below `prefix`, which `site_path` adds during this request.

    A path outside the prefix is left as it is: health checks of this machine do not come through the proxy.
    """
    _prefix.set(prefix)
    path: str = scope["path"]
    if path == prefix:
        return {**scope, "path": "/"}
    return {**scope, "path": path.removeprefix(prefix)} if path.startswith(prefix + "/") else scope


def site_path(path: str) -> str:
    """The path of an address as a browser needs it; `path` is that of a route."""
    return _prefix.get() + path
