"""The keys of an organisation for programs: `/mijn/sleutels`. Everybody of it sees them; administrators change them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from starlette.responses import Response

from app.access.erasure import show_name
from app.access.organisation_keys import (
    KeyRole,
    OrganisationKey,
    check_key,
    find_last_day,
    find_organisation_key,
    issue_organisation_key,
    list_organisation_keys,
    offer_scopes,
    revoke_organisation_key,
)
from app.access.permissions import is_administrator, require_administrator
from app.access.principal import SCOPES, Scope
from app.access.queries import KeySummary
from app.core.formatting import format_list
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import page_path, render_page
from app.website.account.form_problems import list_field_problems, say_for_form
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.team.chosen_organisation import FIELD, ChosenOrganisation, find_chosen, read_page

KEYS: Final = f"{HOME}/sleutels"
_NEW: Final = f"{KEYS}/nieuw"
_REVOKE: Final = f"{KEYS}/intrekken"
_FIELDS: Final = {"/name": "naam", "/scopes": "mag", "/lastDay": "einde"}

_SENTENCES: Final = {
    ("/name", ProblemCode.REQUIRED): LocalizedText(
        "Vul in waarvoor de sleutel is.", "Fill in what the key is for."
    ),
}

_DATE_FORMS: Final = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    r"(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})",
)
"""As browsers send a date, and as people type it where the browser has no field for it."""

_SCOPES: Final[dict[Scope, LocalizedText]] = {
    "read": LocalizedText("lezen: ook wat niet openbaar is", "read: also what is not public"),
    "register": LocalizedText("registreren en wijzigen", "register and change"),
    "import": LocalizedText("bestanden importeren", "import files"),
}

_ROLES: Final[dict[KeyRole, LocalizedText]] = {
    "editor": LocalizedText("registreren namens de gemeente", "registering on behalf of the municipality"),
    "reviewer": LocalizedText(
        "beoordelen wat anderen in de gemeente melden", "reviewing what others notify in the municipality"
    ),
}

_DECIDE: Final = LocalizedText("beoordelen en opmerkingen maken", "review and comment")
"""The scope `register` of a key of a reviewer."""

_REGISTER_OR_DECIDE: Final = LocalizedText(
    "registreren en wijzigen, of beoordelen", "register and change, or review"
)

router = AccountRouter()


class _ShownKey(NamedTuple):
    """A key with its scopes in words and its last day; `made_by` and `link` (that revokes it) may be None."""

    one: OrganisationKey
    scopes: str
    last_day: date
    made_by: str | None
    link: str | None


@router.own(KEYS)
def show_keys(own: OwnVisit) -> Response:
    """Show the keys that work, and those that ended."""
    chosen, given = read_page(own, "gedaan")
    language, now = own.visit.language, own.visit.now
    may_change = is_administrator(own.signed_in.principal, chosen.id)
    valid: list[_ShownKey] = []
    ended: list[_ShownKey] = []
    for one in list_organisation_keys(own.session, chosen.id):
        works = one.key.revoked_at is None and one.key.expires_at > now
        revoke_link = page_path(chosen.write_link(_REVOKE, sleutel=one.key.prefix), language)
        shown = _ShownKey(
            one,
            _name_scopes(one, language),
            find_last_day(one.key.expires_at),
            show_name(one.made_by, language) if one.made_by else None,
            revoke_link if may_change else None,
        )
        (valid if works else ended).append(shown)
    return render_page(
        own.visit.request,
        "website/team/keys.html",
        chosen=chosen,
        show_prefix=_show_prefix,
        valid=valid,
        ended=ended,
        new_link=page_path(chosen.write_link(_NEW), language) if may_change else None,
        is_revoked=given.get("gedaan") == "ingetrokken",
    )


@router.own(_NEW)
def ask_for_key(own: OwnVisit) -> Response:
    """Ask what a new key is for."""
    chosen, _ = read_page(own)
    require_administrator(own.signed_in.principal, chosen.id)
    return _show_form(own, chosen, {"rol": "editor", "mag-read": "ja"}, [])


@router.own(_NEW, "POST")
def issue(own: OwnVisit) -> Response:
    """Issue a key, and show it in this answer alone."""
    form, now = own.visit.form, own.visit.now
    chosen = find_chosen(own, form.get(FIELD, ""))
    principal = own.signed_in.principal
    require_administrator(principal, chosen.id)
    scopes: list[Scope] = [one for one in SCOPES if form.get(f"mag-{one}") == "ja"]
    last_day, problems = _parse_date(form.get("einde", ""))
    name = form.get("naam", "").strip()
    role: KeyRole = "reviewer" if form.get("rol") == "reviewer" and "reviewer" in chosen.roles else "editor"
    problems += check_key(chosen.id, role=role, name=name, scopes=scopes, last_day=last_day, now=now)
    if problems:
        return _show_form(own, chosen, form, problems)
    key = issue_organisation_key(
        own.session,
        issued_by=principal.id,
        organisation_id=chosen.id,
        role=role,
        name=name,
        scopes=scopes,
        last_day=last_day,
        now=now,
    )
    return render_page(
        own.visit.request,
        "website/team/issued_key.html",
        status=201,
        name=name,
        key=key,
        last_day=find_last_day(key.expires_at),
        command=_write_command(own.visit.state.public_url, key.token, role, scopes),
        keys_link=page_path(chosen.write_link(KEYS), own.visit.language),
    )


@router.own(_REVOKE)
def ask_to_revoke(own: OwnVisit) -> Response:
    """Ask whether a key must stop working, since that cannot be taken back."""
    chosen, given = read_page(own, "sleutel")
    require_administrator(own.signed_in.principal, chosen.id)
    found = find_organisation_key(own.session, chosen.id, given.get("sleutel", ""))
    return render_page(
        own.visit.request,
        "website/team/revoke_key.html",
        chosen=chosen,
        key=found.key,
        shown_prefix=_show_prefix(found.key),
        keys_link=page_path(chosen.write_link(KEYS), own.visit.language),
    )


@router.own(_REVOKE, "POST")
def revoke(own: OwnVisit) -> Response:
    """Revoke a key."""
    chosen = find_chosen(own, own.visit.form.get(FIELD, ""))
    require_administrator(own.signed_in.principal, chosen.id)
    revoke_organisation_key(
        own.session,
        revoked_by=own.signed_in.principal.id,
        organisation_id=chosen.id,
        prefix=own.visit.form.get("sleutel", ""),
        now=own.visit.now,
    )
    return own.visit.go_to(chosen.write_link(KEYS, gedaan="ingetrokken"))


def _show_form(
    own: OwnVisit, chosen: ChosenOrganisation, values: Mapping[str, str], problems: list[Problem]
) -> Response:
    language, reviews = own.visit.language, "reviewer" in chosen.roles
    return render_page(
        own.visit.request,
        "website/team/new_key.html",
        status=422 if problems else 200,
        chosen=chosen,
        values=values,
        roles=[(role, words.render(language)) for role, words in _ROLES.items()] if reviews else [],
        options=[
            (scope, (_REGISTER_OR_DECIDE if reviews and scope == "register" else words).render(language))
            for scope, words in _SCOPES.items()
            if scope in offer_scopes(chosen.id)
        ],
        scopes=[scope for scope in SCOPES if values.get(f"mag-{scope}") == "ja"],
        problems=list_field_problems(say_for_form(problems, _SENTENCES), _FIELDS, language),
        keys_link=page_path(chosen.write_link(KEYS), language),
    )


def _write_command(site: str, token: str, role: KeyRole, scopes: list[Scope]) -> str:
    """An example of a request that a key allows, for a command line."""
    start = f'curl -H "Authorization: Bearer {token}"'
    if role == "reviewer":
        return f"{start} {site}/v1/reviews"
    if "register" in scopes:
        return f'{start} -H "Content-Type: application/json" --data @sensor.json {site}/v1/sensors'
    if "import" in scopes:
        return f"{start} --data-binary @sensoren.xlsx {site}/v1/imports"
    return f"{start} {site}/v1/sensors"


def _name_scopes(one: OrganisationKey, language: Language) -> str:
    names = [
        (_DECIDE if (one.role, scope) == ("reviewer", "register") else _SCOPES[scope]).render(language)
        for scope in SCOPES
        if scope in one.key.scopes
    ]
    return format_list(names, language)


def _show_prefix(key: KeySummary) -> str:
    """The beginning of a key, by which its holder knows it."""
    return f"srk_{key.prefix}…"


def _parse_date(given: str) -> tuple[date | None, list[Problem]]:
    if not given.strip():
        return None, []
    for form in _DATE_FORMS:
        if found := re.fullmatch(form, given.strip(), re.ASCII):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"])), []
            except ValueError:
                break
    sentence = LocalizedText(
        "Schrijf de dag als 31-12-2027, of laat dit leeg.",
        "Write the day as 31-12-2027, or leave this empty.",
    )
    return None, [Problem(ProblemCode.INVALID_DATE, "/lastDay", sentence, given)]
