"""Checking an organisation as a whole: every problem at once, or an organisation ready to be kept.

Source: domain description, section 2.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from app.core.errors import ABSENT, InvalidRequest, Problem
from app.core.i18n import LocalizedText
from app.organisations.field_parsers import NAMES, is_email, read_fields
from app.organisations.record import Organisation

_TASKS: Final = """
adres afdeling algemeen avg balie beheer bestuur beveiliging bezwaar bureau camera cameratoezicht
communicatie contact data dienst dpo fg functionaris gegevensbescherming gemeente geo gis griffie
helpdesk ict info informatie iot kantoor klacht klachten klantcontact klantenservice loket mail
meldingen meldpunt milieu mobiliteit office omgeving open parkeren post postbus postkamer privacy
provincie receptie redactie register sales secretariaat security sensor sensoren sensors service
servicedesk smartcity stad stadsbeheer stadsdeel support team toezicht veiligheid verkeer vragen
waterschap web webmaster welkom woo
"""
FUNCTIONAL: Final = frozenset(_TASKS.split())
"""Words by which a mailbox belongs to a task and not to a person."""

TOOI_KINDS: Final = {"municipality": "gm", "province": "pv", "water_authority": "ws"}
"""How the TOOI codes of these types begin."""


def check_organisation(given: Mapping[str, object], types: Collection[str]) -> Organisation:
    """The organisation that was given, if it keeps to every rule; `types` are the codes it may have as type.

    Raises: InvalidRequest naming all problems at once.
    """
    values, problems = read_fields(given)
    organisation = Organisation.model_validate(values)
    # A field that was given but refused is not called missing as well.
    refused = {problem.location.removeprefix("/") for problem in problems}
    problems += [
        problem
        for problem in _find_problems(organisation, types)
        if not (problem.code == "required" and problem.location.removeprefix("/") in refused)
    ]
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "De organisatie is niet compleet of klopt niet.",
                "The organisation is incomplete or not right.",
            ),
            problems=problems,
        )
    return organisation.model_copy(update={"municipality_code": _municipality_code(organisation)})


def _find_problems(organisation: Organisation, types: Collection[str]) -> Iterator[Problem]:
    yield from _check_type(organisation, types)
    yield from _check_codes(organisation)
    yield from _check_contact(organisation)
    if organisation.name is None:
        yield _needed("name")
    if organisation.is_nameless:
        yield from _check_privacy(organisation)


def _check_type(organisation: Organisation, types: Collection[str]) -> Iterator[Problem]:
    given = organisation.organisation_type
    if given is None:
        yield _needed("organisationType")
    elif given not in types:
        near = get_close_matches(given.casefold()[:100], types, n=1)
        advice = (
            LocalizedText(f" Bedoelt u {near[0]}?", f" Did you mean {near[0]}?")
            if near
            else LocalizedText("", "")
        )
        yield Problem(
            "unknown_term",
            "/organisationType",
            LocalizedText(
                f"Deze waarde staat niet in de lijst organisationType.{advice.nl}",
                f"This value is not in the list organisationType.{advice.en}",
            ),
            given,
            near[0] if near else ABSENT,
        )
    if organisation.sole_trader and given != "company":
        sentence = LocalizedText(
            "Alleen een bedrijf kan een eenmanszaak zijn.", "Only a company can be a sole trader."
        )
        yield Problem("sole_trader_no_company", "/soleTrader", sentence, value=True)


def _check_codes(organisation: Organisation) -> Iterator[Problem]:
    kind, tooi = organisation.organisation_type, organisation.tooi_code
    expected = TOOI_KINDS.get(kind or "")
    if tooi and (kind == "private_person" or (expected and not tooi.startswith(expected))):
        sentence = LocalizedText(
            "Deze TOOI-code hoort niet bij dit soort organisatie.", "This TOOI code is not of this type."
        )
        yield Problem("code_of_other_type", "/tooiCode", sentence, tooi)
    if kind != "municipality":
        if organisation.municipality_code:
            sentence = LocalizedText(
                "Alleen een gemeente heeft een gemeentecode.", "Only a municipality has this code."
            )
            yield Problem("code_of_other_type", "/municipalityCode", sentence, organisation.municipality_code)
    elif _municipality_code(organisation) is None:
        yield _needed("municipalityCode")
    elif tooi and organisation.municipality_code and organisation.municipality_code != tooi.upper():
        sentence = LocalizedText(
            "De gemeentecode en de TOOI-code noemen verschillende gemeenten.",
            "The municipality code and the TOOI code name different municipalities.",
        )
        yield Problem(
            "codes_differ", "/municipalityCode", sentence, organisation.municipality_code, tooi.upper()
        )


def _municipality_code(organisation: Organisation) -> str | None:
    """The municipality's code as given, or as its TOOI code has it."""
    if organisation.organisation_type != "municipality":
        return None
    tooi = organisation.tooi_code or ""
    from_tooi = tooi.upper() if re.fullmatch("gm[0-9]{4}", tooi) else None
    return organisation.municipality_code or from_tooi


def _check_contact(organisation: Organisation) -> Iterator[Problem]:
    if not (organisation.public_email or organisation.public_phone or organisation.contact_url):
        sentence = LocalizedText(
            "Geef publicEmail, publicPhone of contactUrl: bewoners moeten u kunnen bereiken.",
            "Give publicEmail, publicPhone or contactUrl: residents must be able to reach you.",
        )
        yield Problem("required", "/publicEmail", sentence)
    if organisation.email_confirmed_functional:
        return
    for name, address in (
        ("publicEmail", organisation.public_email),
        ("dpoContact", organisation.dpo_contact),
    ):
        if address and is_email(address) and is_personal(address):
            sentence = LocalizedText(
                "Dit lijkt het adres van een persoon. Geef een algemeen adres, zoals info@ of privacy@,"
                " of bevestig met emailConfirmedFunctional dat het van een afdeling is.",
                "This looks like a person's address. Give a general one, like info@ or privacy@,"
                " or confirm by emailConfirmedFunctional that it is a department's.",
            )
            yield Problem("personal_email", f"/{name}", sentence, address)


def is_personal(address: str) -> bool:
    """Whether an address looks like first.last or j.last: names between dots, none of them a task."""
    local = address.partition("@")[0].partition("+")[0].casefold()
    words = [word for word in re.split(r"[._]", re.sub(r"\d", "", local)) if word]
    return len(words) > 1 and not any(part in FUNCTIONAL for word in words for part in word.split("-"))


def _check_privacy(organisation: Organisation) -> Iterator[Problem]:
    """A name that is kept private may not stand in a public field either."""
    words = [word for word in re.findall(r"[^\W\d_]+", (organisation.name or "").casefold()) if len(word) > 3]
    for name in ("publicEmail", "website", "contactUrl", "dpoContact"):
        value = getattr(organisation, NAMES[name])
        if value and any(word in value.casefold() for word in words):
            sentence = LocalizedText(
                "Hierin staat de naam, en die is van een particulier of eenmanszaak niet openbaar.",
                "This holds the name, which is not public for a private person or sole trader.",
            )
            yield Problem("reveals_name", f"/{name}", sentence, value)


def _needed(name: str) -> Problem:
    return Problem("required", f"/{name}", LocalizedText("Vul dit in.", "Fill this in."))
