"""Pages of the comparison of municipalities."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.sensors.presentation import Labels
from app.sensors.search.reference_data import get_reference_data
from app.statistics.file_names import name_file
from app.statistics.register_start import find_later_start
from app.website.figures.charts import CHART_HEIGHT, CHART_WIDTH
from app.website.figures.comparison import Comparison, compare_municipalities, write_comparison
from app.website.figures.comparison_choice import MAX_COMPARED
from app.website.figures.moment import AS_OF, PageMoment, read_moment
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels

PARAMETER: Final = "gemeente"

_FILE_NAME: Final = LocalizedText("vergelijking", "comparison")

router = PageRouter()


@router.page("/cijfers/vergelijk")
async def show_comparison(request: Request) -> Response:
    """Up to five municipalities side by side."""
    labels, moment, comparison = await _compare(request)
    start = None
    if comparison.areas:
        start = await find_later_start(get_app_state(request), comparison.areas[0].search)
    fields = (*comparison.names, *comparison.unknown)[:MAX_COMPARED]
    chosen = [(PARAMETER, name) for name in comparison.names]
    return render_page(
        request,
        "website/figures/comparison.html",
        headers=CACHE_CONTROL,
        comparison=comparison,
        fields=fields + ("",) * (MAX_COMPARED - len(fields)),
        unknown=comparison.unknown,
        query=urlencode(chosen + ([(AS_OF, moment.text)] if moment.text else [])),
        municipalities=labels.municipality_names,
        as_of=moment.text,
        day=moment.today,
        start=start,
        from_start=urlencode([*chosen, (AS_OF, start.isoformat())]) if start else "",
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )


@router.page("/cijfers/vergelijk.csv")
async def send_comparison(request: Request) -> Response:
    """The tables of the comparison as one file."""
    labels, moment, comparison = await _compare(request)
    day = moment.today if moment.text else dutch_date()
    name = name_file(_FILE_NAME, comparison.names, day, labels.language)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **CACHE_CONTROL}
    return Response(
        write_comparison(comparison, labels), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _compare(request: Request) -> tuple[Labels, PageMoment, Comparison]:
    _, labels = await open_labels(request)
    state = get_app_state(request)
    reference = await get_reference_data(state)
    moment = read_moment(request.query_params, (PARAMETER,))
    asked = request.query_params.getlist(PARAMETER)
    return labels, moment, await compare_municipalities(state, asked, moment, reference, labels)
