"""Adding, correcting and ending a term in the browser, and what uses it."""

import re
from typing import Any

from sqlalchemy import text

from app.core.clock import dutch_date
from app.core.daily_tasks import do_daily
from app.core.database import transaction
from app.sensors.publication.term_counts import COUNT_TASK, count_term_use
from tests.website.administration.conftest import Administration

LIST = "/mijn/beheer/woordenlijsten/mounting"
KITE: dict[str, Any] = {
    "code": "kite",
    "naam-nl": "Vlieger",
    "naam-en": "Kite",
    "uitleg-nl": "Aan een vlieger.",
    "uitleg-en": "On a kite.",
    "woorden": "zweefding\r\nvliegding",
    "plaats": "1",
}


def read_version(page: str) -> str:
    found = re.search(r'name="stand" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def test_added_term_can_be_chosen_at_once_and_is_found_by_its_other_words(
    register_office: Administration,
) -> None:
    browser = register_office.administrator
    assert browser.post(f"{LIST}/nieuw", data=KITE).headers["location"] == f"{LIST}?gedaan=toegevoegd"
    assert "De term is toegevoegd" in browser.get(f"{LIST}?gedaan=toegevoegd").text
    term = register_office.client.get("/v1/vocabularies/mounting").json()["terms"][0]
    assert term["code"] == "kite"
    assert term["alternativeLabels"] == ["zweefding", "vliegding"]
    with transaction(register_office.engine) as session:
        entry = session.execute(
            text("SELECT principal_id, action FROM audit.audit_entry WHERE subject_kind = 'term'")
        ).one()
    assert tuple(entry) == (register_office.administrator_id, "add_term")


def test_mistakes_are_named_together_and_nothing_typed_is_lost(register_office: Administration) -> None:
    browser = register_office.administrator
    wrong = KITE | {"code": "Vlieger!", "naam-en": "", "plaats": "voorin", "woorden": "gevel"}
    answer = browser.post(f"{LIST}/nieuw", data=wrong)
    assert answer.status_code == 422
    for field in ("code", "naam-en", "plaats", "woorden"):
        assert f'href="#{field}"' in answer.text
    assert '<a href="#naam-en">Vul de naam in het Engels in.</a>' in answer.text
    assert 'value="Vlieger!"' in answer.text
    assert 'value="voorin"' in answer.text
    taken = browser.post(f"{LIST}/nieuw", data=KITE | {"code": "facade"})
    assert taken.status_code == 422
    assert "staat al in de lijst" in taken.text


def test_corrected_label_is_shown_where_sensors_are_described(register_office: Administration) -> None:
    browser = register_office.administrator
    page = browser.get(f"{LIST}/termen/facade").text
    form = KITE | {"stand": read_version(page), "naam-nl": "Buitenmuur", "woorden": ""}
    assert browser.post(f"{LIST}/termen/facade", data=form).status_code == 303
    assert "Buitenmuur" in register_office.client.get("/v1/vocabularies/mounting/terms/facade").text
    late = browser.post(f"{LIST}/termen/facade", data=form | {"naam-nl": "Muur"})
    assert late.status_code == 409
    assert "Fatima heeft deze term intussen gewijzigd" in late.text
    assert 'value="Buitenmuur"' in late.text


def test_term_ends_on_a_day_and_a_wrong_day_is_asked_again(register_office: Administration) -> None:
    browser = register_office.administrator
    version = read_version(browser.get(f"{LIST}/termen/drone").text)
    form = KITE | {"stand": version, "naam-nl": "Drone", "naam-en": "Drone", "woorden": ""}
    for day in ("gisteren", "2020-01-01", "31-02-2030"):
        answer = browser.post(f"{LIST}/termen/drone", data=form | {"einde": day})
        assert answer.status_code == 422, day
        assert 'href="#einde"' in answer.text
    today = dutch_date().isoformat()
    assert browser.post(f"{LIST}/termen/drone", data=form | {"einde": today}).status_code == 303
    assert register_office.client.get("/v1/vocabularies/mounting/terms/drone").json()["validUntil"] == today


def test_list_that_rules_depend_on_offers_no_new_term(register_office: Administration) -> None:
    browser = register_office.administrator
    page = browser.get("/mijn/beheer/woordenlijsten/visibility").text
    assert "geen termen toevoegen" in page
    assert "visibility/nieuw" not in page
    refused = browser.post("/mijn/beheer/woordenlijsten/visibility/nieuw", data=KITE)
    assert refused.status_code == 422
    assert browser.get("/mijn/beheer/woordenlijsten/kleuren").status_code == 404
    assert browser.get(f"{LIST}/termen/maan").status_code == 404


def test_use_of_a_term_is_that_of_the_last_count(register_office: Administration) -> None:
    browser = register_office.administrator
    assert "Het gebruik is nog niet geteld" in browser.get(LIST).text

    def count() -> None:
        with transaction(register_office.engine) as session:
            count_term_use(session)

    assert do_daily(register_office.engine, COUNT_TASK, dutch_date(), count)
    page = browser.get(LIST).text
    assert "Het gebruik is geteld op" in page
    assert "/sensoren?mounting=facade" in page
