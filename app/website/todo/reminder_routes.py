"""The page that the link of a reminder leads to: one button confirms, without signing in.

Opening it changes nothing, since mail scanners open links. It shows how the sensors stand now, so that pressing twice,
or coming back later, does no harm.
"""

from starlette.responses import Response

from app.core.database import transaction
from app.core.templates import render_page
from app.organisations.queries import name_organisation
from app.sensors.reminders.mail_links import LinkState, confirm_by_link, find_mail_link
from app.website.account.sign_in_page import read_query
from app.website.account.visits import AccountRouter, Visit
from app.website.todo.reminder_mail import CONFIRM

NAMED = 200
"""Sensors in one state that the page lists; the others are counted."""

router = AccountRouter()


@router.visit(CONFIRM)
def show_reminder(visit: Visit) -> Response:
    """The sensors that the button would confirm, those that were confirmed since the mail, and those that cannot be."""
    secret = read_query(visit, ("sleutel",)).get("sleutel", "")
    with transaction(visit.state.write_engine) as session:
        link = find_mail_link(session, secret, visit.now)
        name = name_organisation(session, link.organisation_id) if link else None
    groups = [(state, link.list_in(state)) for state in LinkState] if link else []
    return render_page(
        visit.request,
        "website/todo/reminder.html",
        status=200 if link else 404,
        organisation=name,
        groups={state.value: (len(sensors), sensors[:NAMED]) for state, sensors in groups},
        secret=secret,
    )


@router.visit(CONFIRM, "POST")
def confirm(visit: Visit) -> Response:
    """Confirm what is due, and show the same page, which then says so."""
    secret = visit.form.get("sleutel", "")
    with transaction(visit.state.write_engine) as session:
        confirm_by_link(session, secret, visit.now)
    return visit.go_to(f"{CONFIRM}?sleutel={secret}")
