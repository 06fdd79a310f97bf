"""Validation of a whole organisation, with all problems at once.

Source: domain description, section 2.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.organisations.contact_details import find_contact_details
from app.organisations.field_parsers import NAMES, parse_fields
from app.organisations.mailboxes import is_email, is_personal
from app.organisations.record import Organisation

TOOI_KINDS: Final = {"municipality": "gm", "province": "pv", "water_authority": "ws"}
"""Prefixes of TOOI codes by type of organisation."""


def check_organisation(given: Mapping[str, object], types: Collection[str]) -> Organisation:
    """The valid organisation with these fields; `types` are the codes of types that it may have.

    Raises: InvalidRequest naming all problems at once.
    """
    values, problems = parse_fields(given)
    organisation = Organisation.model_validate(values)
    # A field that was refused is not reported as missing too.
    refused = {problem.location.removeprefix("/") for problem in problems}
    problems += [
        problem
        for problem in _find_problems(organisation, types)
        if not (problem.code == ProblemCode.REQUIRED and problem.location.removeprefix("/") in refused)
    ]
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "De organisatie is niet compleet of heeft fouten.",
                "The organisation is incomplete or has errors.",
            ),
            problems=problems,
        )
    return organisation.model_copy(update={"municipality_code": _municipality_code(organisation)})


def _find_problems(organisation: Organisation, types: Collection[str]) -> Iterator[Problem]:
    yield from _check_type(organisation, types)
    yield from _check_codes(organisation)
    yield from _check_contact(organisation)
    if organisation.name is None:
        yield _require("name")
    if organisation.is_nameless:
        yield from _check_privacy(organisation)


def _check_type(organisation: Organisation, types: Collection[str]) -> Iterator[Problem]:
    given = organisation.organisation_type
    if given is None:
        yield _require("organisationType")
    elif given not in types:
        nearest = find_nearest(given, types)
        advice = ask_whether_meant(nearest)
        yield Problem(
            ProblemCode.UNKNOWN_VALUE,
            "/organisationType",
            LocalizedText(
                f"Deze waarde staat niet in de lijst organisationType.{advice.nl}",
                f"This value is not in the list organisationType.{advice.en}",
            ),
            given,
            nearest or ABSENT,
        )
    if organisation.sole_trader and given != "company":
        sentence = LocalizedText(
            "Alleen een bedrijf kan een eenmanszaak zijn.", "Only a company can be a sole trader."
        )
        yield Problem(ProblemCode.SOLE_TRADER_NO_COMPANY, "/soleTrader", sentence, value=True)


def _check_codes(organisation: Organisation) -> Iterator[Problem]:
    kind, tooi = organisation.organisation_type, organisation.tooi_code
    expected = TOOI_KINDS.get(kind or "")
    if tooi and (kind == "private_person" or (expected and not tooi.startswith(expected))):
        sentence = LocalizedText(
            "Deze TOOI-code hoort niet bij dit soort organisatie.",
            "This TOOI code does not belong to this type.",
        )
        yield Problem(ProblemCode.CODE_OF_OTHER_TYPE, "/tooiCode", sentence, tooi)
    if kind != "municipality":
        if organisation.municipality_code:
            sentence = LocalizedText(
                "Alleen een gemeente heeft een gemeentecode.", "Only a municipality has a municipality code."
            )
            yield Problem(
                ProblemCode.CODE_OF_OTHER_TYPE, "/municipalityCode", sentence, organisation.municipality_code
            )
    elif _municipality_code(organisation) is None:
        yield _require("municipalityCode")
    elif tooi and organisation.municipality_code and organisation.municipality_code != tooi.upper():
        sentence = LocalizedText(
            "De gemeentecode en de TOOI-code noemen verschillende gemeenten.",
            "The municipality code and the TOOI code name different municipalities.",
        )
        yield Problem(
            ProblemCode.CODES_DIFFER,
            "/municipalityCode",
            sentence,
            organisation.municipality_code,
            tooi.upper(),
        )


def _municipality_code(organisation: Organisation) -> str | None:
    """The given municipality code, or the one in the TOOI code."""
    if organisation.organisation_type != "municipality":
        return None
    tooi = organisation.tooi_code or ""
    from_tooi = tooi.upper() if re.fullmatch("gm[0-9]{4}", tooi) else None
    return organisation.municipality_code or from_tooi


def _check_contact(organisation: Organisation) -> Iterator[Problem]:
    if organisation.dpo_contact and not is_email(organisation.dpo_contact):
        yield from find_contact_details(organisation.dpo_contact, "/dpoContact")
    if not (organisation.public_email or organisation.public_phone or organisation.contact_url):
        sentence = LocalizedText(
            "Geef publicEmail, publicPhone of contactUrl: bewoners moeten u kunnen bereiken.",
            "Give publicEmail, publicPhone or contactUrl: residents must be able to reach you.",
        )
        yield Problem(ProblemCode.REQUIRED, "/publicEmail", sentence)
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
            yield Problem(ProblemCode.PERSONAL_EMAIL, f"/{name}", sentence, address)


def _check_privacy(organisation: Organisation) -> Iterator[Problem]:
    """A problem for each public field that contains a name that is not public."""
    words = [word for word in re.findall(r"[^\W\d_]+", (organisation.name or "").casefold()) if len(word) > 3]
    for name in ("publicEmail", "website", "contactUrl", "dpoContact"):
        value = getattr(organisation, NAMES[name])
        if value and any(word in value.casefold() for word in words):
            sentence = LocalizedText(
                "Hierin staat de naam. De naam van een particulier of eenmanszaak is niet openbaar. Haal hem weg.",
                "This contains the name. The name of a private person or sole trader is not public. Remove it.",
            )
            yield Problem(ProblemCode.REVEALS_NAME, f"/{name}", sentence, value)


def _require(name: str) -> Problem:
    return Problem(ProblemCode.REQUIRED, f"/{name}", LocalizedText("Vul dit in.", "Fill this in."))
