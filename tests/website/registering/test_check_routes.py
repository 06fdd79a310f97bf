"""The check: all that is wrong at once, what is doubtful, and sending; also a change that another was ahead of."""

import re
from datetime import timedelta

import pytest

from app.core.clock import dutch_date
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import amend_sensor
from app.sensors.registration.queries import find_sensor, get_version
from tests.support.organisations import make_principal
from tests.support.sensors import make_context
from tests.support.workplace import (
    Editor,
    Workplaces,
    fill_in,
    list_steps,
    open_session,
    register_one,
    start_draft,
)
from tests.website.registering.test_step_routes import find_problems


def start_change(editor: Editor, code: str) -> str:
    return editor.post("/mijn/registreren/wijzigen", sensor=code).headers["location"].rpartition("/")[0]


def change_meanwhile(workplaces: Workplaces, code: str, **fields: str) -> None:
    """Change a registration in another way: by the API, as a colleague does."""
    with open_session(workplaces.url) as session:
        sensor_id = find_sensor(session, code)
        assert sensor_id is not None
        context = make_context(make_principal(session, workplaces.municipality), dutch_date())
        amend_sensor(session, context, sensor_id, fields, expected=ANY_VERSION)


def test_empty_draft_names_all_that_is_missing(eva: Editor) -> None:
    draft = start_draft(eva)
    page = eva.get(f"{draft}/controleren").text
    needed = {"reference", "sensorType", "measures", "mobility", "purpose", "themes", "personalData"}
    assert set(find_problems(page)) == needed | {"placedFrom", "activeUntil"}
    assert f'href="{draft}/gegevens?na=controleren#field-personalData"' in page
    assert "Registreer de sensor" not in page
    assert eva.post(f"{draft}/controleren").status_code == 422


def test_right_answers_are_registered_and_published(workplaces: Workplaces, eva: Editor) -> None:
    draft = start_draft(eva)
    fill_in(eva, draft)
    page = eva.get(f"{draft}/controleren").text
    assert find_problems(page) == []
    assert "meteen openbaar" in page
    answer = eva.post(f"{draft}/controleren")
    code = answer.headers["location"].removeprefix("/mijn/ontvangst/")
    assert eva.get(f"/s/{code}").status_code == 200
    assert eva.get(f"{draft}/wat").status_code == 404
    with open_session(workplaces.url) as session:
        sensor_id = find_sensor(session, code)
        assert sensor_id is not None
        version = get_version(session, sensor_id)
    assert version.owner_id == workplaces.municipality
    assert version.themes == ["environment_noise", "housing"]


def test_registration_of_a_company_waits_for_the_municipality(workplaces: Workplaces) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    draft = start_draft(carla)
    fill_in(carla, draft)
    assert "beoordeelt de gemeente" in carla.get(f"{draft}/controleren").text
    code = carla.post(f"{draft}/controleren").headers["location"].rpartition("/")[2]
    assert carla.get(f"/s/{code}").status_code == 404


@pytest.mark.parametrize(("days", "is_late"), [(0, True), (4, True), (5, False)])
def test_lateness_is_said_before_sending(eva: Editor, days: int, *, is_late: bool) -> None:
    draft = start_draft(eva)
    placed = (dutch_date() + timedelta(days=days)).isoformat()
    fill_in(eva, draft, hoe_lang={"placedFrom": placed})
    assert ("U meldt later dan gevraagd" in eva.get(f"{draft}/controleren").text) is is_late
    code = eva.post(f"{draft}/controleren").headers["location"].rpartition("/")[2]
    assert ("later dan gevraagd" in eva.get(f"/mijn/ontvangst/{code}").text) is is_late


def test_company_cannot_register_for_another(workplaces: Workplaces) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    draft = start_draft(carla)
    fill_in(carla, draft, wat={"owner": "Gemeente Amsterdam"})
    assert find_problems(carla.get(f"{draft}/controleren").text) == ["owner"]
    assert carla.post(f"{draft}/controleren").status_code == 422


