"""Notices of who is signed in: to the own organisation, and on what the own municipality registered for others."""

from typing import Final
from uuid import UUID

from starlette.responses import Response

from app.access.permissions import may_edit, require_editor
from app.core.errors import InvalidRequest, NotPermitted
from app.core.templates import render_page
from app.sensors.registration.behalf_notices import (
    OWN_PATH,
    REASON_MISSING,
    Notice,
    answer_notice,
    get_notice,
    list_notices,
)
from app.website.account.forms import parse_id
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import CHOOSE_FIRST
from app.website.behalf.notice_page import read_answer, render_notice

ONE: Final = f"{OWN_PATH}/{{notice_id}}"

router = AccountRouter()


@router.own(OWN_PATH)
def show_notices(own: OwnVisit) -> Response:
    """Show what was registered on behalf of the organisation, and what others answered to the municipality."""
    organisation_id = _find_organisation(own)
    codes = _list_codes(own, organisation_id)
    received, sent = list_notices(own.session, organisation_id=organisation_id, municipality_codes=codes)
    return render_page(
        own.visit.request,
        "website/behalf/list.html",
        received=received,
        sent=sent,
        is_municipality=bool(codes),
    )


@router.own(ONE)
def show_notice(own: OwnVisit) -> Response:
    """Show one of them with its sensors."""
    return _show(own, _get(own))


@router.own(ONE, "POST")
def answer_signed_in(own: OwnVisit) -> Response:
    """Take the answer of an editor of the organisation; a second press changes nothing."""
    notice, answer = _get(own), read_answer(own.visit)
    require_editor(own.signed_in.principal, notice.organisation_id)
    try:
        answer_notice(
            own.session,
            notice.id,
            answer,
            reason=own.visit.form.get("reden", ""),
            principal_id=own.signed_in.principal.id,
            site=own.visit.state.public_url,
            sends_mail=own.visit.state.settings.sends_mail,
            now=own.visit.now,
        )
    except InvalidRequest:
        return _show(own, notice, problem=REASON_MISSING.render(own.visit.language))
    return own.visit.go_to(f"{OWN_PATH}/{notice.id}")


def _show(own: OwnVisit, notice: Notice, *, problem: str | None = None) -> Response:
    return render_notice(
        own.visit,
        own.session,
        notice,
        "website/behalf/notice.html",
        problem=problem,
        may_answer=may_edit(own.signed_in.principal, notice.organisation_id),
    )


def _get(own: OwnVisit) -> Notice:
    organisation_id = _find_organisation(own)
    return get_notice(
        own.session,
        parse_id(own.visit.request.path_params["notice_id"]),
        organisation_id=organisation_id,
        municipality_codes=_list_codes(own, organisation_id),
    )


def _find_organisation(own: OwnVisit) -> UUID:
    """The organisation that the person acts for. Raises: NotPermitted."""
    if own.signed_in.organisation_id is None:
        raise NotPermitted(CHOOSE_FIRST)
    return own.signed_in.organisation_id


def _list_codes(own: OwnVisit, organisation_id: UUID) -> set[str]:
    return {
        grant.municipality_code
        for grant in own.signed_in.principal.grants
        if grant.organisation_id == organisation_id and grant.municipality_code
    }
