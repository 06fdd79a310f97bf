"""Drafts: begun empty, as a copy or as a change, and thrown away."""

import re

import pytest

from app.sensors.fields import FIELD_BY_NAME
from app.website.registering.hints import find_label
from tests.support.workplace import Editor, Workplaces, fill_in, list_steps, register_one, start_draft


def test_draft_is_left_and_gone_on_with(workplaces: Workplaces, eva: Editor) -> None:
    draft = start_draft(eva)
    eva.post(f"{draft}/wat", **list_steps()["wat"], naar="sluiten")
    page = eva.get("/mijn/registreren").text
    assert f'href="{draft}/wat"' in page
    assert "Geluid op de Dam" in page
    eva.post(f"{draft}/waar", **list_steps()["waar"], versie="9999", naar="sluiten")
    assert f'href="{draft}/waar"' in eva.get("/mijn/registreren").text
    # A colleague sees it, another organisation does not.
    assert "Geluid op de Dam" in workplaces.sign_in("noor").get("/mijn/registreren").text
    carla = workplaces.sign_in("carla", workplaces.company)
    assert "Geluid op de Dam" not in carla.get("/mijn/registreren").text


def test_copy_has_all_answers_but_the_reference_and_the_place(workplaces: Workplaces, eva: Editor) -> None:
    code = register_one(eva)
    draft = start_draft(eva, kopie=f" {code.lower()} ")
    page = eva.get(f"{draft}/wat").text
    assert 'value="Geluid op de Dam"' in page
    assert "geluid-1" not in page
    page = eva.get(f"{draft}/waar").text
    assert "52.3731000" not in page
    assert re.search(r'name="mobility" value="fixed"[^>]* checked', page)
    # Published sensors may be copied by everybody; whose it was stays with it.
    carla = workplaces.sign_in("carla", workplaces.company)
    copied = start_draft(carla, kopie=code)
    assert 'value="Gemeente Amsterdam"' in carla.get(f"{copied}/wat").text


def test_copy_leaves_what_the_sensor_sees_with_its_old_place(eva: Editor) -> None:
    area = "POLYGON ((4.893 52.373, 4.894 52.373, 4.894 52.374, 4.893 52.373))"
    seen = {"observedArea": area, "viewDirectionDeg": "123", "viewAngleDeg": "61", "viewRangeM": "29"}
    code = register_one(eva, waar={**seen, "locationDescription": "Boven de deur", "postcode": "1012JS"})
    draft = start_draft(eva, kopie=code)
    page = eva.get(f"{draft}/waar").text
    assert 'value="61"' in page
    assert 'value="29"' in page
    assert not [one for one in ("4.894", "123", "Boven de deur", "1012") if re.search(f'[">]{one}', page)]
    # Sent at its new place, it has no area of another place.
    there = {"location": "52,3700, 4,9000", "viewAngleDeg": "61", "viewRangeM": "29"}
    fill_in(eva, draft, wat={"reference": "geluid-2"}, waar=there)
    sent = eva.post(f"{draft}/controleren").headers["location"]
    label = find_label(FIELD_BY_NAME["observedArea"]).nl
    assert label in eva.get(f"/mijn/ontvangst/{code}").text
    assert label not in eva.get(sent).text


@pytest.mark.parametrize("code", ["2222222", "geen nummer"])
def test_copy_of_an_unknown_number_is_explained(eva: Editor, code: str) -> None:
    answer = eva.post("/mijn/registreren", kopie=code)
    assert answer.status_code == 404
    assert "Een registratie met dit nummer vinden wij niet" in answer.text
    assert eva.post("/mijn/registreren/wijzigen", sensor=code).status_code == 404


def test_registration_that_is_not_public_is_not_copied_by_others(workplaces: Workplaces, eva: Editor) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(carla, waar={"location": "51,9225, 4,4792"})
    assert eva.post("/mijn/registreren", kopie=code).status_code == 404


def test_exact_place_of_a_generalised_sensor_is_not_copied_by_others(
    workplaces: Workplaces, eva: Editor
) -> None:
    generalised = {"visibility": "generalised", "visibilityReason": "Opvanglocatie"}
    steps = list_steps()["hoe-lang"] | generalised
    code = register_one(eva, hoe_lang=steps)
    carla = workplaces.sign_in("carla", workplaces.company)
    assert carla.get(f"/s/{code}").status_code == 200
    assert carla.post("/mijn/registreren", kopie=code).status_code == 404
    assert carla.post("/mijn/registreren/wijzigen", sensor=code).status_code == 404
    public = register_one(eva, wat={"reference": "openbaar"})
    assert start_draft(carla, kopie=public)
    # It may be copied and not changed.
    assert carla.post("/mijn/registreren/wijzigen", sensor=public).status_code == 404
    assert eva.post("/mijn/registreren", kopie=code).status_code == 303


def test_change_is_begun_once(workplaces: Workplaces, eva: Editor) -> None:
    code = register_one(eva)
    first = eva.post("/mijn/registreren/wijzigen", sensor=code).headers["location"]
    again = eva.post("/mijn/registreren/wijzigen", sensor=code).headers["location"]
    assert first.endswith("/wat")
    assert again == first.replace("/wat", "/controleren")
    assert "Wijziging van een registratie" in eva.get("/mijn/registreren").text


def test_draft_is_thrown_away_after_a_question(eva: Editor) -> None:
    draft = start_draft(eva)
    assert "Dit concept weggooien?" in eva.get(f"{draft}/weg").text
    assert eva.post(f"{draft}/weg").headers["location"] == "/mijn/registreren"
    assert eva.get(f"{draft}/wat").status_code == 404


def test_auditor_and_person_without_an_organisation_cannot_register(workplaces: Workplaces) -> None:
    auditor = workplaces.sign_in("daan", role="auditor")
    assert auditor.get("/mijn/registreren").status_code == 403
    assert auditor.post("/mijn/registreren").status_code == 403
