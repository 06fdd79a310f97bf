"""An organisation asks to join: the public form, the mail that confirms it, and the page with one button.

Every answer is the same whether an organisation or an address is known or not.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.permissions import VERIFIERS
from app.access.rate_limits import limit_subject
from app.access.team import list_team
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import localise_path, render_page
from app.mail.mail_address import normalise_address
from app.mail.outbox import post_mail
from app.municipalities.queries import load_directory
from app.organisations.joining import (
    GOVERNMENT,
    IDENTIFIERS,
    LIFETIME,
    RequestToJoin,
    ask_to_join,
    check_request,
    confirm_request,
    find_unconfirmed,
)
from app.organisations.queries import Mailbox, find_mailbox, find_organisation, list_organisation_types
from app.vocabularies.queries import load_vocabularies
from app.website.account.form_problems import list_field_problems, say_for_form
from app.website.account.provider import find_sign_in_methods
from app.website.account.sign_in_page import read_query
from app.website.account.visits import HOME, AccountRouter, Visit

JOIN: Final = "/aanmelden"
ASKED: Final = f"{JOIN}/gevraagd"
CONFIRM: Final = f"{JOIN}/bevestigen"
CONFIRMED: Final = f"{JOIN}/bevestigd"
REQUESTS: Final = f"{HOME}/verzoeken"

_FIELDS: Final = {
    "/name": "naam",
    "/organisationType": "soort",
    "/soleTrader": "eenmanszaak",
    "/identifierKind": "kenmerksoort",
    "/identifier": "kenmerk",
    **{f"/{name}": "kenmerk" for name in IDENTIFIERS},
    "/municipalityCode": "kenmerk",
    "/website": "website",
    "/publicEmail": "mail",
    "/municipality": "gemeente",
    "/personName": "persoon",
    "/personEmail": "adres",
}
_KINDS: Final = (
    (
        "kvkNumber",
        LocalizedText("KVK-nummer (bedrijf, vereniging, stichting)", "KVK number (business, association)"),
    ),
    ("oin", LocalizedText("OIN (overheid)", "OIN (government)")),
    (
        "tooiCode",
        LocalizedText("TOOI-code, zoals gm0363 (overheid)", "TOOI code, such as gm0363 (government)"),
    ),
)

_SENTENCES: Final = {
    ("/name", ProblemCode.REQUIRED): LocalizedText(
        "Vul de naam van de organisatie in.", "Fill in the name of the organisation."
    ),
    ("/organisationType", ProblemCode.REQUIRED): LocalizedText(
        "Kies het soort organisatie.", "Choose the type of organisation."
    ),
    ("/publicEmail", ProblemCode.REQUIRED): LocalizedText(
        "Vul het algemene e-mailadres in: bewoners moeten u kunnen bereiken.",
        "Fill in the general e-mail address: residents must be able to reach you.",
    ),
    ("/publicEmail", ProblemCode.PERSONAL_EMAIL): LocalizedText(
        "Het algemene adres lijkt van een persoon. Geef een adres zoals info@ of privacy@.",
        "The general address looks like a person's. Give an address such as info@ or privacy@.",
    ),
    ("/municipalityCode", ProblemCode.REQUIRED): LocalizedText(
        "Geef voor een gemeente de TOOI-code, zoals gm0363.",
        "Give the TOOI code of a municipality, such as gm0363.",
    ),
    ("/personName", ProblemCode.REQUIRED): LocalizedText("Vul uw naam in.", "Fill in your name."),
    ("/personEmail", ProblemCode.INVALID_EMAIL): LocalizedText(
        "Vul uw e-mailadres van het werk in, zoals naam@bedrijf.nl.",
        "Fill in your work e-mail address, such as name@company.nl.",
    ),
}

router = AccountRouter()


@router.visit(JOIN)
def show_form(visit: Visit) -> Response:
    """Show the form, or whom to ask where the register sends no mail."""
    with transaction(visit.state.write_engine) as session:
        return _show(visit, session, [])


@router.visit(JOIN, "POST")
def ask(visit: Visit) -> Response:
    """Store the request, and send the mail that confirms it."""
    _require_mail(visit)
    visit.limit("ask_to_join")
    form = visit.form
    with transaction(visit.state.write_engine) as session:
        organisation = _read_organisation(form)
        municipality_code, problems = _find_municipality(session, form.get("gemeente", ""))
        if form.get("kenmerksoort") not in IDENTIFIERS:
            problems.append(
                _require("/identifierKind", "Kies het soort nummer.", "Choose the kind of number.")
            )
        problems = [
            *(
                one
                for one in check_request(
                    session,
                    organisation,
                    person_name=form.get("persoon", ""),
                    person_email=form.get("adres", ""),
                )
                # A number of a kind that was not chosen is there: it is the kind that is missing.
                if one.location != "/identifier" or not form.get("kenmerk", "").strip()
            ),
            *problems,
        ]
        if problems:
            return _show(visit, session, problems)
    address = normalise_address(form.get("adres", "")) or ""
    limit_subject(visit.state.write_engine, "receive_link", address, visit.now)
    with transaction(visit.state.write_engine) as session:
        secret = ask_to_join(
            session,
            organisation,
            municipality_code=municipality_code,
            person_name=form.get("persoon", ""),
            person_email=address,
            language=visit.language,
            now=visit.now,
        )
        post_mail(
            session,
            "join_confirmation",
            receiver=address,
            language=visit.language,
            now=visit.now,
            name=form.get("persoon", "").strip(),
            organisation=str(organisation["name"]),
            address=f"{_root(visit)}{localise_path(CONFIRM, visit.language)}?sleutel={secret}",
            days=LIFETIME.days,
            site=_root(visit),
        )
    return visit.go_to(ASKED)


@router.visit(ASKED)
def show_asked(visit: Visit) -> Response:
    """Say what to do now, and nothing of any address or organisation."""
    return render_page(visit.request, "website/joining/asked.html", days=LIFETIME.days)


@router.visit(CONFIRM)
def show_confirmation(visit: Visit) -> Response:
    """The button that confirms: opening the link changes nothing, since mail scanners open links."""
    secret = read_query(visit, ("sleutel",)).get("sleutel", "")
    with transaction(visit.state.write_engine) as session:
        name = find_unconfirmed(session, secret, visit.now)
    return render_page(
        visit.request,
        "website/joining/confirm.html",
        status=200 if name else 404,
        name=name,
        secret=secret,
    )


@router.visit(CONFIRM, "POST")
def confirm(visit: Visit) -> Response:
    """Confirm the request, and tell who decides on it."""
    with transaction(visit.state.write_engine) as session:
        request = confirm_request(session, visit.form.get("sleutel", ""), visit.now)
        _tell_deciders(visit, session, request)
    return visit.go_to(CONFIRMED)


@router.visit(CONFIRMED)
def show_confirmed(visit: Visit) -> Response:
    """Say what happens next."""
    return render_page(visit.request, "website/joining/confirmed.html")


def _tell_deciders(visit: Visit, session: Session, request: RequestToJoin) -> None:
    """Send mail to the municipality if someone of it decides on the request, else to the register's administrators."""
    receivers: list[tuple[str, Language]]
    mailbox = _find_deciding_mailbox(session, request)
    if mailbox is not None:
        receivers = [(mailbox.address, mailbox.language)]
    else:
        team = list_team(session, None)
        found = [normalise_address(one.address or "") for one in team if "administrator" in one.roles]
        receivers = [(address, "nl") for address in found if address]
    for address, language in receivers:
        post_mail(
            session,
            "join_request",
            receiver=address,
            language=language,
            now=visit.now,
            organisation=str(request.organisation["name"]),
            is_municipality=mailbox is not None,
            address=f"{_root(visit)}{localise_path(REQUESTS, language)}",
            site=_root(visit),
        )


