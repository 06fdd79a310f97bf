"""The requests of organisations to join, for who decides on them: `/mijn/verzoeken`."""

from typing import Final

from starlette.responses import Response

from app.access.permissions import is_administrator, verified_municipalities
from app.core.errors import Conflict, InvalidRequest, NotPermitted
from app.core.i18n import LocalizedText
from app.core.mail_notice import add_mail_notice
from app.core.templates import localise_path, page_path, render_page
from app.mail.outbox import post_mail
from app.municipalities.queries import load_directory
from app.organisations.joining import (
    IDENTIFIERS,
    RequestToJoin,
    list_namesakes,
    list_requests,
    refuse_request,
    verify_request,
)
from app.vocabularies.queries import load_vocabularies
from app.website.account.forms import parse_id
from app.website.account.invitation_mail import post_invitation, show_invitation
from app.website.account.sign_in_page import read_query
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.joining.join_routes import JOIN, REQUESTS

_MAX_REASON: Final = 1000
_IDENTIFIER_NAMES: Final = {"kvkNumber": "KVK", "oin": "OIN", "tooiCode": "TOOI"}

_DONE: Final = {
    "bevestigd": LocalizedText(
        "De organisatie doet mee. De eerste persoon krijgt een uitnodiging per mail.",
        "The organisation has joined. Its first person gets an invitation by mail.",
    ),
    "geweigerd": LocalizedText("Het verzoek is geweigerd.", "The request was refused."),
}
_PERSON: Final = LocalizedText("de persoon", "the person")
_TITLE: Final = LocalizedText("Verzoeken om mee te doen", "Requests to join")

router = AccountRouter()


@router.own(REQUESTS)
def show_requests(own: OwnVisit) -> Response:
    """Show the requests that wait for this person, with what is known of each."""
    given = read_query(own.visit, ("gedaan",))
    _require_verifier(own)
    done = _DONE.get(given.get("gedaan", ""))
    if done and given["gedaan"] == "geweigerd":
        done = add_mail_notice(done, _PERSON, sends_mail=own.visit.state.settings.sends_mail)
    return _show(own, done=done)


@router.own(REQUESTS, "POST")
def decide(own: OwnVisit) -> Response:
    """Verify or refuse one request; the first of two colleagues decides."""
    _require_verifier(own)
    form, now, principal = own.visit.form, own.visit.now, own.signed_in.principal
    request_id = parse_id(form.get("verzoek", ""))
    try:
        if form.get("besluit") == "bevestig":
            secret = verify_request(own.session, principal, request_id, now)
            if not own.visit.state.settings.sends_mail:
                language = own.visit.language
                return show_invitation(
                    own, secret, back=(_TITLE.render(language), page_path(REQUESTS, language))
                )
            post_invitation(own.session, secret, site=own.visit.state.public_url, now=now)
            return own.visit.go_to(f"{REQUESTS}?gedaan=bevestigd")
        reason = form.get("reden", "").strip()
        if not reason or len(reason) > _MAX_REASON:
            sentence = LocalizedText(
                f"Vul in waarom u het verzoek weigert, in hoogstens {_MAX_REASON} tekens.",
                f"Fill in why you refuse the request, in at most {_MAX_REASON} characters.",
            )
            return _show(own, wrong=(str(request_id), sentence))
        request = refuse_request(own.session, principal, request_id, reason=reason, now=now)
        if own.visit.state.settings.sends_mail:
            _post_refusal(own, request, reason)
    except (Conflict, InvalidRequest) as refused:
        return _show(own, wrong=(str(request_id), refused.detail or refused.title))
    return own.visit.go_to(f"{REQUESTS}?gedaan=geweigerd")


def _post_refusal(own: OwnVisit, request: RequestToJoin, reason: str) -> None:
    site = own.visit.state.public_url
    post_mail(
        own.session,
        "join_refusal",
        receiver=request.person_email,
        language=request.language,
        now=own.visit.now,
        name=request.person_name,
        organisation=str(request.organisation["name"]),
        reason=reason,
        address=f"{site}{localise_path(JOIN, request.language)}",
        site=site,
    )


def _require_verifier(own: OwnVisit) -> None:
    principal = own.signed_in.principal
    if not (is_administrator(principal) or verified_municipalities(principal)):
        raise NotPermitted(
            LocalizedText(
                "Verzoeken ziet alleen een redacteur of beheerder van een gemeente, of een beheerder van het register.",
                "Requests are for an editor or administrator of a municipality, or an administrator of the register.",
            )
        )


def _show(
    own: OwnVisit, *, done: LocalizedText | None = None, wrong: tuple[str, LocalizedText] | None = None
) -> Response:
    language = own.visit.language
    vocabularies, directory = load_vocabularies(own.session), load_directory(own.session)
    requests = []
    for one in list_requests(own.session, own.signed_in.principal):
        kind = vocabularies.label("organisationType", str(one.organisation["organisationType"]))
        identifier = next(
            (
                f"{_IDENTIFIER_NAMES[name]} {one.organisation[name]}"
                for name in IDENTIFIERS
                if name in one.organisation
            ),
            "",
        )
        code = one.municipality_code
        known = directory.find_by_code(code) if code else None
        municipality = known.name if known else code
        is_known = bool(list_namesakes(own.session, one))
        requests.append((one, kind.render(language), identifier, municipality, is_known))
    return render_page(
        own.visit.request,
        "website/joining/requests.html",
        status=422 if wrong else 200,
        requests=requests,
        done=done.render(language) if done else None,
        wrong=(wrong[0], wrong[1].render(language)) if wrong else None,
        reason=own.visit.form.get("reden", ""),
    )
