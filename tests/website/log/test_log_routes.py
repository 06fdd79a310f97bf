"""The log of an organisation: for its auditors and administrators, of its own people alone, filtered and downloaded."""

import re

import pytest
from sqlalchemy import text

from app.access.queries import get_principal, list_principals
from app.core.clock import dutch_date
from tests.support.bulk import import_records
from tests.support.organisations import add_role, make_organisation
from tests.support.reviewing import decide, submit
from tests.support.sensors import make_context, make_record
from tests.support.workplace import Editor, Workplaces, open_session, register_one


@pytest.fixture
def anna(workplaces: Workplaces) -> Editor:
    """An auditor of the municipality."""
    return workplaces.sign_in("anna", role="auditor")


def read_rows(editor: Editor, query: str = "") -> list[str]:
    """The rows of the table, as text."""
    answer = editor.get(f"/mijn/logboek{query}")
    assert answer.status_code == 200, answer.text
    body = answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_auditor_sees_who_did_what(anna: Editor, eva: Editor) -> None:
    code = register_one(eva)
    rows = read_rows(anna)
    assert any("Eva Sensor geregistreerd" in row and code in row for row in rows)
    assert len(read_rows(anna, "?handeling=register_sensor")) == 1
    assert read_rows(anna, "?handeling=remove_sensor") == []


def test_log_has_the_actions_of_the_own_people_alone(
    workplaces: Workplaces, anna: Editor, eva: Editor
) -> None:
    register_one(eva)
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(carla)
    assert not any("Carla" in row or code in row for row in read_rows(anna))
    otto = workplaces.sign_in("otto", workplaces.company, role="auditor")
    rows = read_rows(otto)
    assert any("Carla Sensor geregistreerd" in row for row in rows)
    assert not any("Eva" in row for row in rows)


def test_person_of_two_organisations_is_in_each_log_with_what_concerns_it(
    workplaces: Workplaces, anna: Editor, eva: Editor
) -> None:
    code = register_one(eva)
    with open_session(workplaces.url) as session:
        session.execute(
            text(
                "INSERT INTO register.access_grant (principal_id, role, organisation_id)"
                " SELECT id, 'editor', :company FROM register.principal WHERE name = 'Eva'"
            ),
            {"company": workplaces.company},
        )
    otto = workplaces.sign_in("otto", workplaces.company, role="auditor")
    assert any(code in row for row in read_rows(anna))
    assert not any(code in row for row in read_rows(otto))


def test_decisions_and_imports_of_a_person_of_two_organisations_are_in_the_log_that_they_concern(
    workplaces: Workplaces, anna: Editor
) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    code = submit(carla)
    bram = workplaces.sign_in("bram", role="reviewer")
    assert decide(bram, code, "publiceren").status_code == 303
    with open_session(workplaces.url) as session:
        other = make_organisation(session, name="Ander Bedrijf BV")
        (person,) = list_principals(session, "Bram")
        principal = get_principal(session, person.id)
        add_role(session, principal, other, "editor")
        record = make_record(owner=str(other), reference="van een ander")
        import_records(session, make_context(get_principal(session, person.id)), [record])
    otto = workplaces.sign_in("otto", other, role="auditor")
    rows = read_rows(anna)
    assert [row for row in rows if "Bram" in row and code in row]
    assert read_rows(anna, "?handeling=import_sensors") == []
    assert not any(code in row for row in read_rows(otto))
    assert len(read_rows(otto, "?handeling=import_sensors")) == 1


def test_log_is_filtered_by_person_and_day(workplaces: Workplaces, anna: Editor, eva: Editor) -> None:
    register_one(eva)
    with open_session(workplaces.url) as session:
        person = session.scalars(text("SELECT id FROM register.principal WHERE name = 'Eva'")).one()
    today = dutch_date().isoformat()
    assert all("Eva" in row for row in read_rows(anna, f"?persoon={person}"))
    assert read_rows(anna, f"?van={today}&tot={today}&handeling=register_sensor")
    assert read_rows(anna, "?tot=2020-01-01") == []
    assert read_rows(anna, "?persoon=onzin&handeling=onzin&voor=onzin")


@pytest.mark.parametrize("query", ["?van=gisteren", "?tot=2026-99-99", "?van=2026-02-01&tot=2026-01-01"])
def test_day_that_cannot_be_is_refused(anna: Editor, query: str) -> None:
    answer = anna.get(f"/mijn/logboek{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_log_goes_on_page_by_page(workplaces: Workplaces, anna: Editor, eva: Editor) -> None:
    code = register_one(eva)
    with open_session(workplaces.url) as session:
        session.execute(
            text(
                "INSERT INTO audit.audit_entry (id, principal_id, action, subject_kind, subject_ids, details)"
                " SELECT register.uuid7(), principal.id, 'confirm_sensor', 'sensor', ARRAY[sensor.id::text], '{}'"
                " FROM register.principal, register.sensor, generate_series(1, 70) WHERE name = 'Eva'"
            )
        )
    answer = anna.get("/mijn/logboek?handeling=confirm_sensor")
    following = re.search(r'href="(/mijn/logboek\?[^"]*voor=[^"]*)"', answer.text)
    assert following
    first = read_rows(anna, "?handeling=confirm_sensor")
    second = read_rows(anna, following[1].removeprefix("/mijn/logboek").replace("&amp;", "&"))
    assert (len(first), len(second)) == (50, 20)
    lines = anna.get("/mijn/logboek/download?handeling=confirm_sensor").text.splitlines()
    assert len(lines) == 71
    assert code in lines[1]


def test_log_is_for_auditors_and_administrators(workplaces: Workplaces, eva: Editor) -> None:
    for address in ("/mijn/logboek", "/mijn/logboek/download"):
        assert eva.get(address).status_code == 403
    assert "/mijn/logboek" not in eva.get("/mijn").text
    bas = workplaces.sign_in("bas", role="administrator")
    assert bas.get("/mijn/logboek").status_code == 200
    assert "/mijn/logboek" in bas.get("/mijn").text
