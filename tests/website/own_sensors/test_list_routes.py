"""The table of an organisation's sensors as a page, and its download."""

from collections.abc import Iterator

import pytest

from tests.support.workplace import Workplaces, open_workplaces, register_one


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


def test_table_has_the_sensors_of_the_chosen_organisation_alone(workplaces: Workplaces) -> None:
    eva, carla = workplaces.sign_in("eva"), workplaces.sign_in("carla", workplaces.company)
    own, other = register_one(eva), register_one(carla)
    page = eva.get("/mijn/sensoren").text
    assert own in page
    assert other not in page
    assert "1 sensor" in page
    assert own not in eva.get("/mijn/sensoren?zoek=niets").text
    assert "Er zijn geen sensoren gevonden" in eva.get("/mijn/sensoren?soort=optical_camera").text
    assert own in eva.get("/mijn/sensoren?gebied=4.8,52.3,5,52.4&volgorde=code&gebruik=active").text
    assert "My sensors" in eva.get("/en/mijn/sensoren").text


def test_download_is_imported_again_as_it_is(workplaces: Workplaces) -> None:
    eva = workplaces.sign_in("eva")
    register_one(eva)
    table = eva.get("/mijn/sensoren/download?formaat=csv")
    assert "no-store" in table.headers["cache-control"]
    heading, row = table.text.lstrip("\ufeff").splitlines()[:2]
    assert "Soort sensor" in heading
    assert "geluid-1" in row
    workbook = eva.get("/mijn/sensoren/download")
    assert workbook.headers["content-disposition"] == 'attachment; filename="sensoren.xlsx"'
    assert workbook.content.startswith(b"PK")


def test_auditor_has_no_table(workplaces: Workplaces) -> None:
    daan = workplaces.sign_in("daan", role="auditor")
    assert daan.get("/mijn/sensoren").status_code == 403
    assert daan.get("/mijn/sensoren/download").status_code == 403
