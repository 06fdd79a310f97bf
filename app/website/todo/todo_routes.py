"""The tasks of an organisation: `/mijn/taken`."""

from typing import Final

from starlette.responses import Response

from app.access.permissions import is_administrator, verified_municipalities
from app.core.templates import render_page
from app.organisations.joining import list_requests
from app.sensors.registration.drafts import list_drafts
from app.sensors.registration.owner_faults import count_faults
from app.sensors.registration.owner_tasks import OwnerTask, count_tasks
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.account.workplace import open_workplace

TODO: Final = f"{HOME}/taken"

router = AccountRouter()


@router.own(TODO)
def show_todo(own: OwnVisit) -> Response:
    """Every task with the number of sensors or requests that it is about, and the page where it is done."""
    workplace = open_workplace(own)
    owner, principal = workplace.organisation_id, own.signed_in.principal
    counts = count_tasks(own.session, owner, workplace.action.today)
    decides = is_administrator(principal) or bool(verified_municipalities(principal))
    faults = count_faults(own.session, owner)
    return render_page(
        own.visit.request,
        "website/todo/todo.html",
        counts={task.value: counts[task] for task in OwnerTask},
        drafts=len(list_drafts(own.session, principal, owner)),
        faults=len(faults),
        requests=len(list_requests(own.session, principal)) if decides else 0,
    )
