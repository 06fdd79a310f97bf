"""The map on which a resident chooses the place of a report: `/melden/kaart`."""

from typing import Final

from starlette.responses import Response

from app.core.parameter_values import InvalidParameter
from app.core.templates import render_page
from app.places.place_parameters import parse_dutch_position
from app.places.suggestion import SuggestionKind
from app.spatial.crs import Crs
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.website.account.visits import AccountRouter, Visit
from app.website.search.report_goal import CHOOSE_PLACE

_WIDER_THAN_HIGH: Final = 1.6
_DEGREES_NORTH: Final = {SuggestionKind.MUNICIPALITY.value: 0.05, SuggestionKind.PLACE.value: 0.02}
_DEGREES_NORTH_OF_A_STREET: Final = 0.003
"""Half the height of the map around what was found, and its width for each of that."""

router = AccountRouter()


@router.visit(CHOOSE_PLACE)
def show_map(visit: Visit) -> Response:
    """The map around what was found, else of the whole country."""
    asked = visit.request.query_params
    try:
        middle = parse_dutch_position(asked.get("rond", "")[:100], Crs.CRS84, "rond")
    except InvalidParameter:
        middle = None
    bounds = (WEST, SOUTH, EAST, NORTH)
    if middle is not None:
        north = _DEGREES_NORTH.get(asked.get("soort", ""), _DEGREES_NORTH_OF_A_STREET)
        east = north * _WIDER_THAN_HIGH
        bounds = (middle[0] - east, middle[1] - north, middle[0] + east, middle[1] + north)
    return render_page(
        visit.request,
        "website/reporting/place.html",
        bounds=bounds,
        middle=f"{middle[0]:.5f},{middle[1]:.5f}" if middle else None,
    )
