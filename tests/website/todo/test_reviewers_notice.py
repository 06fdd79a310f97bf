"""People of a municipality who do not review read who does, and how that role is given."""

from collections.abc import Iterator

import pytest

from tests.support.workplace import Workplaces, open_workplaces


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


def test_people_of_a_municipality_read_who_reviews(workplaces: Workplaces) -> None:
    eva, carla = workplaces.sign_in("eva"), workplaces.sign_in("carla", workplaces.company)
    assert "Niemand beoordeelt nog voor uw gemeente." in eva.get("/mijn/taken").text
    bram = workplaces.sign_in("bram", role="reviewer")
    assert "Dat doet: Bram." in eva.get("/mijn/taken").text
    refused = eva.get("/mijn/beoordelen")
    assert refused.status_code == 403
    assert "Een beheerder van uw gemeente geeft die rol" in refused.text
    for other in (bram, carla):
        assert "Wie beoordeelt er?" not in other.get("/mijn/taken").text
