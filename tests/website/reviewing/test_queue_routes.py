"""The queue of a reviewer: what waits, for whom, and narrowed by the address."""

import re

from tests.support.reviewing import decide, submit
from tests.support.workplace import Editor, Workplaces


def list_codes(page: str) -> list[str]:
    return re.findall(r'name="kies" value="(\w+)"', page)


def test_queue_is_for_reviewers_alone(workplaces: Workplaces, carla: Editor) -> None:
    eva = workplaces.sign_in("eva")
    for editor in (carla, eva):
        answer = editor.get("/mijn/beoordelen")
        assert answer.status_code == 403
        assert "Beoordelen doet een beoordelaar van een gemeente" in answer.text


def test_empty_queue_says_so(bram: Editor) -> None:
    page = bram.get("/mijn/beoordelen").text
    assert "Er wacht nu niets op uw oordeel." in page
    assert 'name="besluit"' not in page


def test_submission_waits_with_its_kind_owner_place_and_term(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    page = bram.get("/mijn/beoordelen").text
    assert list_codes(page) == [code]
    for words in ("Geluid op de Dam", "nieuw", "Meetbedrijf BV", "Amsterdam", "vandaag", "nog 14 dagen"):
        assert words in page
    assert "te laat gemeld" in page
    english = bram.get("/en/mijn/beoordelen").text
    assert "14 days left" in english
    assert "notified late" in english


def test_address_narrows_the_queue(bram: Editor, carla: Editor) -> None:
    one, other = submit(carla), submit(carla, "camera-1", "Telpunt")
    for query, expected in {
        "zoek=telpunt": [other],
        f"zoek={one}": [one],
        "zoek=meetbedrijf telpunt&volgorde=due": [other],
        "volgorde=due": [one, other],
        "wat=new": [one, other],
        "wat=removal": [],
        "soort=sound": [one, other],
        "soort=optical_camera": [],
        "termijn=te-laat": [],
        "termijn=op-tijd": [one, other],
        "laat=ja": [one, other],
        "wacht=1": [],
        "gemeente=GM0599": [],
        "volgorde=onbekend": [one, other],
        "deel=waiting": [],
        "deel=onbekend&wat=x&wacht=veel&eigenaar=y&bladzijde=nul": [one, other],
    }.items():
        assert sorted(list_codes(bram.get(f"/mijn/beoordelen?{query}").text)) == sorted(expected), query


def test_owner_of_a_row_leads_to_all_of_that_owner(
    workplaces: Workplaces, bram: Editor, carla: Editor
) -> None:
    code = submit(carla)
    page = bram.get("/mijn/beoordelen").text
    assert f"eigenaar={workplaces.company}" in page
    narrowed = bram.get(f"/mijn/beoordelen?eigenaar={workplaces.company}").text
    assert list_codes(narrowed) == [code]
    assert "Alleen van Meetbedrijf BV" in narrowed
    assert list_codes(bram.get(f"/mijn/beoordelen?eigenaar={workplaces.municipality}").text) == []


def test_sent_back_submission_waits_for_its_submitter(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    assert decide(bram, code, "wijzigingen", toelichting="Waarom?").status_code == 303
    assert list_codes(bram.get("/mijn/beoordelen").text) == []
    waiting = bram.get("/mijn/beoordelen?deel=waiting").text
    assert f"/mijn/beoordelen/{code}" in waiting
    assert "bij de indiener" in waiting
    assert 'name="besluit"' not in waiting
