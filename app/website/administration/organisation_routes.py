"""The organisations of the register, for who administers it: `/mijn/beheer/organisaties`."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from app.access.organisation_keys import list_organisation_keys
from app.access.team import list_team
from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import page_path, render_page
from app.organisations.actions import amend_organisation, end_organisation, reopen_organisation
from app.organisations.queries import find_ended_at, get_organisation, search_organisations
from app.sensors.publication.owner_counts import count_published_of
from app.sensors.publication.republish import republish_organisation
from app.vocabularies.queries import load_vocabularies
from app.website.account.form_problems import list_field_problems
from app.website.account.forms import parse_id, parse_page
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator

ORGANISATIONS: Final = f"{ADMINISTRATION}/organisaties"
_ONE: Final = f"{ORGANISATIONS}/{{organisatie}}"
_PAGE_ROWS: Final = 50
_MAX_REASON: Final = 1000
_FIELDS: Final = {"/name": "naam", "/reason": "reden"}

_DONE: Final = {
    "hernoemd": LocalizedText(
        "De organisatie heeft een nieuwe naam. Haar sensoren tonen die.",
        "The organisation has a new name. Its sensors show it.",
    ),
    "beeindigd": LocalizedText(
        "De organisatie is beëindigd. Niemand kan er nog voor werken.",
        "The organisation has ended. No one can work for it any more.",
    ),
    "heropend": LocalizedText(
        "De organisatie doet weer mee. Geef mensen opnieuw een rol.",
        "The organisation takes part again. Give people a role again.",
    ),
}

router = AccountRouter()


@router.own(ORGANISATIONS)
def show_organisations(own: OwnVisit) -> Response:
    """Show the organisations with some words in their name, or with a code or number."""
    require_register_administrator(own)
    given = own.visit.request.query_params
    words, page = given.get("zoek", "").strip()[:100], parse_page(given.get("bladzijde", "1"))
    found, total = search_organisations(own.session, words, limit=_PAGE_ROWS, offset=(page - 1) * _PAGE_ROWS)
    vocabularies = load_vocabularies(own.session)
    return render_page(
        own.visit.request,
        "website/administration/organisations.html",
        words=words,
        organisations=[
            (one, vocabularies.label("organisationType", one.organisation_type).render(own.visit.language))
            for one in found
        ],
        total=total,
        page=page,
        pages=max(1, -(-total // _PAGE_ROWS)),
        query=urlencode({"zoek": words}) if words else "",
    )


@router.own(_ONE)
def show_organisation(own: OwnVisit) -> Response:
    """Show one organisation: what it is, who works there, and the forms that rename and end it."""
    require_register_administrator(own)
    return _show(own, _read_id(own), [])


@router.own(f"{_ONE}/naam", "POST")
def rename(own: OwnVisit) -> Response:
    """Give the organisation another name, which its sensors show."""
    administrator, organisation_id = require_register_administrator(own), _read_id(own)
    try:
        with own.session.begin_nested():
            amend_organisation(
                own.session,
                organisation_id,
                {"name": own.visit.form.get("naam", "").strip()},
                principal_id=administrator,
                republish=republish_organisation,
            )
    except InvalidRequest as refused:
        return _show(own, organisation_id, list(refused.problems))
    return own.visit.go_to(f"{ORGANISATIONS}/{organisation_id}?gedaan=hernoemd")


@router.own(f"{_ONE}/einde", "POST")
def end(own: OwnVisit) -> Response:
    """End the organisation, or take that back."""
    administrator, organisation_id = require_register_administrator(own), _read_id(own)
    reason = own.visit.form.get("reden", "").strip()
    if not reason or len(reason) > _MAX_REASON:
        sentence = LocalizedText(
            f"Vul in waarom, in hoogstens {_MAX_REASON} tekens.",
            f"Fill in why, in at most {_MAX_REASON} characters.",
        )
        return _show(own, organisation_id, [Problem(ProblemCode.REQUIRED, "/reason", sentence)])
    if own.visit.form.get("heropen") == "ja":
        reopen_organisation(own.session, organisation_id, principal_id=administrator, reason=reason)
        return own.visit.go_to(f"{ORGANISATIONS}/{organisation_id}?gedaan=heropend")
    end_organisation(
        own.session, organisation_id, principal_id=administrator, now=own.visit.now, reason=reason
    )
    return own.visit.go_to(f"{ORGANISATIONS}/{organisation_id}?gedaan=beeindigd")


def _show(own: OwnVisit, organisation_id: UUID, problems: list[Problem]) -> Response:
    language, now, form = own.visit.language, own.visit.now, own.visit.form
    organisation = get_organisation(own.session, organisation_id).organisation
    kind = load_vocabularies(own.session).label("organisationType", organisation.organisation_type or "")
    keys = [
        one
        for one in list_organisation_keys(own.session, organisation_id)
        if one.key.revoked_at is None and one.key.expires_at > now
    ]
    numbers = (("KVK", organisation.kvk_number), ("OIN", organisation.oin), ("TOOI", organisation.tooi_code))
    done = _DONE.get(own.visit.request.query_params.get("gedaan", ""))
    return render_page(
        own.visit.request,
        "website/administration/organisation.html",
        status=422 if problems else 200,
        id=organisation_id,
        name=organisation.name or str(organisation_id),
        kind=kind.render(language),
        is_private=organisation.is_nameless,
        numbers=[(name, number) for name, number in numbers if number],
        contacts=[
            one
            for one in (organisation.public_email, organisation.public_phone, organisation.contact_url)
            if one
        ],
        people=len(list_team(own.session, organisation_id)),
        keys=len(keys),
        sensors=count_published_of(own.session, organisation_id),
        ended_at=find_ended_at(own.session, organisation_id),
        team_link=page_path(f"/mijn/team?organisatie={organisation_id}", language),
        keys_link=page_path(f"/mijn/sleutels?organisatie={organisation_id}", language),
        sensors_link=page_path(f"/sensoren?owner={organisation_id}", language),
        typed_name=form.get("naam", organisation.name or ""),
        reason=form.get("reden", ""),
        problems=list_field_problems(problems, _FIELDS, language),
        done=done.render(language) if done else None,
    )


def _read_id(own: OwnVisit) -> UUID:
    return parse_id(own.visit.request.path_params["organisatie"])
