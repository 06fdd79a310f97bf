"""A step of the form: what it saves, what it refuses to go on with, and two people at one draft."""

import re

import pytest

from app.core.clock import dutch_date
from app.duties.actions import set_duty
from tests.support.workplace import Editor, Workplaces, fill_in, list_steps, open_session, start_draft


def find_problems(page: str) -> list[str]:
    """The links of the summary of problems."""
    return re.findall(r'<li><a href="[^"]*#field-(\w+)"', page)


def read_revision(page: str) -> str:
    found = re.search(r'name="versie" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_going_on_names_every_problem_of_the_step_at_once_and_loses_nothing(eva: Editor) -> None:
    draft = start_draft(eva)
    answer = eva.post(f"{draft}/wat", sensorType="other", reference="CAM-1", name="Camera")
    assert answer.status_code == 422
    assert find_problems(answer.text) == ["sensorTypeOther", "measures"]
    assert 'value="CAM-1"' in answer.text
    assert "<title>Fout: " in answer.text
    # It was saved nevertheless.
    assert 'value="CAM-1"' in eva.get(f"{draft}/wat").text


def test_problems_of_other_steps_do_not_hold_up_this_one(eva: Editor) -> None:
    draft = start_draft(eva)
    answer = eva.post(f"{draft}/wat", **list_steps()["wat"])
    assert (answer.status_code, answer.headers["location"]) == (303, f"{draft}/waar")


@pytest.mark.parametrize(
    ("target", "end"), [("terug", "/wat"), ("sluiten", "/mijn/registreren"), ("kaart", "/waar#plek")]
)
def test_step_is_left_with_whatever_was_typed(eva: Editor, target: str, end: str) -> None:
    draft = start_draft(eva)
    answer = eva.post(f"{draft}/waar", location="op de hoek", naar=target)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(end)
    assert 'value="op de hoek"' in eva.get(f"{draft}/waar").text


def test_step_that_the_check_led_to_returns_to_the_check(eva: Editor) -> None:
    draft = start_draft(eva)
    page = eva.get(f"{draft}/gegevens?na=controleren").text
    assert find_problems(page) == ["personalData"]
    assert '<input type="hidden" name="na" value="controleren">' in page
    again = eva.post(f"{draft}/gegevens", na="controleren")
    assert again.status_code == 422
    assert '<input type="hidden" name="na" value="controleren">' in again.text
    answer = eva.post(f"{draft}/gegevens", personalData="none", na="controleren")
    assert answer.headers["location"] == f"{draft}/controleren"


def test_page_saves_by_itself(eva: Editor) -> None:
    draft = start_draft(eva)
    answer = eva.post(f"{draft}/wat", name="Camera", versie="1", naar="bewaar")
    assert (answer.status_code, answer.json()) == (200, {"versie": 2})
    assert 'value="Camera"' in eva.get(f"{draft}/wat").text


def test_second_of_two_people_sees_what_the_first_did_and_chooses(
    workplaces: Workplaces, eva: Editor
) -> None:
    noor = workplaces.sign_in("noor")
    draft = start_draft(eva)
    seen = read_revision(eva.get(f"{draft}/wat").text)
    noor.post(f"{draft}/wat", name="Van Noor", versie=seen, naar="sluiten")
    assert eva.post(f"{draft}/wat", name="Van Eva", versie=seen, naar="bewaar").status_code == 409
    answer = eva.post(f"{draft}/wat", name="Van Eva", versie=seen, naar="sluiten")
    assert answer.status_code == 409
    assert "Noor heeft deze stap intussen opgeslagen" in answer.text
    assert "<q>Van Noor</q>" in answer.text
    assert 'value="Van Eva"' in answer.text
    assert 'value="Van Noor"' in noor.get(f"{draft}/wat").text
    eva.post(f"{draft}/wat", name="Van Eva", versie=read_revision(answer.text), naar="sluiten")
    assert 'value="Van Eva"' in noor.get(f"{draft}/wat").text


def test_place_is_found_by_its_name(eva: Editor) -> None:
    draft = start_draft(eva)
    page = eva.post(f"{draft}/waar", adres="Amsterdam", mobility="fixed", naar="zoek")
    assert page.status_code == 200
    place = re.search(r'name="plek" value="([\d., ]+)"', page.text)
    assert place is not None
    answer = eva.post(f"{draft}/waar", mobility="fixed", location="", plek=place[1])
    assert answer.headers["location"] == f"{draft}/waar#plek"
    assert f'value="{place[1]}"' in eva.get(f"{draft}/waar").text
    nothing = eva.post(f"{draft}/waar", adres="qqqq", naar="zoek")
    assert "Wij vinden geen plek met deze naam" in nothing.text


def test_place_that_is_typed_is_shown_with_what_the_sensor_sees(eva: Editor) -> None:
    view = "viewDirectionDeg=225&viewAngleDeg=70&viewRangeM=60"
    found = eva.get(f"/mijn/registreren/plek?location=121394+487383&{view}").json()
    assert found["position"] == pytest.approx([4.8936, 52.3731], abs=0.001)
    assert "In Amsterdam." in found["sentence"]
    assert found["view"]["type"] == "Polygon"
    assert eva.get("/mijn/registreren/plek?location=op+de+hoek").json() == {}
    beyond = eva.get(f"/mijn/registreren/plek?location=52.37,4.89&{view.replace('225', '361')}").json()
    assert beyond["view"] is None
    abroad = eva.get("/mijn/registreren/plek?location=48.85,2.35").json()
    assert "niet in Nederland" in abroad["sentence"]


@pytest.mark.parametrize(
    "path", ["/wat", "/waar", "/waarom", "/gegevens", "/hoe-lang", "/controleren", "/weg"]
)
def test_draft_of_another_organisation_is_not_found(workplaces: Workplaces, eva: Editor, path: str) -> None:
    draft = start_draft(eva)
    carla = workplaces.sign_in("carla", workplaces.company)
    assert carla.get(draft + path).status_code == 404
    assert carla.post(draft + path, name="Van een ander").status_code == 404
    assert eva.get(draft + path).status_code == 200


@pytest.mark.parametrize("path", ["/geen-stap", "/wat/verder"])
def test_unknown_step_is_not_found(eva: Editor, path: str) -> None:
    draft = start_draft(eva)
    assert eva.get(draft + path).status_code == 404
    assert eva.get("/mijn/registreren/geen-id/wat").status_code == 404


def test_form_works_in_english(eva: Editor) -> None:
    draft = start_draft(eva).replace("/mijn", "/en/mijn")
    page = eva.get(f"{draft}/wat").text
    assert "What kind of sensor is it?" in page
    answer = eva.post(f"{draft}/wat", **list_steps()["wat"])
    assert answer.headers["location"] == f"{draft}/waar"


def test_form_says_what_the_municipality_of_the_place_asks(workplaces: Workplaces, eva: Editor) -> None:
    given = {
        "validFrom": "2021-12-01",
        "mandatory": True,
        "noticeDays": 12,
        "legalUrl": "https://example.org/apv",
    }
    with open_session(workplaces.url) as session:
        set_duty(session, None, "GM0363", given, today=dutch_date())
    draft = start_draft(eva)
    asked = "Wat vraagt deze gemeente?"
    for step in ("waar", "controleren"):
        assert asked not in eva.get(f"{draft}/{step}").text
    fill_in(eva, draft)
    for step in ("waar", "controleren"):
        page = eva.get(f"{draft}/{step}").text
        assert asked in page
        assert "https://example.org/apv" in page
        assert re.search(r"uiterlijk\s+12\s+dagen", page)
        assert "Deze regel gaat over uw sensor." in page
    assert asked not in eva.get(f"{draft}/wat").text


def test_form_says_what_each_municipality_of_a_mobile_sensor_asks(
    workplaces: Workplaces, eva: Editor
) -> None:
    rules = {"GM0363": {"sensorTypes": ["optical_camera"]}, "GM0344": {}}
    with open_session(workplaces.url) as session:
        for code, more in rules.items():
            given = {"validFrom": "2021-12-01", "mandatory": True, "legalUrl": f"https://example.org/{code}"}
            set_duty(session, None, code, given | more, today=dutch_date())
    draft = start_draft(eva)
    fill_in(eva, draft)
    area = "POLYGON((4.80 52.20, 5.10 52.00, 5.20 52.10, 4.95 52.42, 4.80 52.20))"
    for typed in ("Amsterdam; Utrecht", area):
        eva.post(f"{draft}/waar", **list_steps()["waar"] | {"mobility": "mobile", "operatingArea": typed})
        for step in ("waar", "controleren"):
            page = eva.get(f"{draft}/{step}").text
            assert "Wat vragen deze gemeenten?" in page
            assert all(f"https://example.org/{code}" in page for code in rules)
            assert page.count("Deze regel gaat over uw sensor.") == 1
            assert page.count("Deze regel gaat niet over uw sensor.") == 1
    for unread in ("", "Nergenshuizen"):
        eva.post(f"{draft}/waar", **list_steps()["waar"] | {"mobility": "mobile", "operatingArea": unread})
        assert "Wat vragen deze gemeenten?" not in eva.get(f"{draft}/waar").text
