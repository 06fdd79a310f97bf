"""The tasks of an organisation: `/mijn/taken`."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response

from app.access.permissions import is_administrator, may_edit, verified_municipalities
from app.core.clock import dutch_date
from app.core.templates import render_page
from app.organisations.joining import list_requests
from app.reports.handlers import Handler
from app.reports.queries import count_open
from app.reports.sightings import DoubtedSensor, list_doubted_sensors
from app.sensors.registration.drafts import list_drafts
from app.sensors.registration.owner_faults import count_faults
from app.sensors.registration.owner_tasks import (
    OwnerTask,
    count_changes_requested,
    count_tasks,
    list_changes_requested,
)
from app.sensors.registration.review_queue import QueueCounts
from app.sensors.registration.transfer_list import count_offers
from app.website.account.review_counts import count_reviews
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.account.workplace import open_workplace
from app.website.todo.reviewers_notice import find_reviewers

TODO: Final = f"{HOME}/taken"

router = AccountRouter()


@router.own(TODO)
def show_todo(own: OwnVisit) -> Response:
    """Every task with the number of what it is about, and the page where it is done."""
    principal, organisation_id = own.signed_in.principal, own.signed_in.organisation_id
    reviews = count_reviews(own)
    if reviews is not None and organisation_id is not None and not may_edit(principal, organisation_id):
        # A reviewer who registers nothing.
        return _render(own, reviews=reviews)
    workplace = open_workplace(own)
    owner = workplace.organisation_id
    decides = is_administrator(principal) or bool(verified_municipalities(principal))
    return _render(
        own,
        reviews=reviews,
        counts=count_tasks(own.session, owner, workplace.action.today),
        changes=count_changes_requested(own.session, owner),
        asked=list_changes_requested(own.session, owner),
        drafts=len(list_drafts(own.session, principal, owner)),
        faults=len(count_faults(own.session, owner)),
        requests=len(list_requests(own.session, principal)) if decides else 0,
        doubted=list_doubted_sensors(own.session, owner, own.visit.now),
        offers=count_offers(own.session, owner),
    )


def _render(  # noqa: PLR0913 - one for each kind of task
    own: OwnVisit,
    *,
    reviews: QueueCounts | None,
    counts: Mapping[OwnerTask, int] | None = None,
    changes: int = 0,
    asked: Sequence[tuple[str, str]] = (),
    drafts: int = 0,
    faults: int = 0,
    requests: int = 0,
    doubted: Sequence[DoubtedSensor] = (),
    offers: int = 0,
) -> Response:
    tasks = counts or {}
    return render_page(
        own.visit.request,
        "website/todo/todo.html",
        counts={task.value: tasks.get(task, 0) for task in OwnerTask},
        reviews=reviews or QueueCounts(0, 0, 0, 0, 0),
        changes=changes,
        asked=asked,
        drafts=drafts,
        faults=faults,
        requests=requests,
        offers=offers,
        reports=count_open(
            own.session, Handler.of_principal(own.signed_in.principal), dutch_date(own.visit.now)
        ),
        doubted=doubted,
        reviewers=find_reviewers(own),
    )
