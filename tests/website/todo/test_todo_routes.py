"""The tasks of an organisation and its quality list, each row leading to what it is about."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from sqlalchemy import text, update

from app.core.clock import dutch_date
from app.core.database import transaction
from app.reports.report_subject import find_sensor
from app.reports.sightings import record_sighting
from app.sensors.tables.register import sensor_version
from tests.support.concurrency import read_state
from tests.support.reports import open_report_desk
from tests.support.workplace import (
    Editor,
    Workplaces,
    open_session,
    open_workplaces,
    register_one,
    start_draft,
)


@pytest.fixture(scope="module")
def workplaces(module_database: str) -> Iterator[Workplaces]:
    with open_workplaces(module_database) as found:
        yield found


@pytest.fixture(scope="module")
def codes(eva: Editor) -> tuple[str, str]:
    return register_one(eva), register_one(eva, wat={"reference": "geluid-2"})


@pytest.fixture(scope="module")
def eva(workplaces: Workplaces) -> Editor:
    return workplaces.sign_in("eva")


def set_dates(workplaces: Workplaces, code: str, **days: int) -> None:
    dates = {name: dutch_date() + timedelta(days=number) for name, number in days.items()}
    with open_session(workplaces.url) as session:
        found = session.scalar(
            text("SELECT id FROM register.sensor WHERE public_code = :code"), {"code": code}
        )
        session.execute(update(sensor_version).where(sensor_version.c.sensor_id == found).values(dates))


def list_codes(eva: Editor, address: str) -> list[str]:
    return re.findall(r'name="kies" value="(\w+)"', eva.get(address).text)


def test_each_task_leads_to_the_sensors_that_it_counts(fresh_database: str) -> None:
    with open_workplaces(fresh_database) as workplaces:
        eva = workplaces.sign_in("eva")
        set_dates(workplaces, register_one(eva), confirm_by=-1)
        second = register_one(eva, wat={"reference": "geluid-2"})
        set_dates(workplaces, second, confirm_by=30, active_until=-3, authorisation_valid_until=10)
        start_draft(eva)
        page = eva.get("/mijn/taken").text
        for words in (
            "Te bevestigen: 2 sensoren",
            "Einddatum bereikt of dichtbij: 1 sensor",
            "Besluit loopt af, of is afgelopen: 1 sensor",
            "Concepten die niet af zijn: 1",
        ):
            assert words in page
        tasks = re.findall(r'href="(/mijn/sensoren\?taak=\w+)"', page)
        assert [len(list_codes(eva, task)) for task in tasks] == [2, 1, 1, 1]
        assert "(4 sensoren)" in eva.get("/mijn").text
        assert "To be confirmed: 2 sensors" in eva.get("/en/mijn/taken").text


def test_quality_list_leads_to_the_field(eva: Editor, codes: tuple[str, str]) -> None:
    page = eva.get("/mijn/kwaliteit").text
    assert "Niet ingevuld: " in page
    assert "/mijn/kwaliteit/empty.summary" in page
    page = eva.get("/mijn/kwaliteit/empty.summary").text
    assert all(code in page for code in codes)
    answer = eva.post("/mijn/registreren/wijzigen", sensor=codes[0], veld="summary")
    where, _, anchor = answer.headers["location"].partition("#")
    assert anchor == "field-summary"
    assert re.fullmatch(r"/mijn/registreren/[\w-]+/wat\?na=controleren&veld=summary", where)
    step = eva.get(where).text
    assert 'id="field-summary"' in step
    assert '<details class="section-more" open>' in step
    assert set(list_codes(eva, "/mijn/sensoren?fout=empty.summary")) == set(codes)


@pytest.mark.parametrize("fault", ["empty.", "empty.reference", "warning.summary", "x", "warning.x.y"])
def test_unknown_problem_is_no_page(eva: Editor, fault: str) -> None:
    assert eva.get(f"/mijn/kwaliteit/{fault}").status_code == 404


def test_table_of_quality_is_for_a_dutch_spreadsheet(eva: Editor, codes: tuple[str, str]) -> None:
    table = eva.get("/mijn/kwaliteit.csv")
    assert "no-store" in table.headers["cache-control"]
    heading, *rows = table.text.lstrip("\ufeff").splitlines()
    assert heading.startswith('"Referentie";"Registratienummer";"Naam";')
    assert all(any(code in row for row in rows) for code in codes)
    assert eva.get("/en/mijn/kwaliteit.csv").text.lstrip("\ufeff").startswith('"Reference",')


def test_auditor_has_no_tasks(workplaces: Workplaces) -> None:
    daan = workplaces.sign_in("daan", role="auditor")
    assert daan.get("/mijn/taken").status_code == 403
    assert "/mijn/taken" not in daan.get("/mijn").text


def test_sensors_that_visitors_missed_are_a_task_of_who_confirms_them_alone(fresh_database: str) -> None:
    with open_report_desk(fresh_database) as desk:
        with transaction(read_state(desk.client).write_engine) as session:
            sensor = find_sensor(session, desk.camera)
            assert sensor is not None
            # The municipality owns it, so that it has editors and reviewers.
            for table in ("register.sensor", "register.sensor_version", "publication.published_sensor"):
                session.execute(text(f"UPDATE {table} SET owner_id = :owner"), {"owner": desk.municipality})
        for number in (1, 2, 3):
            address = ip_address(f"198.51.100.{number}")
            now = datetime.now(UTC)
            record_sighting(read_state(desk.client).write_engine, sensor, "gone", address, now)
        editor = desk.sign_in(desk.municipality)
        reviewer = desk.sign_in(desk.municipality, "reviewer", "Bram")
        assert "Bezoekers zagen iets anders dan in het register staat" in editor.get("/mijn/taken").text
        assert "Bezoekers zagen iets anders dan in het register staat" not in reviewer.get("/mijn/taken").text
