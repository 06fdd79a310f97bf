"""The organisations that a municipality trusts: seen by its people, found by name and changed by its administrators."""

from typing import Final

from starlette.responses import Response

from app.core.errors import Conflict, InvalidRequest
from app.core.i18n import LocalizedText
from app.core.templates import page_path, render_page
from app.duties.actions import end_trust, trust_organisation
from app.duties.queries import list_trusted
from app.organisations.queries import find_by_name
from app.vocabularies.queries import load_vocabularies
from app.website.account.forms import parse_id
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.duties.chosen_municipality import FIELD, ChosenMunicipality, find_chosen, read_page
from app.website.duties.duty_routes import DUTY

TRUST: Final = f"{HOME}/vertrouwd"
_MOST_FOUND: Final = 20

_DONE: Final = {
    "vertrouwd": LocalizedText(
        "Wat deze organisatie hier registreert, staat vanaf nu meteen in het register.",
        "What this organisation registers here is public at once from now on.",
    ),
    "beeindigd": LocalizedText(
        "Wat deze organisatie hier registreert, beoordeelt u vanaf nu eerst.",
        "What this organisation registers here is reviewed first from now on.",
    ),
}
_NO_NAME: Final = LocalizedText(
    "Vul een deel van de naam van de organisatie in.", "Fill in a part of the name of the organisation."
)

router = AccountRouter()


@router.own(TRUST)
def show_trusted(own: OwnVisit) -> Response:
    """Show the trusted organisations, and those that a part of a name finds."""
    chosen, given = read_page(own, "gedaan", "naam")
    if chosen is None:
        return render_page(own.visit.request, "website/duties/choose.html", field=FIELD, action=TRUST)
    done = _DONE.get(given.get("gedaan", ""))
    return _show(own, chosen, typed=given.get("naam"), done=done)


@router.own(TRUST, "POST")
def change_trust(own: OwnVisit) -> Response:
    """Trust an organisation, or end that."""
    form, principal, now = own.visit.form, own.signed_in.principal, own.visit.now
    chosen = find_chosen(own, form.get(FIELD, ""))
    organisation_id = parse_id(form.get("organisatie", ""))
    if form.get("besluit") == "beeindig":
        end_trust(own.session, principal, chosen.code, organisation_id, now=now)
        return own.visit.go_to(chosen.write_link(TRUST, gedaan="beeindigd"))
    try:
        trust_organisation(own.session, principal, chosen.code, organisation_id, now=now)
    except InvalidRequest as refused:
        return _show(own, chosen, wrong=refused.problems[0].detail, status=422)
    except Conflict as refused:
        return _show(own, chosen, wrong=refused.detail, status=409)
    return own.visit.go_to(chosen.write_link(TRUST, gedaan="vertrouwd"))


def _show(  # noqa: PLR0913 - the states that the page has
    own: OwnVisit,
    chosen: ChosenMunicipality,
    *,
    typed: str | None = None,
    done: LocalizedText | None = None,
    wrong: LocalizedText | None = None,
    status: int = 200,
) -> Response:
    language = own.visit.language
    trusted = list_trusted(own.session, chosen.code)
    current = {one.organisation_id for one in trusted if one.ended_at is None}
    if typed is not None and not typed.strip():
        wrong, status = _NO_NAME, 422
    found = find_by_name(own.session, typed, limit=_MOST_FOUND + 1) if typed and typed.strip() else []
    labels = load_vocabularies(own.session).labels("organisationType")
    return render_page(
        own.visit.request,
        "website/duties/trusted.html",
        status=status,
        chosen=chosen,
        current=[one for one in trusted if one.ended_at is None],
        former=[one for one in trusted if one.ended_at is not None],
        typed=typed,
        found=[
            (one, labels[one.organisation_type].render(language), one.id in current)
            for one in found[:_MOST_FOUND]
            if one.municipality_code != chosen.code
        ],
        has_more=len(found) > _MOST_FOUND,
        problems=[("naam", wrong.render(language))] if wrong else [],
        done=done.render(language) if done else None,
        duty_link=page_path(chosen.write_link(DUTY), language),
        action=TRUST,
    )
