"""Sensors that change owners, in the browser."""

import re
from collections.abc import Iterator

import pytest

from tests.support.reviewing import submit
from tests.support.workplace import Workplaces, open_workplaces, register_one

TRANSFERS = "/mijn/overdrachten"


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as workplaces:
        yield workplaces


def test_sensor_is_offered_and_taken_over(workplaces: Workplaces) -> None:
    eva = workplaces.sign_in("eva")
    carla = workplaces.sign_in("carla", workplaces.company)
    code, company = register_one(eva), str(workplaces.company)
    assert f"{TRANSFERS}?sensor={code}" in eva.get(f"/mijn/ontvangst/{code}").text
    assert company in eva.get(f"{TRANSFERS}?sensor={code}&naam=meet").text
    offered = eva.post(TRANSFERS, sensor=code, organisatie=company, besluit="bied")
    assert offered.headers["location"] == f"{TRANSFERS}?gedaan=aangeboden"
    again = eva.post(TRANSFERS, sensor=code, organisatie=company, besluit="bied")
    assert again.status_code == 409
    assert '<a href="#sensor">' in again.text
    assert code in carla.get(TRANSFERS).text
    assert "Aan u aangeboden: 1 sensor" in " ".join(carla.get("/mijn/taken").text.split())
    assert "<strong>(1 sensor)</strong>" in carla.get("/mijn").text
    assert "Aan u aangeboden" not in eva.get("/mijn/taken").text
    nothing = carla.post(TRANSFERS, sensor=code, besluit="weiger", reden=" ")
    assert nothing.status_code == 422
    assert f'<a href="#reden-{code}">Vul in waarom u de sensor weigert.</a>' in nothing.text
    assert carla.post(TRANSFERS, sensor=code, besluit="weiger", reden="Nee").status_code == 303
    assert "Reden: Nee" in eva.get(TRANSFERS).text
    eva.post(TRANSFERS, sensor=code, organisatie=company, besluit="bied")
    taken = carla.post(TRANSFERS, sensor=code, besluit="neem-aan")
    assert taken.headers["location"] == f"{TRANSFERS}?gedaan=aangenomen&nummer={code}"
    assert code in carla.get("/mijn/sensoren").text
    assert code not in eva.get("/mijn/sensoren").text
    late = eva.post(TRANSFERS, sensor=code, besluit="neem-terug")
    assert late.status_code == 409
    assert "heeft dit aanbod al aangenomen" in late.text


def test_both_owners_have_a_receipt_and_the_new_one_is_told_what_to_check(workplaces: Workplaces) -> None:
    eva = workplaces.sign_in("eva")
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(eva, wat={"operator": "Gemeente Amsterdam"})
    eva.post(TRANSFERS, sensor=code, organisatie=str(workplaces.company), besluit="bied")
    taken = carla.post(TRANSFERS, sensor=code, besluit="neem-aan")
    told = carla.get(taken.headers["location"]).text
    assert "niet gewijzigd door de overdracht: Beheerder." in told
    assert "niet gewijzigd door de overdracht" not in eva.get(f"{TRANSFERS}?nummer={code}").text
    assert carla.post("/mijn/registreren/wijzigen", sensor=code).status_code == 303
    (number,) = re.findall(r'/mijn/ontvangst/([\w-]+)"', eva.get(TRANSFERS).text)
    for browser in (eva, carla):
        page = browser.get(f"/mijn/ontvangst/{number}").text
        assert "Overdracht aan een andere eigenaar" in page
        assert "<dt>Overgedragen door</dt><dd>Gemeente Amsterdam</dd>" in page
        assert "<dt>Eigenaar</dt><dd>Meetbedrijf BV</dd>" in page
        assert browser.get(f"/mijn/ontvangst/{number}.pdf").status_code == 200
        assert browser.get(f"{TRANSFERS}?nummer=niets").status_code == 200


def test_transfer_is_offered_only_where_it_is_possible(workplaces: Workplaces) -> None:
    eva = workplaces.sign_in("eva")
    carla = workplaces.sign_in("carla", workplaces.company)
    waiting, public = submit(carla), register_one(eva)
    # Eva may change it, and Carla owns it: it is not public yet.
    for browser in (eva, carla):
        assert f"{TRANSFERS}?sensor=" not in browser.get(f"/mijn/ontvangst/{waiting}").text
    page = carla.get(f"{TRANSFERS}?sensor={waiting}&naam=gemeente")
    assert page.status_code == 422
    assert "kan nu niet worden overgedragen" in page.text
    assert 'value="bied"' not in page.text
    assert f"{TRANSFERS}?sensor={public}" in eva.get(f"/mijn/ontvangst/{public}").text
    eva.post(TRANSFERS, sensor=public, organisatie=str(workplaces.company), besluit="bied")
    assert f"{TRANSFERS}?sensor={public}" not in eva.get(f"/mijn/ontvangst/{public}").text
    assert "is al aangeboden aan" in eva.get(f"{TRANSFERS}?sensor={public}&naam=meet").text


def test_search_without_a_sensor_or_name_says_what_is_missing(workplaces: Workplaces) -> None:
    eva = workplaces.sign_in("eva")
    page = eva.get(f"{TRANSFERS}?sensor=niets&naam=")
    assert page.status_code == 422
    assert '<a href="#sensor">' in page.text
    assert '<a href="#naam">' in page.text
    assert eva.post(TRANSFERS, sensor="niets", besluit="bied").status_code == 404
    assert eva.post(TRANSFERS, sensor=register_one(eva), besluit="iets").status_code == 422
