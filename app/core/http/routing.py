"""Routing by look-up, and the methods of a path.

It saves 45 to 110 µs of a request: docs/decisions/0028-routing-table.md.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, APIRouter, iter_route_contexts
from starlette.convertors import Convertor, PathConvertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.app_state import get_app_state
from app.core.site_path import site_path

TEMPLATE_KEY = "register.route_template"
"""Key of the route's path template in the scope of a request, for metrics."""

IS_HEAD_KEY = "register.is_head"
"""Key in the scope of a HEAD request, which routes answer as GET; the middleware leaves out the body."""

SERVICE_ROOT = "/v1"
"""Root path of the API; pages for people and operators are outside it."""

_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Request-Id"
    ),
    "Access-Control-Max-Age": "86400",
}

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def find_root(request: Request) -> str:
    """The address of the landing page of the API."""
    return f"{get_app_state(request).public_url}{SERVICE_ROOT}"


class DirectRoute(APIRoute):
    """A route whose endpoint reads the request and returns the whole answer: `async def (request) -> Response`.

    No dependencies are resolved and nothing is validated, which would be most of the cost of a short read.
    Its parameters, including those of the path, are described by `openapi_extra`.
    """

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint) or list(inspect.signature(endpoint).parameters) != [
            "request"
        ]:
            raise TypeError(f"{path}: a direct route is `async def endpoint(request: Request) -> Response`")
        if isinstance(options.get("response_class"), DefaultPlaceholder):
            # Otherwise the API document has an empty JSON answer beside the described one.
            options["response_class"] = Response
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Endpoint:
        return self.endpoint


@dataclass(slots=True)
class _Resource:
    """One path template, and the application for each of its methods."""

    template: str
    pattern: re.Pattern[str]
    convertors: dict[str, Convertor[Any]]
    apps: dict[str, ASGIApp] = field(default_factory=dict)

    def match(self, path: str) -> dict[str, Any] | None:
        found = self.pattern.match(path)
        if found is None:
            return None
        return {name: self.convertors[name].convert(text) for name, text in found.groupdict().items()}


class RouteTable:
    """Every route by its path. The framework's router tries all of them in turn.

    A literal path takes precedence over one with parameters, in whatever order they were added.
    """

    def __init__(self, router: APIRouter) -> None:
        self._literal: dict[str, _Resource] = {}
        self._with_parameters: dict[int, list[_Resource]] = {}
        resources: dict[str, _Resource] = {}
        for context in iter_route_contexts(router.routes):
            path, methods = context.path_format, context.methods
            if path is None or not methods:
                continue  # a mounted application, which the framework's router serves
            resource = resources.get(path)
            if resource is None:
                resource = _Resource(path, context.path_regex, context.param_convertors)
                resources[path] = resource
                self._place(resource)
            app = _direct_app(context.original_route) or context.app
            for method in methods:
                resource.apps.setdefault(method, app)

    def _place(self, resource: _Resource) -> None:
        if not resource.convertors:
            self._literal[resource.template] = resource
        else:
            # The number of slashes is variable with a convertor that accepts them.
            fixed = not any(isinstance(one, PathConvertor) for one in resource.convertors.values())
            slashes = resource.template.count("/") if fixed else -1
            self._with_parameters.setdefault(slashes, []).append(resource)

    def find_route(self, path: str, method: str) -> tuple[str, ASGIApp, dict[str, Any]] | None:
        """The path's template, the application for this method, and the path parameters; None without a match."""
        resource = self._literal.get(path)
        if resource is not None and (app := resource.apps.get(method)):
            return resource.template, app, {}
        for resource in self._candidates(path):
            if (app := resource.apps.get(method)) and (parameters := resource.match(path)) is not None:
                return resource.template, app, parameters
        return None

    def list_methods(self, path: str) -> list[str]:
        """All methods over all routes of this path, sorted; empty when there is no such path."""
        methods: set[str] = set()
        resource = self._literal.get(path)
        if resource is not None:
            methods.update(resource.apps)
        for resource in self._candidates(path):
            if resource.match(path) is not None:
                methods.update(resource.apps)
        if "GET" in methods:
            methods.add("HEAD")
        return sorted(methods | {"OPTIONS"}) if methods else []

    def _candidates(self, path: str) -> list[_Resource]:
        found = self._with_parameters.get(path.count("/"), [])
        return found + self._with_parameters[-1] if -1 in self._with_parameters else found


def _direct_app(route: object) -> ASGIApp | None:
    if not isinstance(route, DirectRoute):
        return None
    endpoint: Callable[[Request], Awaitable[Response]] = route.endpoint

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)

    return answer


class Dispatcher:
    """Passes a request to its route, and answers OPTIONS and wrong methods for all routes of a path."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._table: RouteTable | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._router.app(scope, receive, send)
            return
        # Built at the first request: by then every router has been added.
        table = self._table = self._table or RouteTable(self._router)
        if scope["path"] == SERVICE_ROOT + "/":
            # OGC has the landing page at `{root}/`, and the Dutch rule on trailing slashes exempts the root.
            scope["path"] = SERVICE_ROOT
        path, method = scope["path"], scope["method"]
        found = table.find_route(path, method)
        if found is not None:
            scope[TEMPLATE_KEY], app, scope["path_params"] = found
            scope["router"] = self._router
            await app(scope, receive, send)
        elif methods := table.list_methods(path):
            allow = {"Allow": ", ".join(methods)}
            if method != "OPTIONS":
                raise HTTPException(405, headers=allow)
            preflight = _PREFLIGHT_HEADERS if "GET" in methods else {}
            await Response(status_code=204, headers=allow | preflight)(scope, receive, send)
        elif page := _find_page_without_slash(table, path):
            query = scope["query_string"].decode("latin-1")
            location = site_path(quote(page)) + (f"?{query}" if query else "")
            await RedirectResponse(location, 308)(scope, receive, send)
        else:
            await self._router.app(scope, receive, send)


def _find_page_without_slash(table: RouteTable, path: str) -> str | None:
    """The path of a page without the slashes at its end; None where there is none.

    The Dutch API rules have no such redirect below the root of the API. Two slashes at the beginning would be a host.
    """
    page = path.rstrip("/")
    if page == path or path.startswith(("//", f"{SERVICE_ROOT}/")) or "GET" not in table.list_methods(page):
        return None
    return page
