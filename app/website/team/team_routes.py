"""The people of an organisation, and its invitations: `/mijn/team`."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from app.access.invitations import (
    Invitation,
    get_invitation,
    invite_person,
    list_team_invitations,
    renew_invitation,
    withdraw_invitation,
)
from app.access.permissions import invitable_roles, is_administrator, require_administrator, require_inviter
from app.access.principal import Role
from app.access.rate_limits import limit_subject
from app.access.team import list_team
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LANGUAGES, Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import page_path, render_page
from app.mail.mail_address import normalise_address
from app.organisations.actions import amend_organisation
from app.organisations.queries import find_language
from app.sensors.publication.republish import republish_organisation
from app.website.account.form_problems import list_field_problems
from app.website.account.forms import parse_id
from app.website.account.invitation_mail import name_roles, post_invitation, show_invitation
from app.website.account.provider import find_sign_in_methods
from app.website.account.role_names import ROLE_NAMES, name_member_roles
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.team.chosen_organisation import FIELD, ChosenOrganisation, find_chosen, read_page

TEAM: Final = f"{HOME}/team"
INVITE: Final = f"{TEAM}/uitnodigen"
MEMBER: Final = f"{TEAM}/persoon"

_PEOPLE: Final = LocalizedText("Mensen", "People")
_FIELDS: Final = {"/name": "naam", "/email": "adres", "/role": "rol", "/language": "taal"}

_DONE: Final = {
    "uitgenodigd": LocalizedText(
        "De uitnodiging gaat per mail. Zij werkt twee weken.",
        "The invitation goes by mail. It works for two weeks.",
    ),
    "ingetrokken": LocalizedText(
        "De uitnodiging is ingetrokken. De link werkt niet meer.",
        "The invitation was withdrawn. Its link no longer works.",
    ),
    "taal": LocalizedText(
        "De taal van de mail is gewijzigd.",
        "The language of the mail was changed.",
    ),
    "gewijzigd": LocalizedText("De rollen zijn gewijzigd.", "The roles were changed."),
    "beeindigd": LocalizedText(
        "De toegang is beëindigd, en deze persoon is overal uitgelogd.",
        "The access has ended, and this person is signed out everywhere.",
    ),
}

router = AccountRouter()


@router.own(TEAM)
def show_team(own: OwnVisit) -> Response:
    """Show who works for the organisation, in which roles, and who was invited."""
    chosen, given = read_page(own, "gedaan")
    principal, language = own.signed_in.principal, own.visit.language
    may_change = is_administrator(principal, chosen.id)
    invitable = invitable_roles(principal, chosen.id)
    people = [
        (
            member,
            name_member_roles(member.roles, language),
            page_path(chosen.write_link(MEMBER, persoon=str(member.id)), language) if may_change else None,
        )
        for member in list_team(own.session, chosen.id)
    ]
    invitations = [
        (one, name_roles(one, language), one.expires_at > own.visit.now, _may_change(invitable, one))
        for one in list_team_invitations(own.session, chosen.id)
    ]
    done = _DONE.get(given.get("gedaan", ""))
    return render_page(
        own.visit.request,
        "website/team/team.html",
        chosen=chosen,
        people=people,
        myself=principal.id,
        invitations=invitations,
        invite_link=page_path(chosen.write_link(INVITE), language) if invitable else None,
        keys_link=page_path(chosen.write_link(f"{HOME}/sleutels"), language),
        may_choose=is_administrator(principal),
        mail_language=find_language(own.session, [chosen.id]) if chosen.id and may_change else None,
        done=done.render(language) if done else None,
    )


@router.own(f"{TEAM}/taal", "POST")
def choose_language(own: OwnVisit) -> Response:
    """Choose the language of mail to the people of the organisation. Raises: NotPermitted; NotFound."""
    chosen = find_chosen(own, own.visit.form.get(FIELD, ""))
    principal, language = own.signed_in.principal, own.visit.form.get("taal")
    require_administrator(principal, chosen.id)
    if chosen.id is None or language not in LANGUAGES:
        raise NotFound
    amend_organisation(
        own.session,
        chosen.id,
        {"language": language},
        principal_id=principal.id,
        republish=republish_organisation,
    )
    return own.visit.go_to(chosen.write_link(TEAM, gedaan="taal"))


@router.own(INVITE)
def ask_whom(own: OwnVisit) -> Response:
    """Ask whom to invite, and for which role."""
    chosen, _ = read_page(own)
    language = find_language(own.session, [chosen.id]) if chosen.id else None
    return _show_form(own, chosen, {"taal": language or own.visit.language}, [])


@router.own(INVITE, "POST")
def invite(own: OwnVisit) -> Response:
    """Invite someone: by mail, or with a link to send oneself where there is no mail server."""
    form = own.visit.form
    chosen = find_chosen(own, form.get(FIELD, ""))
    invitable = invitable_roles(own.signed_in.principal, chosen.id)
    role = next((one for one in invitable if one == form.get("rol")), None)
    language = next((one for one in LANGUAGES if one == form.get("taal")), None)
    problems = _find_problems(own, chosen, role, language)
    if role is None or language is None or problems:
        name = form.get("naam", "")
        if not name.strip():
            problems.insert(0, _problem("/name", "Vul de naam in.", "Fill in the name."))
        return _show_form(own, chosen, form, problems)
    limit_subject(own.visit.state.write_engine, "invite", str(own.signed_in.principal.id), own.visit.now)
    try:
        secret = invite_person(
            own.session,
            invited_by=own.signed_in.principal.id,
            name=form.get("naam", ""),
            email=form.get("adres", ""),
            role=role,
            organisation_id=chosen.id,
            now=own.visit.now,
            by_link=form.get("link") == "ja",
            language=language,
        )
    except InvalidRequest as refused:
        return _show_form(own, chosen, form, list(refused.problems))
    return _send(own, chosen, secret)


@router.own(f"{TEAM}/uitnodigingen", "POST")
def change_invitation(own: OwnVisit) -> Response:
    """Withdraw an invitation, or send it again with a new link."""
    form, now = own.visit.form, own.visit.now
    chosen = find_chosen(own, form.get(FIELD, ""))
    principal = own.signed_in.principal
    invitation = get_invitation(own.session, parse_id(form.get("intrekken") or form.get("opnieuw", "")))
    if invitation.organisation_id != chosen.id:
        raise NotFound
    require_inviter(principal, chosen.id, invitation.role)
    if form.get("intrekken"):
        withdraw_invitation(own.session, withdrawn_by=principal.id, invitation_id=invitation.id, now=now)
        return own.visit.go_to(chosen.write_link(TEAM, gedaan="ingetrokken"))
    limit_subject(own.visit.state.write_engine, "invite", str(principal.id), now)
    _, secret = renew_invitation(own.session, renewed_by=principal.id, invitation_id=invitation.id, now=now)
    return _send(own, chosen, secret)


def _send(own: OwnVisit, chosen: ChosenOrganisation, secret: str) -> Response:
    if own.visit.state.settings.sends_mail:
        post_invitation(own.session, secret, site=own.visit.state.public_url, now=own.visit.now)
        return own.visit.go_to(chosen.write_link(TEAM, gedaan="uitgenodigd"))
    back = _PEOPLE.render(own.visit.language), page_path(chosen.write_link(TEAM), own.visit.language)
    return show_invitation(own, secret, back=back)


def _show_form(
    own: OwnVisit, chosen: ChosenOrganisation, values: Mapping[str, str], problems: list[Problem]
) -> Response:
    language = own.visit.language
    invitable = [role for role in invitable_roles(own.signed_in.principal, chosen.id) if role in chosen.roles]
    if not invitable:
        require_inviter(own.signed_in.principal, chosen.id, "editor")
    methods = find_sign_in_methods(own.visit.request)
    return render_page(
        own.visit.request,
        "website/team/invite.html",
        status=422 if problems else 200,
        chosen=chosen,
        values=values,
        problems=list_field_problems(problems, _FIELDS, language),
        roles=[(role, ROLE_NAMES[role].render(language)) for role in invitable],
        asks_for_link=methods.provider is not None and methods.has_links,
        team_link=page_path(chosen.write_link(TEAM), language),
    )


def _find_problems(
    own: OwnVisit, chosen: ChosenOrganisation, role: Role | None, language: Language | None
) -> list[Problem]:
    problems = []
    given = own.visit.form.get("adres", "")
    address = normalise_address(given)
    if address is None:
        problems.append(
            _problem(
                "/email",
                "Vul een e-mailadres in, zoals naam@gemeente.nl.",
                "Fill in an e-mail address, such as name@gemeente.nl.",
            )
        )
    elif any(
        normalise_address(one.email) == address and one.role == role
        for one in list_team_invitations(own.session, chosen.id)
    ):
        problems.append(
            _problem(
                "/email",
                "Dit adres is al uitgenodigd. Stuur die uitnodiging opnieuw, of trek haar eerst in.",
                "This address has been invited already. Send that invitation again, or withdraw it first.",
            )
        )
    if role is None or role not in chosen.roles:
        problems.append(_problem("/role", "Kies een rol.", "Choose a role."))
    if language is None:
        problems.append(_problem("/language", "Kies een taal.", "Choose a language."))
    return problems


def _problem(location: str, nl: str, en: str) -> Problem:
    return Problem(ProblemCode.REQUIRED, location, LocalizedText(nl, en))


def _may_change(invitable: tuple[Role, ...], invitation: Invitation) -> bool:
    return invitation.role in invitable
