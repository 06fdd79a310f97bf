"""The rule of a municipality in the browser: read, set, planned, taken back, and two people at once."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import dutch_date
from app.core.templates import localise_path
from app.duties.queries import find_duty, load_duties
from tests.support.organisations import make_municipality
from tests.support.workplace import Editor, Workplaces, open_session

DUTY = "/mijn/meldplicht"
FORM = f"{DUTY}/wijzigen"
ANSWERS: dict[str, Any] = {
    "verplicht": "ja",
    "soorten-optical_camera": "ja",
    "eigenaren-company": "ja",
    "dagen": "12",
    "ook-verwijderen": "ja",
    "uitzonderingen-nl": "Camera's aan huis",
    "titel-nl": "APV, artikel 1",
    "titel-en": "By-law, article 1",
    "tekst-nl": "Eerste regel\r\nTweede regel",
    "link": "https://example.org/apv",
    "termijn-beoordelen": "20",
    "termijn-reageren": "8",
    "termijn-melding": "30",
    "bezwaar-nl": "Binnen zes weken.",
}


def read_version(editor: Editor, query: str = "") -> str:
    found = re.search(r'name="versie" value="(\d+)"', editor.get(f"{FORM}{query}").text)
    assert found is not None
    return found[1]


def list_wrong(page: str) -> list[str]:
    """The fields that the summary of problems links to."""
    return re.findall(r'<li><a href="#([\w-]+)">', page)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Dit geldt alleen voor deze soorten sensoren: Camera of andere optische sensor. En alleen voor"),
        ({"eigenaren-company": ""}, "van alle eigenaren: Camera of andere optische sensor."),
        ({"soorten-optical_camera": ""}, "alle soorten sensoren, maar alleen voor deze eigenaren: Bedrijf."),
        (
            {"eigenaren-company": "", "soorten-optical_camera": ""},
            "alle soorten sensoren, en voor alle eigenaren.",
        ),
        ({}, "Melden moet uiterlijk 12 dagen voordat de sensor er komt."),
        ({"dagen": "0"}, "Melden moet uiterlijk op de dag dat de sensor er komt."),
    ],
)
def test_rule_is_said_in_whole_sentences(manager: Editor, changed: dict[str, str], words: str) -> None:
    given = ANSWERS | changed | {"vanaf": "01-12-2021", "versie": read_version(manager)}
    assert manager.post(FORM, **given).status_code == 303
    assert words in " ".join(manager.get(DUTY).text.split())


def test_rule_is_set_by_its_administrator_and_shown_to_its_people(
    workplaces: Workplaces, manager: Editor
) -> None:
    assert "Er is nog geen regel" in manager.get(DUTY).text
    answer = manager.post(FORM, **ANSWERS, vanaf="01-12-2021", versie=read_version(manager))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DUTY}?gedaan=bewaard")
    with open_session(workplaces.url) as session:
        duty = find_duty(session, "GM0363", dutch_date())
    assert (duty.is_mandatory, duty.notice_days, duty.sensor_types) == (True, 12, ("optical_camera",))
    assert (duty.removal_notified, duty.change_notified) == (True, False)
    assert (duty.review_term_days, duty.comment_term_days, duty.report_term_days) == (20, 8, 30)
    assert duty.legal_title is not None
    assert duty.legal_title.en == "By-law, article 1"
    editor = workplaces.sign_in("eva")
    page = editor.get(DUTY).text
    assert "sinds 1 december 2021" in page
    assert FORM not in page
    assert editor.get(FORM).status_code == 403
    assert editor.post(FORM, **ANSWERS, vanaf="2030-01-01", versie="3").status_code == 403
    # The form has the answers of the rule that holds.
    form = manager.get(FORM).text
    assert re.search(r'name="soorten-optical_camera" value="ja" checked', form)
    assert "Camera&#39;s aan huis</textarea>" in form


def test_every_problem_is_at_its_field_and_nothing_typed_is_lost(manager: Editor) -> None:
    wrong = {
        "vanaf": "gisteren",
        "dagen": "veel",
        "link": "www",
        "termijn-melding": "0",
        "titel-en": "By-law",
    }
    answer = manager.post(FORM, **wrong, versie=read_version(manager))
    assert answer.status_code == 422
    assert list_wrong(answer.text) == [
        *("vanaf", "verplicht", "dagen", "titel-nl", "link"),
        *("termijn-beoordelen", "termijn-reageren", "termijn-melding"),
    ]
    for typed in ("veel", "www", "By-law"):
        assert f'value="{typed}"' in answer.text
    assert "<title>Fout: " in answer.text


def test_rule_of_two_administrators_at_once_is_the_first(workplaces: Workplaces, manager: Editor) -> None:
    seen = read_version(manager)
    today = dutch_date().isoformat()
    assert manager.post(FORM, **ANSWERS, vanaf=today, versie=seen).status_code == 303
    other = workplaces.sign_in("noor", role="administrator")
    late = other.post(FORM, **(ANSWERS | {"dagen": "3"}), vanaf=today, versie=seen)
    assert late.status_code == 409
    assert "Een collega heeft de regel intussen gewijzigd" in late.text
    assert re.search(r'name="dagen" value="3"', late.text)
    again = re.search(r'name="versie" value="(\d+)"', late.text)
    assert again is not None
    assert other.post(FORM, **(ANSWERS | {"dagen": "3"}), vanaf=today, versie=again[1]).status_code == 303
    with open_session(workplaces.url) as session:
        assert [one.notice_days for one in load_duties(session, "GM0363").profiles] == [3]


def test_planned_rule_is_taken_back(workplaces: Workplaces, manager: Editor) -> None:
    day = (dutch_date() + timedelta(days=40)).isoformat()
    manager.post(FORM, **ANSWERS, vanaf=day, versie=read_version(manager))
    page = manager.get(DUTY).text
    assert "gaat nog in" in page
    assert "Deze regel geldt vanaf" in page
    assert workplaces.sign_in("eva").post(f"{DUTY}/terugnemen", dag=day).status_code == 403
    assert manager.post(f"{DUTY}/terugnemen", dag="morgen").status_code == 400
    assert manager.post(f"{DUTY}/terugnemen", dag=day).headers["location"] == f"{DUTY}?gedaan=teruggenomen"
    assert "gaat nog in" not in manager.get(DUTY).text


@pytest.mark.parametrize("path", [DUTY, FORM, "/mijn/vertrouwd"])
def test_administrator_of_the_register_names_a_municipality(
    workplaces: Workplaces, manager: Editor, path: str
) -> None:
    with open_session(workplaces.url) as session:
        make_municipality(session, "GM0599", "Gemeente Rotterdam")
    fatima = workplaces.sign_in("fatima", role="administrator", is_for_all=True)
    assert 'name="gemeente"' in fatima.get(path).text
    assert "Rotterdam" in fatima.get(f"{path}?gemeente=rotterdam").text
    assert fatima.get(f"{path}?gemeente=Atlantis").status_code == 404
    assert manager.get(f"{path}?gemeente=GM0599").status_code == 403


def test_rule_is_no_page_for_a_company(workplaces: Workplaces, manager: Editor) -> None:
    company = workplaces.sign_in("carla", workplaces.company, "administrator")
    assert company.get(DUTY).status_code == 403
    assert DUTY not in company.get("/mijn").text
    assert DUTY in manager.get("/mijn").text
    assert localise_path(DUTY, "en") in manager.get("/en/mijn").text
