"""The organisations that a municipality trusts, in the browser."""

from app.duties.queries import find_trusting
from tests.support.organisations import make_organisation
from tests.support.workplace import Editor, Workplaces, open_session

TRUST = "/mijn/vertrouwd"


def test_organisation_is_found_by_a_part_of_its_name_trusted_and_ended(
    workplaces: Workplaces, manager: Editor
) -> None:
    with open_session(workplaces.url) as session:
        make_organisation(session, name="Waterschap Test", organisationType="water_authority")
        make_organisation(session, name="J. Geheim", organisationType="private_person")
    page = manager.get(f"{TRUST}?naam=MEETbed").text
    company = str(workplaces.company)
    assert company in page
    assert "Waterschap" not in page
    assert "Geen organisatie met deze naam" in manager.get(f"{TRUST}?naam=geheim").text
    assert "Geen organisatie met deze naam" in manager.get(f"{TRUST}?naam=gemeente").text
    answer = manager.post(TRUST, organisatie=company, besluit="vertrouw")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TRUST}?gedaan=vertrouwd")
    with open_session(workplaces.url) as session:
        assert find_trusting(session, workplaces.company) == {"GM0363"}
    again = manager.post(TRUST, organisatie=company, besluit="vertrouw")
    assert again.status_code == 409
    assert "vertrouwt deze organisatie al" in again.text
    assert "Vertrouwt u al" in manager.get(f"{TRUST}?naam=meet").text
    assert manager.post(TRUST, organisatie=company, besluit="beeindig").status_code == 303
    with open_session(workplaces.url) as session:
        assert find_trusting(session, workplaces.company) == frozenset()
    assert "Eerder vertrouwd" in manager.get(TRUST).text
    assert manager.post(TRUST, organisatie=company, besluit="beeindig").status_code == 404


def test_what_cannot_be_trusted_is_said_at_the_field(workplaces: Workplaces, manager: Editor) -> None:
    own = manager.post(TRUST, organisatie=str(workplaces.municipality), besluit="vertrouw")
    assert own.status_code == 422
    assert '<a href="#naam">' in own.text
    assert manager.get(f"{TRUST}?naam=").status_code == 422
    assert manager.post(TRUST, organisatie="geen id", besluit="vertrouw").status_code == 404


def test_trust_is_seen_by_people_of_the_municipality_and_changed_by_its_administrators(
    workplaces: Workplaces,
) -> None:
    editor = workplaces.sign_in("eva")
    page = editor.get(TRUST)
    assert page.status_code == 200
    assert "besluit" not in page.text
    company = str(workplaces.company)
    assert editor.post(TRUST, organisatie=company, besluit="vertrouw").status_code == 403
    assert workplaces.sign_in("carla", workplaces.company).get(TRUST).status_code == 403
