"""Rules of an organisation; each test changes one field of a valid one."""

from collections.abc import Mapping

import pytest

from app.core.errors import InvalidRequest
from app.core.problems import Problem
from app.organisations.mailboxes import is_personal
from app.organisations.record import Organisation
from app.organisations.validation import check_organisation

TYPES = ("municipality", "province", "water_authority", "company", "association", "private_person")
RIGHT = {"name": "Meetbedrijf BV", "organisationType": "company", "publicEmail": "info@example.org"}
MUNICIPALITY = {
    "name": "Gemeente Amsterdam",
    "organisationType": "municipality",
    "tooiCode": "gm0363",
    "publicEmail": "gemeente@example.org",
}
SOLE_TRADER = {
    "name": "J. de Vries Klussen",
    "organisationType": "company",
    "soleTrader": True,
    "kvkNumber": "12345678",
    "publicPhone": "020 123 45 67",
}


def check(given: Mapping[str, object], **changes: object) -> Organisation:
    return check_organisation({**given, **changes}, TYPES)


def find_problems(given: Mapping[str, object], **changes: object) -> list[Problem]:
    with pytest.raises(InvalidRequest) as caught:
        check(given, **changes)
    return list(caught.value.problems)


def name_problems(given: Mapping[str, object], **changes: object) -> set[tuple[str, str]]:
    return {(problem.location, problem.code) for problem in find_problems(given, **changes)}


def test_complete_organisation_is_accepted_and_trimmed() -> None:
    organisation = check(
        RIGHT,
        name="  Meetbedrijf BV ",
        kvkNumber="12345678",
        oin="00000001234567890000",
        tooiCode="oorg10103",
        website="https://example.org/sensoren?a=1",
        contactUrl="http://example.org/contact",
        publicPhone="+31 (0)20 123 45 67",
        dpoContact="fg@example.org",
        contactPerson="Jan de Vries",
        personalEmail="jan.de.vries@example.org",
        phone="06 12345678",
        notifier="Piet Jansen",
        address=" ",
    )
    assert organisation.name == "Meetbedrijf BV"
    assert organisation.personal_email == "jan.de.vries@example.org"
    assert organisation.address is None


def test_all_problems_are_reported_at_once() -> None:
    assert name_problems(
        {},
        organisationType="compnay",
        kvkNumber="1234567",
        oin="123",
        tooiCode="0363",
        website="ftp://example.org",
        publicEmail="jan.de.vries@example.org",
        publicPhone="bel maar",
        soleTrader="ja",
        colour="blue",
    ) == {
        ("/name", "required"),
        ("/organisationType", "unknown_value"),
        ("/kvkNumber", "wrong_pattern"),
        ("/oin", "wrong_pattern"),
        ("/tooiCode", "wrong_pattern"),
        ("/website", "invalid_url"),
        ("/publicEmail", "personal_email"),
        ("/publicPhone", "wrong_pattern"),
        ("/soleTrader", "wrong_type"),
        ("/colour", "unknown_field"),
    }


def test_empty_organisation_reports_the_required_fields() -> None:
    assert name_problems({}) == {
        ("/name", "required"),
        ("/organisationType", "required"),
        ("/publicEmail", "required"),
    }


def test_refused_field_is_not_reported_as_missing() -> None:
    assert name_problems(RIGHT, name=5) == {("/name", "wrong_type")}
    assert name_problems(RIGHT, publicEmail="info at example.org") == {("/publicEmail", "invalid_email")}


def test_problems_have_suggestions() -> None:
    suggestions = {
        problem.location: problem.suggestion
        for problem in find_problems(
            RIGHT, organisationType="Company", tooiCode="GM0363", kvkNumber="1234 5678", publicMail="x"
        )
    }
    assert suggestions == {
        "/organisationType": "company",
        "/tooiCode": "gm0363",
        "/kvkNumber": "12345678",
        "/publicMail": "publicEmail",
    }


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\x1bb", "a\u202eb", "a\u2028b", "a\x85b", "a\ud800b"])
def test_control_characters_are_refused(text: str) -> None:
    assert name_problems(RIGHT, name=text) == {("/name", "control_characters")}
    assert name_problems(RIGHT, contactPerson=text) == {("/contactPerson", "control_characters")}


def test_too_long_text_is_refused() -> None:
    assert check(RIGHT, name="x" * 255).name == "x" * 255
    assert name_problems(RIGHT, name="x" * 256) == {("/name", "too_long")}


