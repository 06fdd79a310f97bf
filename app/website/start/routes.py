"""The start page."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.templates import render_page
from app.sensors.fields import PERSONAL_DATA
from app.website.list_row import make_list_row
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.start.queries import list_changed, read_numbers

SHOWN_AT_START: Final = 5
COUNTRY: Final = (3.2, 50.7, 7.3, 53.6)
"""The European Netherlands: west, south, east, north in degrees."""

router = PageRouter()


@router.page("/")
async def show_start(request: Request) -> Response:
    pool, labels = await open_labels(request)
    today = dutch_date()
    changed = await list_changed(pool, today, SHOWN_AT_START)
    return render_page(
        request,
        "website/start.html",
        headers=CACHE_CONTROL,
        numbers=await read_numbers(get_app_state(request), today),
        with_personal_data=",".join(sorted(PERSONAL_DATA)),
        changed=[make_list_row(feature["properties"], labels) for feature in changed],
        bounds=COUNTRY,
        edition=labels.directory.edition_in_force,
    )
