"""Parts that the routes of pages share: both addresses of a page, the names shown on it, and its caching."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request

from app.core.app_state import get_app_state
from app.core.http.routing import DirectRoute, Endpoint
from app.core.i18n import LANGUAGES
from app.core.templates import localise_path, page_language
from app.sensors.presentation import Labels
from app.sensors.search.reference_data import get_reference_data
from app.website.queries import ReadPool

CACHE_CONTROL: Final = {"Cache-Control": "public, max-age=60"}
"""A page may be a minute old; the API is always up to date."""


PAGES: Final[list[str]] = []
"""The Dutch path of every page, with its parameters in braces."""


class PageRouter(APIRouter):
    """Routes of pages, which the OpenAPI document does not list."""

    def __init__(self) -> None:
        super().__init__(route_class=DirectRoute, include_in_schema=False)

    def page(self, path: str) -> Callable[[Endpoint], Endpoint]:
        """Register a page at its Dutch address `path`, and at its English one below `/en`."""

        def add_both(endpoint: Endpoint) -> Endpoint:
            PAGES.append(path)
            for language in LANGUAGES:
                self.add_api_route(localise_path(path, language), endpoint, methods=["GET"])
            return endpoint

        return add_both


async def open_labels(request: Request) -> tuple[ReadPool, Labels]:
    """The pool of public reads, and the names of terms and municipalities in the language of the page."""
    state = get_app_state(request)
    reference = await get_reference_data(state)
    return state.read_pool, Labels(page_language(request), reference.vocabularies, reference.directory)
