"""The history of one registration in words, for its owner and its municipalities."""

from typing import Final

from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.templates import render_page
from app.municipalities.queries import load_directory
from app.sensors.presentation import Labels
from app.sensors.registration.permissions import require_visible
from app.sensors.registration.queries import SENSOR_UNKNOWN, find_sensor, list_versions
from app.vocabularies.queries import load_vocabularies
from app.website.account.forms import parse_page
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.log.sensor_events import list_sensor_events

HISTORY: Final = f"{HOME}/geschiedenis"
EVENTS_PER_PAGE: Final = 50

router = AccountRouter()


@router.own(f"{HISTORY}/{{nummer}}")
def show_history(own: OwnVisit) -> Response:
    """Every action on a registration, newest first."""
    session, principal = own.session, own.signed_in.principal
    sensor_id = find_sensor(session, own.visit.request.path_params["nummer"])
    versions = list_versions(session, sensor_id) if sensor_id else []
    if not versions:
        raise NotFound(SENSOR_UNKNOWN)
    require_visible(principal, versions[0])
    labels = Labels(own.visit.language, load_vocabularies(session), load_directory(session))
    events = list_sensor_events(session, principal, versions, labels, dutch_date(own.visit.now))
    page = parse_page(own.visit.request.query_params.get("bladzijde", ""))
    start = (page - 1) * EVENTS_PER_PAGE
    return render_page(
        own.visit.request,
        "website/log/history.html",
        code=versions[0].public_code,
        name=versions[0].name or versions[0].reference,
        events=events[start : start + EVENTS_PER_PAGE],
        sees_all_names=any(grant.organisation_id is None for grant in principal.grants),
        page=page,
        pages=max(1, -(-len(events) // EVENTS_PER_PAGE)),
    )