@pytest.mark.parametrize("number", ["1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "12345678\u00a01"])
def test_kvk_number_has_eight_digits(number: str) -> None:
    assert name_problems(RIGHT, kvkNumber=number) == {("/kvkNumber", "wrong_pattern")}


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https://localhost",
        "https://jan:geheim@example.org",
        "https://example.org/a b",
        'https://example.org/"onclick=',
        "https://[::1",
    ],
)
def test_web_address_must_be_http_and_complete(address: str) -> None:
    assert name_problems(RIGHT, website=address) == {("/website", "invalid_url")}
    assert name_problems(RIGHT, contactUrl=address) == {("/contactUrl", "invalid_url")}


@pytest.mark.parametrize(
    "address",
    [
        "info@example.org",
        "privacy@example.org",
        "sensor@example.org",
        "gemeente@example.org",
        "info.sensoren@example.org",
        "open.data@example.org",
        "14020@example.org",
        "smart-city@example.org",
    ],
)
def test_functional_mailbox_is_accepted(address: str) -> None:
    assert not is_personal(address)
    assert check(RIGHT, publicEmail=address).public_email == address


@pytest.mark.parametrize(
    "address",
    [
        "jan.jansen@example.org",
        "j.jansen@example.org",
        "J.de.Vries2@example.org",
        "jan_jansen@example.org",
        "fatima.el-amrani@example.org",
        "jan.jansen+sensor@example.org",
    ],
)
def test_personal_address_is_refused_unless_confirmed_functional(address: str) -> None:
    assert name_problems(RIGHT, publicEmail=address) == {("/publicEmail", "personal_email")}
    assert name_problems(RIGHT, dpoContact=address) == {("/dpoContact", "personal_email")}
    assert check(RIGHT, publicEmail=address, emailConfirmedFunctional=True).public_email == address


def test_person_with_telephone_number_as_contact_for_data_protection_is_refused() -> None:
    assert name_problems(RIGHT, dpoContact="Jan de Vries, 06-12345678") == {("/dpoContact", "personal_phone")}
    assert name_problems(RIGHT, dpoContact="Mail jan.jansen@example.org") == {
        ("/dpoContact", "personal_email")
    }
    assert check(RIGHT, dpoContact="Functionaris, bel 14 020").dpo_contact == "Functionaris, bel 14 020"


def test_one_public_contact_is_enough() -> None:
    for name, value in (("publicPhone", "14 020"), ("contactUrl", "https://example.org/contact")):
        reachable = check(RIGHT, publicEmail=None, **{name: value}).model_dump(by_alias=True)
        assert reachable[name] == value
    assert name_problems(RIGHT, publicEmail=None, phone="0612345678") == {("/publicEmail", "required")}


def test_municipality_code_follows_from_the_tooi_code() -> None:
    assert check(MUNICIPALITY).municipality_code == "GM0363"
    assert check(MUNICIPALITY, tooiCode=None, municipalityCode="GM0344").municipality_code == "GM0344"
    assert name_problems(MUNICIPALITY, tooiCode=None) == {("/municipalityCode", "required")}
    assert name_problems(MUNICIPALITY, municipalityCode="GM0344") == {("/municipalityCode", "codes_differ")}


def test_codes_are_those_of_the_type() -> None:
    assert name_problems(MUNICIPALITY, tooiCode="pv27", municipalityCode="GM0363") == {
        ("/tooiCode", "code_of_other_type"),
        ("/municipalityCode", "codes_differ"),
    }
    assert name_problems(RIGHT, municipalityCode="GM0363") == {("/municipalityCode", "code_of_other_type")}
    assert check(RIGHT, organisationType="water_authority", tooiCode="ws0155").tooi_code == "ws0155"


def test_only_a_company_can_be_a_sole_trader() -> None:
    assert check(SOLE_TRADER).is_nameless
    assert name_problems(SOLE_TRADER, organisationType="association") == {
        ("/soleTrader", "sole_trader_no_company")
    }


@pytest.mark.parametrize("name", ["website", "contactUrl"])
def test_private_name_in_a_public_field_is_refused(name: str) -> None:
    assert name_problems(SOLE_TRADER, **{name: "https://vriesklussen.example.org"}) == {
        (f"/{name}", "reveals_name")
    }
    assert check(SOLE_TRADER, **{name: "https://formulier.example.org"}).is_nameless


def test_private_person_with_their_name_in_an_address_is_refused() -> None:
    person = SOLE_TRADER | {"organisationType": "private_person", "soleTrader": False, "kvkNumber": None}
    assert check(person, publicEmail="meetpunt@example.org").is_nameless
    assert name_problems(person, publicEmail="vries@example.org") == {("/publicEmail", "reveals_name")}
