"""The page of results of the search box; a text that can mean one thing only leads to its page at once.

For a resident who reports something it leads on with the report.
"""

from collections.abc import Sequence
from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.i18n import LocalizedText
from app.core.templates import page_language, page_path, render_page
from app.places.found_places import FoundPlaces
from app.places.page_paths import write_sensor_path
from app.places.place_search import MAX_RESULTS, MAX_TYPED_LENGTH, search_places
from app.places.routes import read_client
from app.places.suggestion import Suggestion
from app.website.page_routes import PRIVATE_CACHE_CONTROL, PageRouter
from app.website.search.report_goal import (
    GOAL,
    REPORTING,
    is_report_goal,
    list_report_goals,
    write_report_path,
)
from app.website.search.results import group_results, list_meant, shorten

NOTHING_TYPED: Final = LocalizedText("Vul in wat u zoekt.", "Fill in what you are looking for.")

router = PageRouter()


@router.page("/zoeken")
async def show_results(request: Request) -> Response:
    text = request.query_params.get("zoek", "")[:MAX_TYPED_LENGTH]
    if not text.strip():
        # The first visit has no field at all; only an empty one is a mistake.
        is_mistake = "zoek" in request.query_params
        return _show(request, text, None, status=400 if is_mistake else 200, is_mistake=is_mistake)
    state = get_app_state(request)
    found = await search_places(state, text, read_client(request), limit=MAX_RESULTS, is_typed_out=True)
    if path := _find_report(found) if _is_reporting(request) else _find_page(found):
        # Stored by no cache: tomorrow the same text may mean two things.
        headers = {"Cache-Control": "no-store"}
        return RedirectResponse(page_path(path, page_language(request)), 303, headers)
    return _show(request, text, found)


def _is_reporting(request: Request) -> bool:
    return request.query_params.get(GOAL) == REPORTING


def _find_page(found: FoundPlaces) -> str | None:
    """The page of the one thing that was found; that of a number says what is wrong where no sensor has it."""
    if single := found.find_single():
        return single.path
    return write_sensor_path(found.number) if found.number else None


def _find_report(found: FoundPlaces) -> str | None:
    """The report about the one sensor or place that was found, else the page of results."""
    single = found.find_single()
    if single is not None:
        goals = list_report_goals([single]) if is_report_goal(single) else []
        return goals[0].path if goals else None
    return write_report_path(sensor=found.number) if found.number else None


def _show(
    request: Request, text: str, found: FoundPlaces | None, *, status: int = 200, is_mistake: bool = False
) -> Response:
    language, is_reporting = page_language(request), _is_reporting(request)
    suggestions: Sequence[Suggestion] = found.suggestions if found else ()
    if is_reporting:
        suggestions = list_report_goals(suggestions)
    return render_page(
        request,
        "website/search/results.html",
        status=status,
        headers=PRIVATE_CACHE_CONTROL,
        text=text,
        shown=shorten(text),
        found=found is not None,
        is_reporting=is_reporting,
        groups=group_results(suggestions, language),
        meant=list_meant(suggestions, language),
        notices=[notice.render(language) for notice in found.remarks] if found else [],
        address_notices=[notice.render(language) for notice in found.address_notices] if found else [],
        problem=NOTHING_TYPED.render(language) if is_mistake else None,
    )
