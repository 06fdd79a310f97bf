"""The table of an organisation's sensors, and the download of all of them."""

from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.access.sessions import PersonSession
from app.core.database import transaction
from app.core.http.streaming import StreamedAnswer
from app.core.templates import render_page
from app.exports.owner_table import TABLE_FORMATS, spool_registrations
from app.files.writers.schema import EXCEL, Format
from app.files.writers.spooled_file import SpooledFile
from app.sensors.registration.owner_list import PAGE_ROWS, OwnerRow, OwnerSort, list_owner_rows
from app.sensors.registration.owner_tasks import OwnerTask
from app.sensors.registration.remarks import count_requests
from app.sensors.registration_status import RegistrationStatus
from app.sensors.search.operational_status import OperationalStatus
from app.website.account.visits import HOME, AccountRouter, OwnVisit, Visit
from app.website.account.workplace import Workplace, open_workplace
from app.website.own_sensors.list_form import SEARCH_FIELDS, read_list_form
from app.website.own_sensors.words import SORT_NAMES, TASK_NAMES, name_fault

SENSORS: Final = f"{HOME}/sensoren"

router = AccountRouter()


@router.own(SENSORS)
def show_list(own: OwnVisit) -> Response:
    """One page of the table, with its search."""
    return render_list(open_workplace(own))


def render_list(workplace: Workplace, *, problem: str | None = None, status: int = 200) -> Response:
    """The table of the address; `problem` says why nothing was done with what was chosen."""
    own, labels, today = workplace.own, workplace.labels, workplace.action.today
    form = read_list_form(own.visit.request.query_params, workplace.organisation_id)
    rows, total = list_owner_rows(own.session, form.search, form.sort, today, page=form.page)
    sent_back = [row.id for row in rows if row.registration_status is RegistrationStatus.CHANGES_REQUESTED]
    requests = count_requests(own.session, sent_back)
    pages = max(1, -(-total // PAGE_ROWS))
    return render_page(
        own.visit.request,
        "website/own_sensors/list.html",
        status=status,
        problem=problem,
        values={name: form.values.get(name, "") for name in SEARCH_FIELDS},
        rows=[_describe(row, workplace, requests.get(row.id, 0)) for row in rows],
        total=total,
        page=form.page,
        pages=pages,
        query=form.write_query(),
        previous=form.write_query(bladzijde=form.page - 1) if form.page > 1 else None,
        following=form.write_query(bladzijde=form.page + 1) if form.page < pages else None,
        sorts=[(one.value, labels.render(SORT_NAMES[one]), one is form.sort) for one in OwnerSort],
        types=_list_terms(workplace, "sensorType"),
        registration_statuses=[
            (one.value, labels.name_term("registrationStatus", one)) for one in RegistrationStatus
        ],
        operational_statuses=[
            (one.value, labels.name_term("operationalStatus", one)) for one in OperationalStatus
        ],
        fault=name_fault(form.search.fault, labels) if form.search.fault else None,
        tasks=[(one.value, labels.render(TASK_NAMES[one])) for one in OwnerTask],
        bounds=form.search.box or workplace.home_bounds,
        owner=str(workplace.organisation_id),
    )


@router.own_file(f"{SENSORS}/download")
async def download(visit: Visit, signed_in: PersonSession) -> Response:
    """All registrations of the organisation with labels as headings, to be changed in Excel and uploaded again."""
    asked = visit.request.query_params.get("formaat", EXCEL.suffix)
    form = next((one for one in TABLE_FORMATS if one.suffix == asked), EXCEL)
    async with visit.state.export_limiter.acquire():
        spooled = await run_in_threadpool(_spool, visit, signed_in, form)

    async def close() -> None:
        spooled.close()

    return StreamedAnswer(
        spooled.read(),
        media_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="sensoren.{form.suffix}"'},
        close=close,
        stalled_after_seconds=visit.state.settings.stream_timeout_seconds,
        size_bytes=spooled.size_bytes,
    )


def _spool(visit: Visit, signed_in: PersonSession, form: Format) -> SpooledFile:
    with transaction(visit.state.write_engine) as session:
        workplace = open_workplace(OwnVisit(visit, session, signed_in))
        return spool_registrations(session, workplace.organisation_id, form, language=visit.language)


def _describe(row: OwnerRow, workplace: Workplace, requests: int) -> dict[str, Any]:
    labels = workplace.labels
    return {
        "code": row.public_code,
        "reference": row.reference,
        "name": row.name,
        "type": labels.name_term("sensorType", row.sensor_type),
        "municipality": labels.name_municipality(row.municipality_code) if row.municipality_code else "",
        "registration": labels.name_term("registrationStatus", row.registration_status),
        "asks_changes": row.registration_status is RegistrationStatus.CHANGES_REQUESTED,
        "requests": requests,
        "status": labels.name_term("operationalStatus", row.operational_status),
        "until": row.active_until,
        "confirm_by": row.confirm_by if row.removed_on is None else None,
        "is_overdue": row.removed_on is None and row.confirm_by < workplace.action.today,
        "removed_on": row.removed_on,
        "warnings": row.warnings,
    }


def _list_terms(workplace: Workplace, vocabulary: str) -> list[tuple[str, str]]:
    terms = workplace.labels.vocabularies.by_name[vocabulary].terms
    return [(code, workplace.labels.name_term(vocabulary, code)) for code in terms]
