"""The rows of an import before they are applied: on a map, and as a list."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.imports.planned_places import (
    OUTCOMES,
    PAGE_ROWS,
    find_bounds,
    list_planned,
    write_features,
)
from app.imports.report import COUNT_LABELS
from app.municipalities.queries import load_directory
from app.sensors.bulk.planned import MAX_PLANNED
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.website.account.forms import parse_page
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.importing.import_routes import ONE_IMPORT
from app.website.importing.own_imports import describe_import

router = AccountRouter()

_PLACES: Final = f"{ONE_IMPORT}/plekken"
_MARGIN_DEGREES: Final = 0.001
"""Around the places: one alone is shown with its street."""

_NOT_CHECKED: Final = LocalizedText(
    "Deze import is niet (meer) in controle: er is niets meer te bekijken voor het toepassen.",
    "This import is not being checked (any more): there is nothing left to see before it is applied.",
)


@router.own(_PLACES)
def show_planned(own: OwnVisit) -> Response:
    """Show what would happen with each row, and where."""
    found = _find_checked(own)
    given = own.visit.request.query_params
    outcome = given.get("uitkomst", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = parse_page(given.get("bladzijde", ""))
    language, directory = own.visit.language, load_directory(own.session)
    rows, total = list_planned(own.session, UUID(found["id"]), outcome=outcome, page=page)
    bounds = find_bounds(own.session, UUID(found["id"]))
    names = {name: COUNT_LABELS[name].render(language) for name in OUTCOMES}
    codes = {row.municipality_code for row in rows if row.municipality_code}
    municipalities = {code: one.name for code in codes if (one := directory.find_by_code(code))}
    counts = found["counts"]
    return render_page(
        own.visit.request,
        "website/importing/planned.html",
        found=found,
        rows=rows,
        names=names,
        municipalities=municipalities,
        outcome=outcome,
        total=total,
        most=MAX_PLANNED,
        page=page,
        pages=max(1, -(-total // PAGE_ROWS)),
        left_out=_count_left_out(counts, own, UUID(found["id"])) if not outcome else 0,
        counts={name: counts[name] for name in OUTCOMES},
        bounds=_widen(bounds) if bounds else (WEST, SOUTH, EAST, NORTH),
        has_places=bounds is not None,
    )


@router.own(f"{_PLACES}.geojson")
def send_planned(own: OwnVisit) -> Response:
    """The places of these rows as GeoJSON, for the map of the page."""
    document = write_features(own.session, _find_checked(own)["id"])
    return Response(json.dumps(document, ensure_ascii=False), media_type="application/geo+json")


def _find_checked(own: OwnVisit) -> dict[str, Any]:
    """The import as the API describes it. Raises: NotFound for one that does not wait for its application."""
    found = describe_import(own)
    if found["status"] != "checked":
        raise NotFound(_NOT_CHECKED)
    return found


def _count_left_out(counts: Mapping[str, int], own: OwnVisit, import_id: Any) -> int:
    """Number of rows that are not in the list, since each outcome has a limit."""
    listed = list_planned(own.session, import_id)[1]
    return max(0, sum(counts[name] for name in OUTCOMES) - listed)


def _widen(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return (
        west - _MARGIN_DEGREES,
        south - _MARGIN_DEGREES,
        east + _MARGIN_DEGREES,
        north + _MARGIN_DEGREES,
    )
