"""The inbox of residents' reports: `/mijn/meldingen`, for the municipality of the place and the owner."""

from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.reports.handlers import require_handler
from app.reports.queries import PAGE_ROWS, ReportSearch, list_reports
from app.reports.report_kinds import (
    KIND_NAMES,
    STATUS_NAMES,
    ReportKind,
    ReportStatus,
    find_kind,
    find_status,
)
from app.reports.report_mail import INBOX_PATH
from app.reports.report_subject import find_sensors_by_id
from app.website.account.forms import parse_page
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.reporting.report_words import open_report_labels

OVERDUE: Final = "te-laat"
EVERYTHING: Final = "alles"

_GROUPS: Final = {
    "": LocalizedText("open", "open"),
    OVERDUE: LocalizedText("te laat", "overdue"),
    EVERYTHING: LocalizedText("alle", "all"),
}

router = AccountRouter()


@router.own(INBOX_PATH)
def show_inbox(own: OwnVisit) -> Response:
    """One page of the reports that this person handles, the first due first."""
    handler = require_handler(own.signed_in.principal)
    given, language = own.visit.request.query_params, own.visit.language
    today = dutch_date(own.visit.now)
    chosen = {"status": given.get("status", ""), "soort": given.get("soort", "")}
    search = ReportSearch(
        status=find_status(chosen["status"]),
        kind=find_kind(chosen["soort"]),
        open_only=chosen["status"] != EVERYTHING,
        overdue_before=today if chosen["status"] == OVERDUE else None,
    )
    page = parse_page(given.get("bladzijde", ""))
    reports, total = list_reports(own.session, handler, search, page=page)
    sensors = find_sensors_by_id(own.session, [one.sensor_id for one in reports if one.sensor_id])
    labels = open_report_labels(own.session, language)
    return render_page(
        own.visit.request,
        "website/reporting/inbox.html",
        rows=[
            {
                "id": str(one.id),
                "kind": KIND_NAMES[ReportKind(one.kind)].render(language),
                "status": STATUS_NAMES[ReportStatus(one.status)].render(language),
                "sensor": sensors.get(one.sensor_id) if one.sensor_id else None,
                "municipality": labels.name_municipality(one.municipality_code)
                if one.municipality_code
                else "",
                "created_at": one.created_at,
                "due_on": one.due_on,
                "is_overdue": one.ended_at is None and one.due_on < today,
            }
            for one in reports
        ],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_ROWS)),
        query=urlencode({name: value for name, value in chosen.items() if value}),
        chosen=chosen,
        kinds=[(kind.value, KIND_NAMES[kind].render(language)) for kind in ReportKind],
        statuses=_list_statuses(own),
    )


def _list_statuses(own: OwnVisit) -> list[tuple[str, str]]:
    language = own.visit.language
    return [
        *((code, words.render(language)) for code, words in _GROUPS.items()),
        *((status.value, STATUS_NAMES[status].render(language)) for status in ReportStatus),
    ]
