"""The history of a registration: who did what when, old beside new, with names inside the own organisation alone."""

import re
from uuid import UUID

from sqlalchemy import text

from app.access.context import ActionContext
from app.access.queries import get_principal
from app.core.clock import dutch_date
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk.many import confirm_sensors, remove_sensors
from app.sensors.registration.actions import amend_sensor
from app.sensors.registration.redaction import redact_sensor
from app.sensors.registration.review import request_changes
from tests.support.bulk import import_records
from tests.support.organisations import make_organisation
from tests.support.register import make_today_record
from tests.support.workplace import Editor, Workplaces, open_session, register_one


def read(editor: Editor, code: str) -> str:
    """The text of the page without its tags."""
    answer = editor.get(f"/mijn/geschiedenis/{code}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<h1>")[2]).split())


def act(workplaces: Workplaces, name: str) -> ActionContext:
    """The context of an action of a person by name."""
    with open_session(workplaces.url) as session:
        statement = text("SELECT id FROM register.principal WHERE name = :name")
        person = session.scalars(statement, {"name": name}).one()
        return ActionContext(get_principal(session, person), dutch_date())


def find_id(workplaces: Workplaces, code: str) -> UUID:
    with open_session(workplaces.url) as session:
        found: UUID = session.scalars(
            text("SELECT id FROM register.sensor WHERE public_code = :code"), {"code": code}
        ).one()
    return found


def test_change_is_told_with_who_and_with_old_and_new(workplaces: Workplaces, eva: Editor) -> None:
    code = register_one(eva)
    context = act(workplaces, "Eva")
    with open_session(workplaces.url) as session:
        patch = {"name": "Nieuwe naam", "location": {"type": "Point", "coordinates": [4.9, 52.37]}}
        amend_sensor(session, context, find_id(workplaces, code), patch, expected=ANY_VERSION)
    page = read(eva, code)
    assert "Registratie gewijzigd" in page
    assert "Eva (Gemeente Amsterdam)" in page
    assert re.search(r"Naam was: Geluid op de Dam → werd: Nieuwe naam", page)
    assert re.search(r"De sensor staat \d+ meter verder dan eerst", page)
    assert page.index("Registratie gewijzigd") < page.index("Sensor geregistreerd")


def test_names_are_for_the_own_organisation(workplaces: Workplaces, eva: Editor) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(carla)
    with open_session(workplaces.url) as session:
        name = session.scalars(
            text("SELECT name FROM publication.organisation WHERE id = :id"), {"id": workplaces.company}
        ).one()
    assert f"Carla ({name})" in read(carla, code)
    seen = read(eva, code)
    assert "Carla" not in seen
    assert name in seen
    anna = workplaces.sign_in("anna", workplaces.company, role="auditor")
    assert "Carla" in read(anna, code)
    other = workplaces.sign_in("olaf", make_other(workplaces))
    assert other.get(f"/mijn/geschiedenis/{code}").status_code == 404


def make_other(workplaces: Workplaces) -> UUID:
    with open_session(workplaces.url) as session:
        return make_organisation(session, name="Een ander BV")


def test_review_is_told_with_its_reasons(workplaces: Workplaces) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    rita = workplaces.sign_in("rita", role="reviewer")
    code = register_one(carla)
    context = act(workplaces, "Rita")
    with open_session(workplaces.url) as session:
        request_changes(
            session,
            context,
            find_id(workplaces, code),
            reason="De foto ontbreekt",
            expected=ANY_VERSION,
            mail=None,
        )
    page = read(carla, code)
    assert "Wijzigingen gevraagd" in page
    assert "De foto ontbreekt" in page
    assert "Rita" not in page
    assert "Gemeente Amsterdam" in page
    assert "Rita (Gemeente Amsterdam)" in read(rita, code)


def test_import_and_actions_on_many_are_told(workplaces: Workplaces, eva: Editor) -> None:
    context = act(workplaces, "Eva")
    owner = str(workplaces.municipality)
    with open_session(workplaces.url) as session:
        records = [make_today_record(reference=f"r-{number}", owner=owner) for number in range(2)]
        import_records(session, context, records)
        found = session.execute(text("SELECT id, public_code FROM register.sensor ORDER BY reference")).all()
        session.execute(text("UPDATE register.sensor_version SET last_confirmed_on = DATE '2025-01-01'"))
    ids = [row.id for row in found]
    with open_session(workplaces.url) as session:
        confirm_sensors(session, context, ids)
    with open_session(workplaces.url) as session:
        remove_sensors(session, context, ids, dutch_date())
    page = read(eva, found[0].public_code)
    titles = ("Gemeld dat de sensor weg is", "Bevestigd dat de sensor er is", "Sensoren geïmporteerd")
    places = [page.index(title) for title in titles]
    assert places == sorted(places)
    assert page.count("Eva (Gemeente Amsterdam)") == 3


def test_redaction_is_told_with_its_reason_and_nothing_of_the_content(
    workplaces: Workplaces, eva: Editor
) -> None:
    code = register_one(eva)
    context = act(workplaces, "Eva")
    sensor_id = find_id(workplaces, code)
    with open_session(workplaces.url) as session:
        amend_sensor(session, context, sensor_id, {"name": "Later"}, expected=ANY_VERSION)
    with open_session(workplaces.url) as session:
        redact_sensor(session, context, sensor_id, reason="Verzoek van een bewoner", number=1, erase=True)
    page = read(eva, code)
    assert "Inhoud gewist" in page
    assert "Waarom: Verzoek van een bewoner" in page
    assert "Geluid op de Dam" not in page


def test_unknown_number_is_not_found(eva: Editor) -> None:
    assert eva.get("/mijn/geschiedenis/2222222").status_code == 404
    assert eva.get("/mijn/geschiedenis/%C3%A9").status_code == 404
