"""People across organisations, for who administers the register: `/mijn/beheer/mensen`."""

from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from app.access.endings import end_principal
from app.access.erasure import show_name
from app.access.invitations import list_invitations
from app.access.people import FoundPerson, find_person, list_addresses, search_people
from app.access.queries import list_grants
from app.audit.actions import record_action
from app.core.errors import Conflict, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import page_path, render_page
from app.organisations.queries import name_organisation
from app.privacy.erasure import erase_person
from app.website.account.form_problems import list_field_problems
from app.website.account.forms import parse_id, parse_page
from app.website.account.role_names import ROLE_NAMES
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator

PEOPLE: Final = f"{ADMINISTRATION}/mensen"
_ONE: Final = f"{PEOPLE}/{{persoon}}"
_PAGE_ROWS: Final = 50
_MAX_REASON: Final = 1000
_FIELDS: Final = {"/reason": "reden", "/confirmed": "zeker"}

_DONE: Final = {
    "beeindigd": LocalizedText(
        "De toegang is overal beëindigd, en deze persoon is uitgelogd.",
        "The access has ended everywhere, and this person is signed out.",
    ),
    "gewist": LocalizedText(
        "De gegevens van deze persoon zijn gewist.", "The data of this person were erased."
    ),
}

router = AccountRouter()


@router.own(PEOPLE)
def show_people(own: OwnVisit) -> Response:
    """Show the people with some words in their name or address, and the invitations that wait."""
    require_register_administrator(own)
    given = own.visit.request.query_params
    words, page = given.get("zoek", "").strip()[:100], parse_page(given.get("bladzijde", "1"))
    found, total = search_people(own.session, words, limit=_PAGE_ROWS, offset=(page - 1) * _PAGE_ROWS)
    language = own.visit.language
    done = _DONE.get(given.get("gedaan", ""))
    invitations = list_invitations(own.session, None, own.visit.now) if not words and page == 1 else []
    return render_page(
        own.visit.request,
        "website/administration/people.html",
        words=words,
        people=[(one, show_name(one.name, language)) for one in found],
        total=total,
        page=page,
        pages=max(1, -(-total // _PAGE_ROWS)),
        query=urlencode({"zoek": words}) if words else "",
        invitations=[
            (
                one,
                ROLE_NAMES[one.role].render(language),
                name_organisation(own.session, one.organisation_id) if one.organisation_id else "",
            )
            for one in invitations
        ],
        done=done.render(language) if done else None,
    )


@router.own(_ONE)
def show_person(own: OwnVisit) -> Response:
    """Show one person with every role, and the forms that end the access and erase the data."""
    administrator, person = require_register_administrator(own), _find(own)
    record_action(
        own.session,
        principal_id=administrator,
        action="read_private_data",
        subject_kind="private_data",
        subject_ids=[person.id],
        details={"detail": PEOPLE, "count": 1},
    )
    return _show(own, person, [])


@router.own(f"{_ONE}/einde", "POST")
def end(own: OwnVisit) -> Response:
    """End the access of a person everywhere, with keys and sessions."""
    administrator, person = require_register_administrator(own), _find(own)
    reason, problems = _read_reason(own)
    if problems:
        return _show(own, person, problems, form="einde")
    try:
        with own.session.begin_nested():
            end_principal(
                own.session,
                ended_by=administrator,
                principal_id=person.id,
                now=own.visit.now,
                reason=reason,
            )
    except Conflict as refused:
        return _show(own, person, [_say(refused)], form="einde", status=409)
    return own.visit.go_to(f"{PEOPLE}?gedaan=beeindigd")


@router.own(f"{_ONE}/wissen", "POST")
def erase(own: OwnVisit) -> Response:
    """Erase the data of a person, whose access ends; that cannot be taken back."""
    administrator, person = require_register_administrator(own), _find(own)
    reason, problems = _read_reason(own)
    if own.visit.form.get("zeker") != "ja":
        sentence = LocalizedText("Vink aan dat u het zeker weet.", "Tick that you are sure.")
        problems.append(Problem(ProblemCode.REQUIRED, "/confirmed", sentence))
    if problems:
        return _show(own, person, problems, form="wissen")
    try:
        with own.session.begin_nested():
            erase_person(
                own.session,
                erased_by=administrator,
                principal_id=person.id,
                now=own.visit.now,
                reason=reason,
            )
    except Conflict as refused:
        return _show(own, person, [_say(refused)], form="wissen", status=409)
    return own.visit.go_to(f"{PEOPLE}?gedaan=gewist")


def _find(own: OwnVisit) -> FoundPerson:
    person = find_person(own.session, parse_id(own.visit.request.path_params["persoon"]))
    if person is None:
        raise NotFound(LocalizedText("Deze persoon bestaat niet.", "There is no such person."))
    return person


def _show(
    own: OwnVisit, person: FoundPerson, problems: list[Problem], *, form: str = "", status: int | None = None
) -> Response:
    language = own.visit.language
    prefix = f"{form}-" if form else ""
    fields = {location: f"{prefix}{name}" for location, name in _FIELDS.items()}
    grants = list_grants(own.session, [person.id])
    return render_page(
        own.visit.request,
        "website/administration/person.html",
        status=status or (422 if problems else 200),
        person=person,
        name=show_name(person.name, language),
        addresses=list_addresses(own.session, person.id),
        roles=[
            (
                ROLE_NAMES[one.role].render(language),
                name_organisation(own.session, one.organisation_id) if one.organisation_id else "",
                page_path(f"/mijn/team?organisatie={one.organisation_id}", language)
                if one.organisation_id
                else "",
            )
            for one in grants
        ],
        is_myself=person.id == own.signed_in.principal.id,
        reason=own.visit.form.get("reden", ""),
        form=form,
        problems=list_field_problems(problems, fields, language) if problems else [],
    )


def _read_reason(own: OwnVisit) -> tuple[str, list[Problem]]:
    reason = own.visit.form.get("reden", "").strip()
    if reason and len(reason) <= _MAX_REASON:
        return reason, []
    sentence = LocalizedText(
        f"Vul in waarom, in hoogstens {_MAX_REASON} tekens.",
        f"Fill in why, in at most {_MAX_REASON} characters.",
    )
    return reason, [Problem(ProblemCode.REQUIRED, "/reason", sentence)]


def _say(refused: Conflict) -> Problem:
    return Problem(ProblemCode.REQUIRED, "/reason", refused.detail or refused.title)
