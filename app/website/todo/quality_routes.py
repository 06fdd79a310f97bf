"""The quality list of an organisation: what is missing or doubtful, at which sensors, each leading to its field."""

from typing import Final

from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.files.writers.csv import write_lines
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.owner_faults import Fault, count_faults, list_faults
from app.sensors.registration.owner_list import (
    PAGE_ROWS,
    OwnerSearch,
    OwnerSort,
    list_owner_ids,
    list_owner_references,
    list_owner_rows,
)
from app.sensors.registration.owner_tasks import OwnerTask, count_tasks
from app.website.account.forms import parse_page
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.account.workplace import open_workplace
from app.website.own_sensors.words import TASK_NAMES, name_fault

QUALITY: Final = f"{HOME}/kwaliteit"

_HEADINGS: Final = (
    LocalizedText("Referentie", "Reference"),
    LocalizedText("Registratienummer", "Registration number"),
    LocalizedText("Naam", "Name"),
    LocalizedText("Gegeven", "Field"),
    LocalizedText("Wat er aan de hand is", "Problem"),
    LocalizedText("Toelichting", "Explanation"),
)

CONFIRM_BY: Final = LocalizedText("Bevestigen vóór", "Confirm by")

router = AccountRouter()


@router.own(QUALITY)
def show_faults(own: OwnVisit) -> Response:
    """Everything that is missing or doubtful, equal problems together."""
    workplace = open_workplace(own)
    counted = count_faults(own.session, workplace.organisation_id)
    counts = count_tasks(own.session, workplace.organisation_id, workplace.action.today)
    labels = workplace.labels
    return render_page(
        own.visit.request,
        "website/todo/quality.html",
        overdue=counts[OwnerTask.OVERDUE],
        faults=[
            (
                one.fault.write(),
                name_fault(one.fault, labels),
                one.sensors,
                labels.render(one.example) if one.example else "",
            )
            for one in counted
        ],
    )


@router.own(f"{QUALITY}/{{fout}}")
def show_sensors(own: OwnVisit) -> Response:
    """The sensors with one problem, each with a button that leads to the field."""
    workplace = open_workplace(own)
    fault = Fault.parse(own.visit.request.path_params["fout"])
    if fault is None:
        raise NotFound
    page = parse_page(own.visit.request.query_params.get("bladzijde", "1"))
    search = OwnerSearch(workplace.organisation_id, fault=fault)
    rows, total = list_owner_rows(own.session, search, OwnerSort.REFERENCE, workplace.action.today, page=page)
    return render_page(
        own.visit.request,
        "website/todo/quality_sensors.html",
        fault=fault.write(),
        field=fault.field,
        title=name_fault(fault, workplace.labels),
        sensors=[(row.public_code, row.reference, row.name) for row in rows],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_ROWS)),
    )


@router.own(f"{QUALITY}.csv")
def download(own: OwnVisit) -> Response:
    """Every problem of every sensor, a row each."""
    workplace = open_workplace(own)
    labels, owner = workplace.labels, workplace.organisation_id
    search = OwnerSearch(owner, task=OwnerTask.OVERDUE)
    overdue = list_owner_references(own.session, list_owner_ids(own.session, search, workplace.action.today))
    late = labels.render(TASK_NAMES[OwnerTask.OVERDUE])
    rows = [
        (reference, code, name or "", labels.render(CONFIRM_BY), late, "")
        for code, reference, name in overdue
    ]
    rows += [
        (
            row.reference,
            row.public_code,
            row.name or "",
            labels.render(FIELD_BY_NAME[row.fault.field].label),
            name_fault(row.fault, labels),
            labels.render(row.detail) if row.detail else "",
        )
        for row in list_faults(own.session, owner)
    ]
    names = [labels.render(heading) for heading in _HEADINGS]
    return Response(
        write_lines(names, rows, header=True, language=own.visit.language),
        headers={"Content-Disposition": 'attachment; filename="kwaliteit.csv"'},
        media_type="text/csv; charset=utf-8",
    )
