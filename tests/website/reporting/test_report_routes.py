"""The form of a resident's report, without an account and without a script."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.core.database import transaction
from tests.support.concurrency import read_state
from tests.support.people import SITE, find_secret, read_mail
from tests.support.reports import DAM, ReportDesk, open_report_desk, read_secret


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def count_reports(desk: ReportDesk) -> int:
    with transaction(read_state(desk.client).write_engine) as session:
        return int(session.execute(text("SELECT count(*) FROM register.report")).scalar_one())


def test_report_about_a_sensor_leads_to_its_private_page(desk: ReportDesk) -> None:
    browser = desk.open_browser()
    assert f"/melden?sensor={desk.camera}" in browser.get(f"/s/{desk.camera}").text
    kinds = browser.get(f"/melden?sensor={desk.camera}").text
    assert f"/melden?sensor={desk.camera}&amp;soort=wrong" in kinds
    assert "soort=missing" not in kinds
    form = browser.get(f"/melden?sensor={desk.camera}&soort=wrong").text
    assert "Wat klopt er niet?" in form
    answer = desk.send(browser, mail="Bewoner@Example.org", openbaar="ja")
    assert answer.status_code == 303
    secret = read_secret(answer)
    page = browser.get(answer.headers["location"])
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "De camera hangt aan de overkant." in page.text
    assert "van de gemeente Amsterdam" in page.text
    ((kind, receiver, body),) = read_mail(desk.client)
    assert (kind, receiver.lower()) == ("report_received", "bewoner@example.org")
    assert find_secret(body, f"{SITE}/melding") == secret
    with transaction(read_state(desk.client).write_engine) as session:
        row = session.execute(text("SELECT * FROM register.report")).mappings().one()
    assert row["municipality_code"] == "GM0363"
    assert (row["due_on"] - row["created_at"].date()).days in (27, 28, 29)
    assert b"ewoner" not in row["email_encrypted"]
    assert secret not in str(dict(row))


def test_report_in_english_stays_english(desk: ReportDesk) -> None:
    answer = desk.send(prefix="/en", mail="resident@example.org")
    assert answer.headers["location"].startswith("/en/melding?")
    assert "Your report was received" in desk.open_browser().get(answer.headers["location"]).text
    ((_, _, body),) = read_mail(desk.client)
    assert f"{SITE}/en/melding?sleutel=" in body


def test_planned_sensor_offers_a_reaction(desk: ReportDesk) -> None:
    browser = desk.open_browser()
    assert "soort=reaction" in browser.get(f"/melden?sensor={desk.planned}").text
    assert "soort=reaction" not in browser.get(f"/melden?sensor={desk.camera}").text
    assert f"/melden?sensor={desk.planned}&amp;soort=reaction" in browser.get(f"/s/{desk.planned}").text
    assert desk.send(sensor=desk.planned, soort="reaction", tekst="Liever niet.").status_code == 303
    # A kind that cannot be reported of this sensor leads back to the choice.
    refused = desk.send(soort="reaction", tekst="Liever niet.")
    assert refused.status_code == 200
    assert "Wat wilt u melden?" in refused.text
    assert count_reports(desk) == 1


def test_missing_sensor_is_reported_at_a_place(desk: ReportDesk) -> None:
    browser = desk.open_browser()
    assert f"/melden?plek={DAM}" in browser.get(f"/hier?plek={DAM}").text.replace(
        '4.89321,52.3731"', f'{DAM}"'
    )
    kinds = browser.get(f"/melden?plek={DAM}").text
    assert "U bent het niet eens met wat hier hangt of staat." in kinds
    assert "deze sensor" not in kinds
    asked = browser.get(f"/melden?plek={DAM}&soort=missing").text
    assert "bij iemand thuis" in asked
    assert "<textarea" not in asked
    form = browser.get(f"/melden?plek={DAM}&soort=missing&thuis=nee").text
    assert 'name="thuis" value="nee"' in form
    assert desk.send(plek=DAM, soort="missing", thuis="nee").status_code == 303
    with transaction(read_state(desk.client).write_engine) as session:
        row = session.execute(
            text(
                "SELECT sensor_id, ST_X(location), ST_X(location_rd), municipality_code FROM register.report"
            )
        ).one()
    assert row[0] is None
    assert row[1] == pytest.approx(4.89321)
    assert row[2] == pytest.approx(121_400, abs=300)
    assert row[3] == "GM0363"


def test_doorbell_is_explained_and_stored_nowhere(desk: ReportDesk) -> None:
    browser = desk.open_browser()
    page = browser.get(f"/melden?plek={DAM}&soort=missing&thuis=ja").text
    assert "autoriteitpersoonsgegevens.nl" in page
    for at_home in ("ja", "", "misschien"):
        answer = desk.send(plek=DAM, soort="missing", thuis=at_home)
        assert answer.status_code == 200
        assert "bij iemand thuis" in answer.text
    assert count_reports(desk) == 0


def test_form_with_problems_names_all_of_them_and_loses_nothing(desk: ReportDesk) -> None:
    answer = desk.send(tekst="  ", mail="geen adres", openbaar="ja")
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    assert re.findall(r'<li><a href="#([\w-]+)">', answer.text) == ["tekst", "mail"]
    assert 'value="geen adres"' in answer.text
    assert "checked" in answer.text
    too_long = desk.send(tekst="x" * 2001)
    assert too_long.status_code == 422
    assert "x" * 2001 in too_long.text
    assert desk.send(tekst="bel\x07").status_code == 422
    assert count_reports(desk) == 0


def test_program_is_recognised_by_its_speed_and_by_the_hidden_field(desk: ReportDesk) -> None:
    for stamp in (
        desk.make_stamp(seconds_ago=0),
        "",
        "x",
        "nan.x",
        "9e999.x",
        desk.make_stamp(60)[:-1] + "!",
    ):
        answer = desk.send(stempel=stamp)
        assert answer.status_code == 422, stamp
        assert "De camera hangt aan de overkant." in answer.text
    assert desk.send(bijnaam="Jan").status_code == 422
    assert count_reports(desk) == 0


def test_time_of_a_form_goes_on_after_it_was_sent_too_fast(desk: ReportDesk) -> None:
    stamp = desk.make_stamp(seconds_ago=1)
    again = desk.send(stempel=stamp)
    assert again.status_code == 422
    assert f'name="stempel" value="{stamp}"' in again.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("sensor=ONBEKEND", 404),
        ("sensor=%00", 400),
        ("plek=13.4,52.5", 404),
        ("plek=x", 404),
        ("plek=1e999,52", 404),
        ("sensor=" + "9" * 5000, 404),
    ],
)
def test_subject_that_cannot_be_reported_on_is_asked_again(desk: ReportDesk, query: str, status: int) -> None:
    assert desk.open_browser().get(f"/melden?{query}").status_code == status


def test_many_reports_of_one_client_are_refused(desk: ReportDesk) -> None:
    statuses = [desk.send().status_code for _ in range(21)]
    assert statuses == [303] * 20 + [429]
    assert count_reports(desk) == 20


def test_mailbox_of_another_is_not_filled(desk: ReportDesk) -> None:
    statuses = [desk.send(mail="bewoner@example.org").status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert len(read_mail(desk.client)) == 5


def test_form_of_another_site_is_refused(desk: ReportDesk) -> None:
    answer = desk.open_browser().post(
        "/melden", data={"sensor": desk.camera}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("without", ["report_key", "mail_host"])
def test_no_address_is_taken_without_a_key_or_mail(fresh_database: str, without: str) -> None:
    with open_report_desk(fresh_database, **{without: None}) as desk:
        page = desk.open_browser().get(f"/melden?sensor={desk.camera}&soort=question").text
        assert 'name="mail"' not in page
        assert desk.send(mail="bewoner@example.org").status_code == 422
        assert desk.send().status_code == 303
        assert read_mail(desk.client) == []


def test_form_names_the_municipality_that_answers(desk: ReportDesk) -> None:
    page = desk.open_browser().get(f"/melden?sensor={desk.camera}&soort=question").text
    assert "van de gemeente Amsterdam of de eigenaar" in page
    page = desk.open_browser().get(f"/en/melden?sensor={desk.camera}&soort=question").text
    assert "from the municipality of Amsterdam or the owner" in page
