"""Something done with many sensors: chosen, checked and done."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.database import transaction
from tests.support.import_browser import ImportBrowser, open_import_browser
from tests.support.import_client import make_rows, write_csv
from tests.support.people import read_mail


@pytest.fixture
def eva(fresh_database: str) -> Iterator[ImportBrowser]:
    """An editor with three sensors: r-1, r-2 and r-3."""
    with open_import_browser(fresh_database) as browser:
        path = browser.submit(write_csv(make_rows(3)))
        browser.send(f"{path}/toepassen")
        yield browser


def list_codes(eva: ImportBrowser, query: str = "") -> list[str]:
    return re.findall(r'name="kies" value="(\w+)"', eva.get(f"/mijn/sensoren{query}").text)


def choose(eva: ImportBrowser, action: str, **form: object) -> str:
    answer = eva.client.post(
        "/mijn/sensoren", headers={"Sec-Fetch-Site": "same-origin"}, data={"actie": action} | form
    )
    assert answer.status_code == 200, answer.text
    return answer.text


def do(eva: ImportBrowser, action: str, **form: object) -> str:
    answer = eva.client.post(f"/mijn/sensoren/{action}", headers={"Sec-Fetch-Site": "same-origin"}, data=form)
    return answer.text


def test_nothing_chosen_is_explained(eva: ImportBrowser) -> None:
    answer = eva.post("/mijn/sensoren", {"actie": "bevestigen"})
    assert answer.status_code == 422
    assert "zet er een vinkje voor" in answer.text
    assert eva.post("/mijn/sensoren", {"actie": "weggooien", "kies": list_codes(eva)[0]}).status_code == 422


@pytest.mark.parametrize("action", ["bevestigen", "verwijderen", "wijzigen"])
def test_nothing_is_done_with_sensors_of_others(eva: ImportBrowser, action: str) -> None:
    given = {"kies": "0000000", "gegeven": "measures", "antwoord": "", "measures": "Geluid"}
    answer = eva.post(f"/mijn/sensoren/{action}", given)
    assert answer.status_code == 422
    assert "zet er een vinkje voor" in answer.text
    assert eva.imports.count_versions() == 3


def test_some_are_removed_after_a_check_and_the_others_stay(eva: ImportBrowser) -> None:
    codes = list_codes(eva)
    assert len(codes) == 3
    page = choose(eva, "verwijderen", kies=codes[:2])
    assert "2 gekozen sensoren" in page
    assert re.findall(r'name="kies" value="(\w+)"', page) == codes[:2]
    assert codes[2] not in page
    page = do(eva, "verwijderen", kies=codes[:2])
    assert "2 sensoren als verwijderd gemeld" in page
    assert 'href="/mijn/ontvangst"' in page
    assert "De gemeente beoordeelt dit eerst" not in page
    assert set(list_codes(eva, "?gebruik=removed")) == set(codes[:2])
    assert "al" in do(eva, "bevestigen", kies=codes)
    assert "1 sensor als verwijderd gemeld" in do(eva, "verwijderen", kies=codes)


def test_removals_reported_at_once_are_one_mail(fresh_database: str) -> None:
    with open_import_browser(fresh_database, mail_host="mail.invalid", mail_from="a@register.example") as eva:
        eva.send(f"{eva.submit(write_csv(make_rows(3)))}/toepassen")
        with transaction(eva.imports.engine) as session:
            invite(session, "eva@gemeente.example")
        check_mail_of_removals(eva)


def invite(session: Session, email: str) -> None:
    """Let the person who is signed in have accepted an invitation by mail."""
    statement = (
        "INSERT INTO register.invitation (token_hash, name, email, role, expires_at, accepted_by, ended_at)"
        " SELECT sha256('a'), 'Eva', :email, 'editor', now(), id, now() FROM register.principal WHERE name = 'Eva'"
    )
    session.execute(text(statement), {"email": email})


def check_mail_of_removals(eva: ImportBrowser) -> None:
    codes = sorted(list_codes(eva))
    do(eva, "verwijderen", kies=codes[:2])
    # A sensor that was reported already is in no mail.
    do(eva, "verwijderen", kies=codes[:2])
    ((kind, receiver, body),) = read_mail(eva.client)
    assert (kind, receiver) == ("removal_receipts", "eva@gemeente.example")
    numbers = re.findall(r"Sensor (\w{7}): ([\w-]+)", body)
    assert [code for code, _ in numbers] == codes[:2]
    assert "/mijn/ontvangst" in body
    # A single one has its own receipt.
    do(eva, "verwijderen", kies=codes[2:])
    kind, receiver, body = read_mail(eva.client)[-1]
    assert (kind, receiver) == ("receipt", "eva@gemeente.example")
    assert codes[2] in body


def test_all_that_a_search_finds_are_chosen(eva: ImportBrowser) -> None:
    codes = list_codes(eva)
    page = choose(eva, "bevestigen", alle="ja", zoek="")
    assert "3 gekozen sensoren" in page
    assert 'name="alle" value="ja"' in page
    # They were registered, and so confirmed, today.
    page = do(eva, "bevestigen", alle="ja")
    assert "Er is niets veranderd" in page
    assert f"Dit was vandaag al gemeld ({len(codes)})" in page


@pytest.mark.parametrize("day", ["31-12-2999", "gisteren"])
def test_day_that_cannot_be_is_refused_and_kept(eva: ImportBrowser, day: str) -> None:
    codes = list_codes(eva)
    page = do(eva, "verwijderen", kies=codes[:1], dag=day)
    assert ("Schrijf een dag die bestaat" in page) or ("Deze dag moet nog komen" in page)
    assert list_codes(eva, "?gebruik=removed") == []


def test_one_answer_for_many_is_an_import_that_is_checked_first(eva: ImportBrowser) -> None:
    codes = list_codes(eva)
    page = choose(eva, "wijzigen", kies=codes[:2])
    assert '<option value="project">' in page
    assert '<option value="reference">' not in page
    page = do(eva, "wijzigen", kies=codes[:2], gegeven="project")
    assert 'name="project"' in page
    empty = do(eva, "wijzigen", kies=codes[:2], gegeven="project", antwoord="ja", project=" ")
    assert "Vul een antwoord in" in empty
    wrong = do(eva, "wijzigen", kies=codes[:2], gegeven="heightM", antwoord="ja", heightM="hoog")
    assert "Geef een getal" in wrong
    form = {"kies": codes[:2], "gegeven": "project", "antwoord": "ja", "project": "Zorg, welzijn"}
    answer = eva.client.post(
        "/mijn/sensoren/wijzigen",
        headers={"Sec-Fetch-Site": "same-origin"},
        data=form,
        follow_redirects=False,
    )
    assert answer.status_code == 303
    eva.imports.run_jobs()
    path = answer.headers["location"]
    page = eva.get(path).text
    assert "Zorg, welzijn" in page
    eva.send(f"{path}/toepassen")
    for code in codes:
        shown = "Zorg, welzijn" in eva.get(f"/mijn/ontvangst/{code}").text
        assert shown == (code in codes[:2])


def test_lists_are_changed_too(eva: ImportBrowser) -> None:
    codes = list_codes(eva)
    form = {"kies": codes, "gegeven": "themes", "antwoord": "ja", "themes": ["housing", "environment_noise"]}
    answer = eva.client.post(
        "/mijn/sensoren/wijzigen",
        headers={"Sec-Fetch-Site": "same-origin"},
        data=form,
        follow_redirects=False,
    )
    eva.imports.run_jobs()
    path = answer.headers["location"]
    assert "Wonen, Milieu: geluid" in eva.get(path).text
    eva.send(f"{path}/toepassen")
    table = eva.get("/mijn/sensoren/download?formaat=csv").text
    assert table.count("housing|environment_noise") == 3
