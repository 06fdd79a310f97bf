"""The page of the link in the mail: what a municipality registered on behalf of the organisation, and two buttons."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.core.database import transaction
from app.core.errors import InvalidRequest
from app.core.templates import render_page
from app.sensors.registration.behalf_notices import (
    LINK_PATH,
    REASON_MISSING,
    Notice,
    answer_notice,
    find_notice,
)
from app.website.account.visits import AccountRouter, Visit
from app.website.behalf.notice_page import read_answer, render_notice

router = AccountRouter()


@router.visit(LINK_PATH)
def show_told(visit: Visit) -> Response:
    """Show what was registered: opening the link changes nothing, since mail scanners open links."""
    secret = visit.request.query_params.get("sleutel", "")
    with transaction(visit.state.write_engine) as session:
        notice = find_notice(session, secret, visit.now)
        return _refuse(visit) if notice is None else _show(visit, session, notice, secret)


@router.visit(LINK_PATH, "POST")
def answer_by_link(visit: Visit) -> Response:
    """Take the answer, and show it; a second press changes nothing."""
    secret, answer = visit.form.get("sleutel", ""), read_answer(visit)
    with transaction(visit.state.write_engine) as session:
        notice = find_notice(session, secret, visit.now)
        if notice is None:
            return _refuse(visit)
        try:
            answer_notice(
                session,
                notice.id,
                answer,
                reason=visit.form.get("reden", ""),
                principal_id=None,
                site=visit.state.public_url,
                sends_mail=visit.state.settings.sends_mail,
                now=visit.now,
            )
        except InvalidRequest:
            return _show(visit, session, notice, secret, problem=REASON_MISSING.render(visit.language))
    return visit.go_to(f"{LINK_PATH}?sleutel={secret}")


def _show(
    visit: Visit, session: Session, notice: Notice, secret: str, *, problem: str | None = None
) -> Response:
    template = "website/behalf/link.html"
    return render_notice(visit, session, notice, template, problem=problem, secret=secret)


def _refuse(visit: Visit) -> Response:
    return render_page(visit.request, "website/behalf/link_ended.html", status=404)
