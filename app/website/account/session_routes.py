"""The own access of a person who is signed in: organisation, roles and sessions; and signing out, here or elsewhere."""

import logging
from datetime import UTC, datetime

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.access.oidc.refusals import SignInRefused
from app.access.oidc.relying_party import write_logout_address
from app.access.oidc.tokens import check_logout_token
from app.access.permissions import (
    is_administrator,
    may_audit,
    may_edit,
    may_see_people,
    verified_municipalities,
)
from app.access.sessions import (
    choose_organisation,
    end_provider_sessions,
    end_session,
    end_sessions_of,
    find_session,
    list_sessions,
)
from app.access.sign_in import use_logout_token
from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.errors import InvalidRequest, NotFound, Unavailable
from app.core.failed_jobs import count_failed_jobs
from app.core.http.audience import let_frame, mark_private
from app.core.query_string import split_query_string
from app.core.templates import render_page
from app.mail.outbox import count_failed_mail
from app.organisations.queries import name_organisation
from app.reports.handlers import Handler
from app.reports.queries import count_open
from app.sensors.registration.owner_tasks import OwnerTask, count_changes_requested, count_tasks
from app.sensors.registration.transfer_list import count_offers
from app.website.account.browser_names import name_browser
from app.website.account.cookies import clear_session_token, read_session_token, set_session_token
from app.website.account.forms import parse_id, read_form
from app.website.account.provider import find_sign_in_methods
from app.website.account.review_counts import count_reviews
from app.website.account.role_names import ROLE_NAMES
from app.website.account.visits import HOME, AccountRouter, OwnVisit, Visit

_log = logging.getLogger(__name__)

router = AccountRouter()


@router.own(HOME)
def show_home(own: OwnVisit) -> Response:
    """Show the person who is signed in, for which organisation, and the others to choose from."""
    grants = own.signed_in.all_grants
    language = own.visit.language
    choices = sorted(
        (
            name_organisation(own.session, organisation_id) if organisation_id else "",
            str(organisation_id or ""),
            sorted(
                ROLE_NAMES[one.role].render(language)
                for one in grants
                if one.organisation_id == organisation_id
            ),
            organisation_id == own.signed_in.organisation_id,
        )
        for organisation_id in {one.organisation_id for one in grants}
    )
    return render_page(
        own.visit.request,
        "website/account/home.html",
        person=own.signed_in.principal.name,
        is_demo=own.signed_in.method == "demo",
        choices=choices,
        tasks=_count_tasks(own),
        reviews=count_reviews(own),
        reports=_count_reports(own),
        has_duty=_has_duty(own),
        has_team=may_see_people(own.signed_in.principal, own.signed_in.organisation_id),
        has_log=may_audit(own.signed_in.principal, own.signed_in.organisation_id),
        has_requests=is_administrator(own.signed_in.principal)
        or bool(verified_municipalities(own.signed_in.principal)),
        failed=_count_failed(own),
    )


def _has_duty(own: OwnVisit) -> bool:
    """Whether the person works for a municipality now, whose rule it sees, or names one as administrator of all."""
    principal = own.signed_in.principal
    return is_administrator(principal) or any(
        grant.municipality_code and grant.organisation_id == own.signed_in.organisation_id
        for grant in principal.grants
    )


def _count_tasks(own: OwnVisit) -> int | None:
    """Sensors with a date, a reviewer or another owner that asks for something; None for who edits for none."""
    owner = own.signed_in.organisation_id
    if owner is None or not may_edit(own.signed_in.principal, owner):
        return None
    counts = count_tasks(own.session, owner, dutch_date(own.visit.now))
    dated = sum(count for task, count in counts.items() if task is not OwnerTask.OVERDUE)
    return dated + count_changes_requested(own.session, owner) + count_offers(own.session, owner)


def _count_reports(own: OwnVisit) -> tuple[int, int] | None:
    """Open and overdue reports of residents; None for who handles none."""
    handler = Handler.of_principal(own.signed_in.principal)
    return count_open(own.session, handler, dutch_date(own.visit.now)) if handler.handles_any else None


def _count_failed(own: OwnVisit) -> int | None:
    """Jobs and mails that failed; None for who does not administer the register."""
    if not is_administrator(own.signed_in.principal):
        return None
    return count_failed_jobs(own.session) + count_failed_mail(own.session)


