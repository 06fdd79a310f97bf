"""The page of how a municipality handles what is submitted to it."""

from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.templates import page_language, page_path, render_page
from app.places.page_paths import write_identified_path, write_subject_path
from app.statistics.handling import MIN_SUBMISSIONS, read_handling
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels

MAX_NAME_LENGTH: Final = 200
MONTHS_SHOWN: Final = 24

router = PageRouter()


@router.page("/gemeente/{name}/afhandeling")
async def show_handling(request: Request) -> Response:
    """Submissions received and answered, in time, and the median of the days, by month of the last two years."""
    pool, labels = await open_labels(request)
    asked = request.path_params["name"][:MAX_NAME_LENGTH]
    found = labels.directory.get_municipality(asked, where="path", location="name")
    if found.successor is not None:
        found = labels.directory.get_municipality(found.successor.code, where="path", location="name")
    path = write_subject_path("municipality", name=found.name)
    if write_identified_path("municipality", code=asked) != path:
        return RedirectResponse(page_path(f"{path}/afhandeling", page_language(request)), 302)
    handling = await read_handling(pool, found.code)
    return render_page(
        request,
        "website/figures/handling.html",
        headers=CACHE_CONTROL,
        name=found.name,
        path_of_area=path,
        code=found.code,
        total=handling.total,
        months=handling.months[:MONTHS_SHOWN],
        counted_on=handling.counted_on,
        minimum=MIN_SUBMISSIONS,
    )
