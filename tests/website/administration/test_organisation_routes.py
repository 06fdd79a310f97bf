"""Organisations in the browser of an administrator: found, renamed, ended and reopened."""

from uuid import UUID

from app.core.database import transaction
from app.organisations.queries import find_ended_at, name_organisation
from tests.support.organisations import make_organisation
from tests.support.sensors import CITIES, load_cities
from tests.website.administration.conftest import Administration

LIST = "/mijn/beheer/organisaties"


def test_organisation_is_found_by_a_part_of_its_name_or_its_code(register_office: Administration) -> None:
    with transaction(register_office.engine) as session:
        make_organisation(session, name="Camerabedrijf 100% BV")
    browser = register_office.administrator
    for words in ("leid", "GM0546"):
        found = browser.get(LIST, params={"zoek": words}).text
        assert "Gemeente Leiden" in found
        assert "Camerabedrijf" not in found
    assert "Camerabedrijf" in browser.get(LIST, params={"zoek": "100%"}).text
    for words in ("_", "\\", "x" * 500):
        assert "0 organisaties" in browser.get(LIST, params={"zoek": words, "bladzijde": "-1"}).text


def test_organisation_is_renamed_and_a_wrong_name_asked_again(register_office: Administration) -> None:
    browser, path = register_office.administrator, f"{LIST}/{register_office.leiden}"
    page = browser.get(path).text
    assert "3 personen" in page
    wrong = browser.post(f"{path}/naam", data={"naam": "x" * 999})
    assert wrong.status_code == 422
    assert 'href="#naam"' in wrong.text
    answer = browser.post(f"{path}/naam", data={"naam": "Gemeente Leiden aan de Rijn"})
    assert answer.headers["location"] == f"{path}?gedaan=hernoemd"
    with transaction(register_office.engine) as session:
        assert name_organisation(session, register_office.leiden) == "Gemeente Leiden aan de Rijn"
    assert browser.get(f"{LIST}/{UUID(int=1)}").status_code == 404


def test_ended_organisation_has_no_people_and_can_be_reopened(register_office: Administration) -> None:
    browser, path = register_office.administrator, f"{LIST}/{register_office.leiden}"
    assert browser.post(f"{path}/einde", data={"reden": ""}).status_code == 422
    assert browser.post(f"{path}/einde", data={"reden": "Fusie"}).status_code == 303
    assert register_office.others["editor"].get("/mijn").headers["location"].startswith("/inloggen")
    page = browser.get(path).text
    assert "Beëindigd op" in page
    assert "0 personen" in page
    assert browser.post(f"{path}/einde", data={"reden": "Toch niet", "heropen": "ja"}).status_code == 303
    with transaction(register_office.engine) as session:
        assert find_ended_at(session, register_office.leiden) is None


def test_duties_of_all_municipalities_are_listed(register_office: Administration) -> None:
    with transaction(register_office.engine) as session:
        load_cities(session)
    page = register_office.administrator.get("/mijn/beheer/meldplicht").text
    for code in CITIES:
        assert f"/mijn/meldplicht?gemeente={code}" in page