@router.own(f"{HOME}/organisatie", "POST")
def choose(own: OwnVisit) -> Response:
    """Act for another organisation, by a new token: the old one is void."""
    given = own.visit.form.get("organisatie", "")
    token = choose_organisation(own.session, own.signed_in, parse_id(given) if given else None, own.visit.now)
    response = own.visit.go_to(HOME)
    set_session_token(own.visit.request, response, token)
    return response


@router.own(f"{HOME}/sessies")
def show_sessions(own: OwnVisit) -> Response:
    language = own.visit.language
    sessions = [
        (
            str(one.id),
            name_browser(one.browser).render(language),
            one.created_at,
            one.seen_at,
            one.id == own.signed_in.id,
        )
        for one in list_sessions(own.session, own.signed_in.principal.id, own.visit.now)
    ]
    return render_page(own.visit.request, "website/account/sessions.html", sessions=sessions)


@router.own(f"{HOME}/sessies", "POST")
def end_sessions(own: OwnVisit) -> Response:
    """End one session of one's own, or all of them, this one included."""
    person, now = own.signed_in.principal.id, own.visit.now
    which = own.visit.form.get("sessie", "")
    if which == "alle":
        end_sessions_of(own.session, person, now)
        response = own.visit.go_to("/uitgelogd")
        clear_session_token(own.visit.request, response)
        return response
    end_session(own.session, principal_id=person, session_id=parse_id(which), now=now)
    return own.visit.go_to(f"{HOME}/sessies")


@router.visit("/uitloggen", "POST")
def sign_out(visit: Visit) -> Response:
    """End the session of this browser; who has none is signed out already."""
    token = read_session_token(visit.request)
    with transaction(visit.state.write_engine) as session:
        found = find_session(session, token, visit.now) if token else None
        if found is not None:
            end_session(session, principal_id=found.principal.id, session_id=found.id, now=visit.now)
    response = visit.go_to("/uitgelogd")
    clear_session_token(visit.request, response)
    return response


@router.visit("/uitgelogd")
def show_signed_out(visit: Visit) -> Response:
    """The end, with the way to sign out at the provider too: another person may use this computer."""
    methods = find_sign_in_methods(visit.request)
    elsewhere = None
    if methods.provider is not None and methods.client is not None:
        try:
            elsewhere = write_logout_address(methods.provider, methods.client, f"{visit.state.public_url}/")
        except (SignInRefused, Unavailable):
            elsewhere = None
    return render_page(visit.request, "website/account/signed_out.html", elsewhere=elsewhere)


@router.post("/uitloggen/melding")
async def receive_logout(request: Request) -> Response:
    """The provider ends sessions. Source: OpenID Connect Back-Channel Logout 1.0, 2.5 and 2.8."""
    mark_private(request.scope)
    form = await read_form(request)
    await run_in_threadpool(_receive_logout, request, form.get("logout_token", ""))
    return Response(status_code=200)


def _receive_logout(request: Request, text: str) -> None:
    methods, state = find_sign_in_methods(request), get_app_state(request)
    if methods.provider is None or methods.client is None:
        raise NotFound
    now = datetime.now(UTC)
    try:
        logout = check_logout_token(
            text, methods.provider, client_id=methods.client.client_id, now=int(now.timestamp())
        )
    except SignInRefused as refused:
        _log.warning("a logout by the provider was refused: %s", refused)
        raise
    with transaction(state.write_engine) as session:
        if not use_logout_token(session, methods.provider.issuer, logout.token_id, now):
            raise InvalidRequest
        end_provider_sessions(
            session,
            issuer=methods.provider.issuer,
            subject=logout.subject,
            provider_session=logout.session_id,
            now=now,
        )


@router.visit("/uitloggen/kader")
def receive_front_channel_logout(visit: Visit) -> Response:
    """The provider ends a session through the browser. Source: OpenID Connect Front-Channel Logout 1.0, 2."""
    given = dict(split_query_string(visit.request.scope["query_string"]))
    methods = find_sign_in_methods(visit.request)
    if methods.provider is None:
        raise NotFound
    if given.get("iss") != methods.provider.issuer or not given.get("sid"):
        raise InvalidRequest
    with transaction(visit.state.write_engine) as session:
        end_provider_sessions(
            session,
            issuer=methods.provider.issuer,
            subject=None,
            provider_session=given["sid"],
            now=visit.now,
        )
    # A page of the provider shows this answer in a frame, and may wait for it.
    let_frame(visit.request.scope)
    response = Response(status_code=200)
    clear_session_token(visit.request, response)
    return response
