"""Many submissions at once: chosen, checked and decided about; none of others, none that changed meanwhile."""

import re

import pytest

from tests.support.organisations import make_municipality
from tests.support.reviewing import change, decide, submit
from tests.support.workplace import Editor, Workplaces, open_session
from tests.website.reviewing.test_queue_routes import list_codes


def read_hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the last form of a page."""
    form = page.rpartition('method="post"')[2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(value)
    return found


def test_nothing_chosen_is_explained(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    for form in ({"besluit": "publiceren"}, {"besluit": "weggooien", "kies": code}, {"kies": code}):
        answer = bram.post("/mijn/beoordelen", **form)
        assert answer.status_code == 422
        assert "zet er een vinkje voor" in answer.text
    assert bram.post("/mijn/beoordelen/besluiten", besluit="publiceren").status_code == 422


def test_some_are_published_after_a_check_and_the_others_wait(bram: Editor, carla: Editor) -> None:
    codes = [submit(carla, f"geluid-{number}", f"Geluid {number}") for number in range(3)]
    page = bram.post("/mijn/beoordelen", besluit="publiceren", kies=codes[:2]).text
    assert "2 gekozen inzendingen" in page
    assert "Laat het de indieners zelf weten." in page
    assert read_hidden(page)["kies"] == codes[:2]
    assert bram.get(f"/s/{codes[0]}").status_code == 404
    done = bram.post("/mijn/beoordelen/besluiten", besluit="publiceren", kies=codes[:2]).text
    assert "2 inzendingen gepubliceerd" in done
    assert [bram.get(f"/s/{code}").status_code for code in codes] == [200, 200, 404]
    assert list_codes(bram.get("/mijn/beoordelen").text) == codes[2:]


@pytest.mark.parametrize("decision", ["wijzigingen", "afwijzen"])
def test_reason_is_asked_for_and_reaches_every_submitter(bram: Editor, carla: Editor, decision: str) -> None:
    codes = [submit(carla, f"geluid-{number}", f"Geluid {number}") for number in range(2)]
    answer = bram.post("/mijn/beoordelen/besluiten", besluit=decision, kies=codes)
    assert answer.status_code == 422
    assert '<a href="#reden">' in answer.text
    long = bram.post("/mijn/beoordelen/besluiten", besluit=decision, kies=codes, reden="x" * 2001)
    assert long.status_code == 422
    assert f">{'x' * 2001}</textarea>" in long.text
    done = bram.post("/mijn/beoordelen/besluiten", besluit=decision, kies=codes, reden="Onleesbaar.").text
    assert "2 inzendingen" in done
    for code in codes:
        assert "Onleesbaar." in carla.get(f"/mijn/beoordeling/{code}").text


def test_everything_that_a_filter_finds_is_decided(bram: Editor, carla: Editor) -> None:
    one, other = submit(carla), submit(carla, "camera-1", "Telpunt")
    page = bram.post("/mijn/beoordelen?zoek=telpunt", besluit="publiceren", alle="ja", zoek="telpunt").text
    assert "1 gekozen inzending" in page
    hidden = read_hidden(page)
    assert hidden["zoek"] == ["telpunt"]
    assert (
        "1 inzending gepubliceerd"
        in bram.post("/mijn/beoordelen/besluiten", besluit="publiceren", **hidden).text
    )
    assert [bram.get(f"/s/{code}").status_code for code in (one, other)] == [404, 200]


def test_decided_and_changed_ones_stay_as_they_are(bram: Editor, carla: Editor) -> None:
    codes = [submit(carla, f"geluid-{number}", f"Geluid {number}") for number in range(3)]
    seen = re.findall(r'name="gezien" value="([^"]+)"', bram.get("/mijn/beoordelen").text)[0]
    decide(bram, codes[0], "publiceren")
    change(carla, codes[1], "waarom", purpose="Iets anders.")
    done = bram.post("/mijn/beoordelen/besluiten", besluit="publiceren", kies=codes, gezien=seen).text
    assert "1 inzending gepubliceerd" in done
    assert "Een ander was u voor" in done
    assert "intussen aangepast" in done
    assert bram.get(f"/s/{codes[1]}").status_code == 404


@pytest.mark.parametrize("seen", ["gisteren", "2026-01-01T00:00:00", ""])
def test_unreadable_moment_counts_as_now(bram: Editor, carla: Editor, seen: str) -> None:
    code = submit(carla)
    form = {"besluit": "publiceren", "kies": code, "gezien": seen}
    assert "1 inzending gepubliceerd" in bram.post("/mijn/beoordelen/besluiten", **form).text


def test_submissions_of_another_municipality_are_not_chosen(workplaces: Workplaces, carla: Editor) -> None:
    with open_session(workplaces.url) as session:
        utrecht = make_municipality(session, "GM0344", "Gemeente Utrecht")
    ulla = workplaces.sign_in("ulla", utrecht, "reviewer")
    code = submit(carla)
    answer = ulla.post("/mijn/beoordelen/besluiten", besluit="publiceren", kies=code)
    assert answer.status_code == 422
    assert "Geluid op de Dam" not in answer.text
    assert ulla.get(f"/s/{code}").status_code == 404
