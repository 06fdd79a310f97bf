"""People across organisations in the browser: found, their access ended, and their data erased."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from app.access.invitations import invite_person
from app.core.database import transaction
from tests.support.people import make_person, sign_in
from tests.website.administration.conftest import Administration

PEOPLE = "/mijn/beheer/mensen"


def find_id(office: Administration, name: str) -> str:
    with transaction(office.engine) as session:
        return str(
            session.scalars(
                text("SELECT id FROM register.principal WHERE name = :name"), {"name": name}
            ).one()
        )


def test_people_are_found_by_a_part_of_their_name_or_address(register_office: Administration) -> None:
    with transaction(register_office.engine) as session:
        session.execute(
            text("UPDATE register.principal SET handle = 'n.devries@leiden.nl' WHERE name = 'Noor'")
        )
        invite_person(
            session,
            invited_by=None,
            name="Wachtende",
            email="wacht@leiden.nl",
            role="editor",
            organisation_id=register_office.leiden,
            now=datetime.now(UTC),
        )
    browser = register_office.administrator
    everyone = browser.get(PEOPLE).text
    for name in ("Noor", "Ilse", "Omar", "Sem", "Fatima", "Wachtende"):
        assert name in everyone
    for words in ("NOO", "devries"):
        found = browser.get(PEOPLE, params={"zoek": words}).text
        assert "Noor" in found
        assert "Ilse" not in found
    for words in ("%", "_", "\\", "x" * 500, "'"):
        answer = browser.get(PEOPLE, params={"zoek": words, "bladzijde": "9999999999"})
        assert answer.status_code == 200
        assert "0 personen" in answer.text


def test_person_is_shown_with_every_role_and_the_look_is_recorded(register_office: Administration) -> None:
    person = find_id(register_office, "Noor")
    page = register_office.administrator.get(f"{PEOPLE}/{person}").text
    assert "Gemeente Leiden" in page
    with transaction(register_office.engine) as session:
        entry = session.execute(
            text("SELECT principal_id, subject_ids FROM audit.audit_entry WHERE action = 'read_private_data'")
        ).one()
    assert tuple(entry) == (register_office.administrator_id, [person])
    for unknown in (UUID(int=1), "niemand"):
        assert register_office.administrator.get(f"{PEOPLE}/{unknown}").status_code == 404


def test_access_ends_everywhere_with_a_reason(register_office: Administration) -> None:
    browser, person = register_office.administrator, find_id(register_office, "Noor")
    refused = browser.post(f"{PEOPLE}/{person}/einde", data={"reden": " "})
    assert refused.status_code == 422
    assert 'href="#einde-reden"' in refused.text
    assert register_office.others["editor"].get("/mijn").status_code == 200
    answer = browser.post(f"{PEOPLE}/{person}/einde", data={"reden": "Andere baan"})
    assert answer.headers["location"] == f"{PEOPLE}?gedaan=beeindigd"
    assert register_office.others["editor"].get("/mijn").headers["location"].startswith("/inloggen")
    again = browser.post(f"{PEOPLE}/{person}/einde", data={"reden": "Andere baan"})
    assert again.status_code == 409


def test_erasing_asks_whether_one_is_sure(register_office: Administration) -> None:
    browser, person = register_office.administrator, find_id(register_office, "Noor")
    refused = browser.post(f"{PEOPLE}/{person}/wissen", data={"reden": "Verzoek"})
    assert refused.status_code == 422
    assert 'href="#wissen-zeker"' in refused.text
    assert 'value="Verzoek"' in refused.text
    answer = browser.post(f"{PEOPLE}/{person}/wissen", data={"reden": "Verzoek", "zeker": "ja"})
    assert answer.headers["location"] == f"{PEOPLE}?gedaan=gewist"
    assert "een vroegere medewerker" in browser.get(f"{PEOPLE}/{person}").text
    assert "a former member of staff" in browser.get(f"/en{PEOPLE}/{person}").text
    again = browser.post(f"{PEOPLE}/{person}/wissen", data={"reden": "Verzoek", "zeker": "ja"})
    assert again.status_code == 409


def test_last_administrator_is_told_to_name_another_first(register_office: Administration) -> None:
    browser, person = register_office.administrator, str(register_office.administrator_id)
    for form in ("einde", "wissen"):
        answer = browser.post(f"{PEOPLE}/{person}/{form}", data={"reden": "Weg", "zeker": "ja"})
        assert answer.status_code == 409
        assert "Maak eerst iemand anders beheerder" in answer.text
    with transaction(register_office.engine) as session:
        second = make_person(session, "Tweede", ("administrator", None))
    other = sign_in(register_office.client, second)
    assert other.post(f"{PEOPLE}/{person}/wissen", data={"reden": "Weg", "zeker": "ja"}).status_code == 303


def test_own_data_are_shown_and_downloaded(register_office: Administration) -> None:
    browser = register_office.others["editor"]
    page = browser.get("/mijn/mijn-gegevens")
    assert "Noor" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    answer = browser.get("/mijn/mijn-gegevens.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="mijn-gegevens.json"'
    exported = answer.json()
    assert exported["person"] == find_id(register_office, "Noor")
    assert exported["tables"]["principal"]["rows"][0]["name"] == "Noor"
    assert "Fatima" not in answer.text
    assert register_office.client.get("/mijn/mijn-gegevens.json", follow_redirects=False).status_code == 303