def _find_deciding_mailbox(session: Session, request: RequestToJoin) -> Mailbox | None:
    """Where the municipality of a request reads mail; None where no one of it may decide."""
    if request.municipality_code is None or request.organisation.get("organisationType") in GOVERNMENT:
        return None
    found = find_organisation(session, request.municipality_code)
    if found is None or not any(VERIFIERS & set(one.roles) for one in list_team(session, found)):
        return None
    return find_mailbox(session, found)


def _read_organisation(form: Mapping[str, str]) -> dict[str, object]:
    given: dict[str, object] = {
        "name": form.get("naam", "").strip(),
        "organisationType": form.get("soort", ""),
        "website": form.get("website", "").strip(),
        "publicEmail": form.get("mail", "").strip(),
    }
    if form.get("kenmerksoort") in IDENTIFIERS:
        given[form["kenmerksoort"]] = form.get("kenmerk", "").replace(" ", "")
    if form.get("eenmanszaak") == "ja":
        given["soleTrader"] = True
    return {name: value for name, value in given.items() if value}


def _find_municipality(session: Session, asked: str) -> tuple[str | None, list[Problem]]:
    if not asked.strip():
        return None, []
    named = [one for one in load_directory(session).list_named(asked.strip()) if one.in_force]
    if len(named) == 1:
        return named[0].code, []
    return None, [
        _require(
            "/municipality",
            "Deze gemeente kennen wij niet. Schrijf de naam zoals op de kaart, of laat dit leeg.",
            "This municipality is not known. Write its name as on the map, or leave this empty.",
        )
    ]


def _show(visit: Visit, session: Session, problems: list[Problem]) -> Response:
    vocabularies, language = load_vocabularies(session), visit.language
    # A problem that is shown at one field for two reasons is said once.
    shown = list(dict.fromkeys(list_field_problems(say_for_form(problems, _SENTENCES), _FIELDS, language)))
    return render_page(
        visit.request,
        "website/joining/form.html",
        status=422 if problems else 200,
        values=visit.form,
        problems=shown,
        types=[
            (code, vocabularies.label("organisationType", code).render(language))
            for code in list_organisation_types(session)
            if code != "private_person"
        ],
        kinds=[(code, name.render(language)) for code, name in _KINDS],
        has_mail=find_sign_in_methods(visit.request).has_links,
    )


def _require_mail(visit: Visit) -> None:
    if not find_sign_in_methods(visit.request).has_links:
        raise NotFound


def _require(location: str, nl: str, en: str) -> Problem:
    return Problem(ProblemCode.REQUIRED, location, LocalizedText(nl, en))


def _root(visit: Visit) -> str:
    return visit.state.public_url
