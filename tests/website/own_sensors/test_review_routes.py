"""A registration as its owner follows it: the review, and withdrawing and restoring."""

import re
from collections.abc import Iterator

import pytest

from tests.support.reviewing import decide, submit
from tests.support.workplace import Editor, Workplaces, open_workplaces


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


@pytest.fixture
def carla(workplaces: Workplaces) -> Editor:
    """An editor of a company."""
    return workplaces.sign_in("carla", workplaces.company)


@pytest.fixture
def bram(workplaces: Workplaces) -> Editor:
    """A reviewer of the municipality of Amsterdam."""
    return workplaces.sign_in("bram", role="reviewer")


def read_version(page: str) -> str:
    found = re.search(r'name="versie" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_owner_sees_who_reviews_and_until_when(carla: Editor) -> None:
    code = submit(carla)
    page = carla.get(f"/mijn/beoordeling/{code}").text
    for words in (
        "De gemeente beoordeelt deze inzending. Tot die tijd zien alleen u en de gemeente haar.",
        "Amsterdam",
        "De gemeente beoordeelt uiterlijk op",
    ):
        assert words in page
    assert "The municipality reviews by" in carla.get(f"/en/mijn/beoordeling/{code}").text


def test_removal_that_is_reviewed_says_so(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "publiceren")
    done = carla.post("/mijn/sensoren/verwijderen", kies=[code], dag="").text
    assert "1 sensor als verwijderd gemeld" in done
    assert "De gemeente beoordeelt dit eerst" in done


def test_changes_asked_are_counted_in_tasks_list_and_home(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "wijzigingen", toelichting="Algemeen.", **{"reden-purpose": "Waarom hier?"})
    page = carla.get(f"/mijn/beoordeling/{code}").text
    for words in ("De gemeente vraagt om wijzigingen (2)", "Waarom hier?", "Wijzig en verstuur opnieuw"):
        assert words in page
    tasks = carla.get("/mijn/taken").text
    assert "Wijzigingen gevraagd: 1 sensor" in tasks
    assert f'href="/mijn/beoordeling/{code}">Geluid op de Dam' in tasks
    table = carla.get("/mijn/sensoren?melding=changes_requested").text
    assert f"/mijn/beoordeling/{code}" in table
    assert "<strong>Wijzigingen gevraagd (2)</strong>" in table
    assert "(1 sensor)" in carla.get("/mijn").text


def test_reason_of_a_rejection_stays_readable(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "afwijzen", toelichting="Dubbel gemeld.")
    page = carla.get(f"/mijn/beoordeling/{code}").text
    assert "Dubbel gemeld." in page
    assert "heeft deze inzending afgewezen" in page
    assert f"/mijn/beoordeling/{code}" in carla.get("/mijn/sensoren?melding=rejected").text


def test_withdrawn_registration_disappears_and_can_be_restored(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "publiceren")
    ask = carla.get(f"/mijn/sensoren/{code}/intrekken").text
    assert "Deze registratie intrekken?" in ask
    version = read_version(ask)
    answer = carla.post(f"/mijn/sensoren/{code}/intrekken", versie=version, reden="")
    assert answer.status_code == 422
    assert '<a href="#reden">' in answer.text
    answer = carla.post(f"/mijn/sensoren/{code}/intrekken", versie=version, reden="Dubbel.")
    assert answer.status_code == 303
    assert "De registratie is ingetrokken." in carla.get(answer.headers["location"]).text
    assert carla.get(f"/s/{code}").status_code == 404
    assert f"/mijn/beoordeling/{code}" in carla.get("/mijn/sensoren?melding=withdrawn").text
    restoring = carla.get(f"/mijn/sensoren/{code}/terugzetten").text
    empty = carla.post(f"/mijn/sensoren/{code}/terugzetten", versie=read_version(restoring), reden=" ")
    assert empty.status_code == 422
    assert "Vul in waarom u de registratie terugzet." in empty.text
    answer = carla.post(
        f"/mijn/sensoren/{code}/terugzetten", versie=read_version(restoring), reden="Niet dubbel."
    )
    assert answer.status_code == 303
    assert "Niet dubbel." in carla.get(f"/mijn/geschiedenis/{code}").text
    assert "De registratie is teruggezet." in carla.get(answer.headers["location"]).text
    # The municipality reviews what comes back.
    assert carla.get(f"/s/{code}").status_code == 404
    assert f"/mijn/beoordelen/{code}" in bram.get("/mijn/beoordelen").text


def test_withdrawal_of_another_version_or_twice_changes_nothing(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    answer = carla.post(f"/mijn/sensoren/{code}/intrekken", versie="9", reden="Dubbel.")
    assert answer.status_code == 409
    assert "intussen gewijzigd" in answer.text
    assert ">Dubbel.</textarea>" in answer.text
    answer = carla.post(f"/mijn/sensoren/{code}/terugzetten", versie="1", reden="Goed.")
    assert answer.status_code == 409
    assert carla.post(f"/mijn/sensoren/{code}/intrekken", versie="1", reden="Dubbel.").status_code == 303
    assert carla.post(f"/mijn/sensoren/{code}/intrekken", versie="2", reden="Dubbel.").status_code == 409
    assert f"/mijn/beoordelen/{code}" not in bram.get("/mijn/beoordelen").text


def test_registrations_of_others_are_not_found(workplaces: Workplaces, carla: Editor) -> None:
    eva = workplaces.sign_in("eva")
    code = submit(eva)
    for path in (
        f"/mijn/beoordeling/{code}",
        f"/mijn/sensoren/{code}/intrekken",
        "/mijn/beoordeling/XXXXXXX",
    ):
        assert carla.get(path).status_code == 404
    answer = carla.post(f"/mijn/sensoren/{code}/intrekken", versie="1", reden="Weg.")
    assert answer.status_code == 404


def test_home_and_tasks_of_a_reviewer_count_what_waits(bram: Editor, carla: Editor) -> None:
    assert "U hoeft nu niets te doen." in bram.get("/mijn/taken").text
    submit(carla)
    assert "(1 te beoordelen)" in bram.get("/mijn").text
    assert "Te beoordelen: 1" in bram.get("/mijn/taken").text
    assert "To be reviewed: 1" in bram.get("/en/mijn/taken").text