def test_reference_that_is_taken_is_said_before_sending(eva: Editor) -> None:
    register_one(eva)
    draft = start_draft(eva)
    fill_in(eva, draft, wat={"reference": "anders"})
    eva.post(f"{draft}/wat", **list_steps()["wat"], versie="9999", naar="sluiten")
    page = eva.get(f"{draft}/controleren").text
    assert find_problems(page) == ["reference"]
    assert "al een sensor met deze referentie" in page
    assert eva.post(f"{draft}/controleren").status_code == 422


def test_doubtful_claims_are_asked_about_and_can_be_sent(eva: Editor) -> None:
    draft = start_draft(eva)
    fill_in(eva, draft, wat={"measures": "Gezichten van voorbijgangers"})
    page = eva.get(f"{draft}/controleren").text
    assert "Klopt dit?" in page
    assert f'href="{draft}/wat?na=controleren#field-measures"' in page
    assert eva.post(f"{draft}/controleren").status_code == 303


def test_change_shows_old_and_new_and_touches_nothing_else(workplaces: Workplaces, eva: Editor) -> None:
    code = register_one(eva, waar={"location": "121394 487383"})
    draft = start_change(eva, code)
    assert "U hebt nog niets gewijzigd" in eva.get(f"{draft}/controleren").text
    eva.post(f"{draft}/waarom", purpose="Iets anders.", themes=["housing"], versie="1", naar="sluiten")
    page = eva.get(f"{draft}/controleren").text
    assert "<del>Weten hoe luid het is.</del> → <ins>Iets anders.</ins>" in page
    assert len(re.findall("<del>", page)) == 2
    with open_session(workplaces.url) as session:
        sensor_id = find_sensor(session, code)
        assert sensor_id is not None
        before = get_version(session, sensor_id)
    assert eva.post(f"{draft}/controleren").status_code == 303
    with open_session(workplaces.url) as session:
        after = get_version(session, sensor_id)
    assert (after.number, after.purpose, after.themes) == (2, "Iets anders.", ["housing"])
    assert after.location_rd == before.location_rd
    assert after.notified_late == before.notified_late


def test_change_that_another_was_ahead_of_is_shown_and_merged(workplaces: Workplaces, eva: Editor) -> None:
    code = register_one(eva)
    mine = start_change(eva, code)
    eva.post(f"{mine}/waarom", purpose="Van Eva.", themes=["housing"], versie="1", naar="sluiten")
    eva.post(f"{mine}/wat", **(list_steps()["wat"] | {"name": "Van Eva"}), versie="9", naar="sluiten")
    change_meanwhile(workplaces, code, name="Van Noor", model="X1")
    answer = eva.post(f"{mine}/controleren")
    assert answer.status_code == 409
    assert "Iemand heeft deze registratie intussen gewijzigd" in answer.text
    rows = re.findall(
        r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>", answer.text
    )
    named = {re.sub("<.*?>", "", row[0]).strip(): row[1:] for row in rows}
    assert named["Model"] == ("leeg", "X1", "leeg")
    assert named["Naam voor de lezer (beiden gewijzigd)"] == ("Geluid op de Dam", "Van Noor", "Van Eva")
    assert eva.post(f"{mine}/overnemen").headers["location"] == f"{mine}/controleren"
    page = eva.get(f"{mine}/controleren").text
    assert "<del>Van Noor</del> → <ins>Van Eva</ins>" in page
    assert "X1" not in page
    assert eva.post(f"{mine}/controleren").status_code == 303
    with open_session(workplaces.url) as session:
        sensor_id = find_sensor(session, code)
        assert sensor_id is not None
        version = get_version(session, sensor_id)
    assert (version.number, version.name, version.model, version.purpose) == (3, "Van Eva", "X1", "Van Eva.")
