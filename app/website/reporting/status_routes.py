"""The private page of a report, for who has its link; and the button by which a visitor says what was seen."""

from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.database import transaction
from app.core.errors import InvalidRequest, NotFound
from app.core.http.client_address import find_client_address
from app.core.templates import render_page
from app.reports.queries import find_by_secret
from app.reports.report_kinds import KIND_NAMES, STATUS_NAMES, ReportKind, ReportStatus
from app.reports.report_mail import STATUS_PATH, write_status_address
from app.reports.report_subject import find_sensor, find_sensor_by_id
from app.reports.sightings import SightingKind, record_sighting
from app.website.account.visits import AccountRouter, Visit
from app.website.reporting.report_words import name_answerer, open_report_labels

SEEN = "/melden/gezien"

_SEEN: dict[str, SightingKind] = {"weg": "gone", "er-nog": "still_there"}

router = AccountRouter()


@router.visit(STATUS_PATH)
def show_status(visit: Visit) -> Response:
    """Show where a report is on its way, and its answer."""
    secret = visit.request.query_params.get("sleutel", "")
    with transaction(visit.state.write_engine) as session:
        report = find_by_secret(session, secret)
        if report is None:
            return render_page(visit.request, "website/reporting/status_unknown.html", status=404)
        kind, status = ReportKind(report.kind), ReportStatus(report.status)
        code = report.municipality_code
        labels = open_report_labels(session, visit.language)
        return render_page(
            visit.request,
            "website/reporting/status.html",
            is_new=visit.request.query_params.get("nieuw") == "ja",
            private_link=write_status_address(visit.state.public_url, secret, visit.language),
            kind=KIND_NAMES[kind].render(visit.language),
            status_code=status.value,
            status_name=STATUS_NAMES[status].render(visit.language),
            sensor=find_sensor_by_id(session, report.sensor_id) if report.sensor_id else None,
            municipality=labels.name_municipality(code) if code else None,
            text=report.text,
            has_address=report.email_encrypted is not None,
            created_at=report.created_at,
            due_on=report.due_on,
            forwarded_at=report.forwarded_at,
            ended_at=report.ended_at,
            answer=report.answer,
            answerer=name_answerer(session, code, report.answered_for or report.forwarded_to, visit.language),
        )


@router.visit(SEEN, "POST")
def see_sensor(visit: Visit) -> Response:
    """Count that a visitor saw a sensor, or did not see it any more; the register is not changed by it."""
    kind = _SEEN.get(visit.form.get("gezien", ""))
    if kind is None:
        raise InvalidRequest
    with transaction(visit.state.write_engine) as session:
        sensor = find_sensor(session, visit.form.get("sensor", ""))
    if sensor is None:
        raise NotFound
    client = find_client_address(visit.request, get_app_state(visit.request).settings.trusted_proxies)
    is_counted = record_sighting(visit.state.write_engine, sensor, kind, client, visit.now)
    return visit.go_to(f"/melden/dank?sensor={sensor.public_code}&geteld={'ja' if is_counted else 'nee'}")


@router.visit("/melden/dank")
def show_thanks(visit: Visit) -> Response:
    """Thank a visitor for what was seen, and lead back to the sensor."""
    with transaction(visit.state.write_engine) as session:
        sensor = find_sensor(session, visit.request.query_params.get("sensor", ""))
    if sensor is None:
        raise NotFound
    return render_page(
        visit.request,
        "website/reporting/thanks.html",
        code=sensor.public_code,
        is_counted=visit.request.query_params.get("geteld") == "ja",
    )
