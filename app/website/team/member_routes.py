"""One person of an organisation: other roles, and the end of the access. For administrators."""

from typing import Final

from starlette.responses import Response

from app.access.permissions import require_administrator
from app.access.principal import Role
from app.access.team import TeamMember, change_roles, end_membership, find_member, list_keys_made_by
from app.core.errors import Conflict, InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import page_path, render_page
from app.website.account.form_problems import list_field_problems
from app.website.account.forms import parse_id
from app.website.account.role_names import ROLE_NAMES
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.team.chosen_organisation import FIELD, ChosenOrganisation, find_chosen, read_page
from app.website.team.team_routes import MEMBER, TEAM

_ENDING: Final = f"{MEMBER}/einde"
_FIELDS: Final = {"/roles": "rol", "/reason": "reden"}
_MAX_REASON: Final = 1000

router = AccountRouter()


@router.own(MEMBER)
def show_member(own: OwnVisit) -> Response:
    """Show the roles of a person, and the form that ends the access."""
    chosen, given = read_page(own, "persoon")
    require_administrator(own.signed_in.principal, chosen.id)
    if "persoon" not in given:
        return own.visit.go_to(chosen.write_link(TEAM))
    member = find_member(own.session, chosen.id, parse_id(given["persoon"]))
    return _show(own, chosen, member, member.roles, [])


@router.own(MEMBER, "POST")
def change(own: OwnVisit) -> Response:
    """Give the roles that were chosen."""
    chosen, member = _find(own)
    roles = tuple(role for role in chosen.roles if own.visit.form.get(f"rol-{role}") == "ja")
    try:
        change_roles(
            own.session,
            changed_by=own.signed_in.principal.id,
            organisation_id=chosen.id,
            principal_id=member.id,
            roles=roles,
            now=own.visit.now,
        )
    except InvalidRequest as refused:
        return _show(own, chosen, member, roles, list(refused.problems))
    except Conflict as refused:
        return _show(own, chosen, member, roles, [_say(refused, "/roles")])
    return own.visit.go_to(chosen.write_link(TEAM, gedaan="gewijzigd"))


@router.own(_ENDING, "POST")
def end(own: OwnVisit) -> Response:
    """End the access; a reason is written in the audit trail."""
    chosen, member = _find(own)
    reason = own.visit.form.get("reden", "").strip()
    if not reason or len(reason) > _MAX_REASON:
        sentence = LocalizedText(
            f"Vul in waarom, in hoogstens {_MAX_REASON} tekens.",
            f"Fill in why, in at most {_MAX_REASON} characters.",
        )
        problem = Problem(ProblemCode.REQUIRED, "/reason", sentence)
        return _show(own, chosen, member, member.roles, [problem])
    try:
        end_membership(
            own.session,
            ended_by=own.signed_in.principal.id,
            organisation_id=chosen.id,
            principal_id=member.id,
            reason=reason,
            with_keys=own.visit.form.get("sleutels") == "ja",
            now=own.visit.now,
        )
    except Conflict as refused:
        return _show(own, chosen, member, member.roles, [_say(refused, "/reason")])
    return own.visit.go_to(chosen.write_link(TEAM, gedaan="beeindigd"))


@router.own(_ENDING)
def lead_to_team(own: OwnVisit) -> Response:
    """The page of a form to correct, in the other language or read again."""
    return own.visit.go_to(TEAM)


def _find(own: OwnVisit) -> tuple[ChosenOrganisation, TeamMember]:
    chosen = find_chosen(own, own.visit.form.get(FIELD, ""))
    require_administrator(own.signed_in.principal, chosen.id)
    return chosen, find_member(own.session, chosen.id, parse_id(own.visit.form.get("persoon", "")))


def _show(
    own: OwnVisit,
    chosen: ChosenOrganisation,
    member: TeamMember,
    roles: tuple[Role, ...],
    problems: list[Problem],
) -> Response:
    language = own.visit.language
    return render_page(
        own.visit.request,
        "website/team/member.html",
        status=422 if problems else 200,
        chosen=chosen,
        member=member,
        is_myself=member.id == own.signed_in.principal.id,
        options=[(role, ROLE_NAMES[role].render(language)) for role in chosen.roles],
        roles=roles,
        keys=list_keys_made_by(own.session, chosen.id, member.id),
        reason=own.visit.form.get("reden", ""),
        with_keys="reden" not in own.visit.form or own.visit.form.get("sleutels") == "ja",
        problems=list_field_problems(problems, _FIELDS, language),
        team_link=page_path(chosen.write_link(TEAM), language),
    )


def _say(refused: Conflict, location: str) -> Problem:
    return Problem(ProblemCode.REQUIRED, location, refused.detail or refused.title)
