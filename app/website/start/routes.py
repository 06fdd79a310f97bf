"""The start page."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.templates import render_page
from app.sensors.search.pages import count_sensors
from app.sensors.search.sensor_search import SensorSearch
from app.website.list_row import make_list_row
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.start.queries import count_themes, list_changed

SHOWN_AT_START: Final = 5

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
        total=await count_sensors(pool, SensorSearch(today)),
        themes=await count_themes(pool, today, labels),
        changed=[make_list_row(feature["properties"], labels) for feature in changed],
        municipalities=labels.municipality_names,
        edition=labels.directory.edition_in_force,
    )
