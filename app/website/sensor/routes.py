"""The page of one sensor, and the form that leads to it."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.templates import page_language, page_path, render_page
from app.organisations.public_contact import find_contact, find_municipality_contact
from app.reports.queries import read_answers
from app.reports.sightings import read_hint
from app.sensors.plain_text import tidy_code
from app.sensors.presentation import Labels
from app.sensors.public_codes import MAX_TYPED_LENGTH, explain_code, guess_codes, is_public_code
from app.sensors.search.detail import read_sensor_detail
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.queries import ReadPool
from app.website.sensor.neighbours import find_neighbours
from app.website.sensor.place_words import find_municipality_code
from app.website.sensor.sensor_page import describe_sensor

NO_ADDRESS: Final = LocalizedText(
    "Dit register zoekt niet op welk adres het dichtstbij is.",
    "This register does not look up the nearest address.",
)

router = PageRouter()


@router.page("/s")
async def find_by_code(request: Request) -> Response:
    """Redirect from the form to the address of the sensor."""
    code = tidy_code(request.query_params.get("code", ""))[:MAX_TYPED_LENGTH]
    if not code:
        return await _show_unknown_code(request, *await open_labels(request), "", status=400)
    return RedirectResponse(page_path(f"/s/{quote(code)}", page_language(request)), 303)


@router.page("/s/{public_code}")
async def show_sensor(request: Request) -> Response:
    typed = request.path_params["public_code"]
    code = tidy_code(typed)
    if not code or len(code) > MAX_TYPED_LENGTH:
        raise NotFound
    if typed != code:
        return RedirectResponse(page_path(f"/s/{quote(code)}", page_language(request)), 301)
    pool, labels = await open_labels(request)
    detail = await read_sensor_detail(pool, code, dutch_date()) if is_public_code(code) else None
    if detail is None:
        return await _show_unknown_code(request, pool, labels, code)
    sensor = detail.feature["properties"]
    municipality_code = find_municipality_code(sensor)
    described = describe_sensor(
        detail,
        owner=await find_contact(pool, sensor["owner"]),
        represented=await find_contact(pool, sensor["onBehalfOf"]) if "onBehalfOf" in sensor else None,
        municipality=await find_municipality_contact(pool, municipality_code) if municipality_code else None,
        neighbours=await find_neighbours(pool, detail, dutch_date(), labels),
        labels=labels,
    )
    described["answers"] = await read_answers(pool, detail.feature["id"])
    described["hint"] = await read_hint(
        pool, detail.feature["id"], datetime.now(UTC), is_removed="removedOn" in sensor
    )
    if not get_app_state(request).settings.reverse_url:
        # The owner may have said the address.
        unsaid = described["has_address"] and "postcode" not in sensor
        notes = [*described["place_notes"], *([labels.render(NO_ADDRESS)] if unsaid else [])]
        described |= {"has_address": False, "place_notes": notes}
    return render_page(request, "website/sensor/page.html", headers=CACHE_CONTROL, **described)


async def _show_unknown_code(
    request: Request, pool: ReadPool, labels: Labels, code: str, *, status: int = 404
) -> Response:
    nearest = [guess for guess in guess_codes(code) if await read_sensor_detail(pool, guess, dutch_date())]
    return render_page(
        request,
        "website/code_unknown.html",
        status=status,
        code=code,
        problem=labels.render(explain_code(code)),
        # Nothing is suggested when two numbers are equally near: one of them is the wrong sensor.
        suggestion=nearest[0] if len(nearest) == 1 else None,
    )
