"""The administrator's pages are seen by an administrator of the whole register, and by no one else."""

import pytest

from tests.support.people import open_browser
from tests.website.administration.conftest import Administration

PAGES = (
    "/mijn/beheer",
    "/mijn/beheer/woordenlijsten",
    "/mijn/beheer/woordenlijsten/mounting",
    "/mijn/beheer/woordenlijsten/mounting/nieuw",
    "/mijn/beheer/woordenlijsten/mounting/termen/facade",
    "/mijn/beheer/storingen",
    "/mijn/beheer/instellingen",
    "/mijn/beheer/meldplicht",
    "/mijn/beheer/organisaties",
    "/mijn/beheer/organisaties/00000000-0000-0000-0000-000000000000",
    "/mijn/beheer/mensen",
    "/mijn/beheer/mensen/00000000-0000-0000-0000-000000000000",
)
FORMS = (
    "/mijn/beheer/woordenlijsten/mounting/nieuw",
    "/mijn/beheer/woordenlijsten/mounting/termen/facade",
    "/mijn/beheer/storingen/taken",
    "/mijn/beheer/storingen/mail",
    "/mijn/beheer/organisaties/00000000-0000-0000-0000-000000000000/naam",
    "/mijn/beheer/organisaties/00000000-0000-0000-0000-000000000000/einde",
    "/mijn/beheer/mensen/00000000-0000-0000-0000-000000000000/einde",
    "/mijn/beheer/mensen/00000000-0000-0000-0000-000000000000/wissen",
)


@pytest.mark.parametrize("role", ["editor", "reviewer", "auditor", "administrator of one"])
def test_others_are_refused_with_a_sentence(role: str, register_office: Administration) -> None:
    browser = register_office.others[role]
    for page in PAGES:
        answer = browser.get(page)
        assert answer.status_code == 403, page
        assert "voor beheerders van het hele register" in answer.text
    for form in FORMS:
        assert browser.post(form, data={"opnieuw": "alle"}).status_code == 403, form
    assert "Beheer van het register" not in browser.get("/mijn").text


def test_administrator_of_the_register_sees_every_page(register_office: Administration) -> None:
    browser = register_office.administrator
    for page in PAGES:
        for path in (page, f"/en{page}"):
            assert browser.get(path).status_code == (404 if page.endswith("0000") else 200), path
    assert "/mijn/beheer" in browser.get("/mijn").text
    for form in FORMS[2:4]:
        assert browser.post(form, data={}).status_code == 404
        assert browser.post(form, data={"opnieuw": "niets"}).status_code == 404


def test_stranger_is_led_to_the_page_that_signs_in(register_office: Administration) -> None:
    for page in PAGES:
        assert open_browser(register_office.client).get(page).headers["location"].startswith("/inloggen")
