"""The search of the table, from an address and back."""

from urllib.parse import parse_qsl
from uuid import UUID

import pytest

from app.sensors.registration.owner_list import OwnerSort
from app.sensors.registration.owner_tasks import OwnerTask
from app.website.own_sensors.list_form import read_box, read_list_form

OWNER = UUID(int=1)


def test_every_field_of_the_address_is_read_and_written_again() -> None:
    given = {
        "zoek": " dam ",
        "soort": "sound",
        "melding": "submitted",
        "gebruik": "planned",
        "taak": "confirm",
        "gebied": "4.8,52.3,5,52.4",
        "volgorde": "confirm_by",
        "bladzijde": "3",
    }
    form = read_list_form(given, OWNER)
    search = form.search
    assert (search.words, search.sensor_type, search.registration_status) == ("dam", "sound", "submitted")
    assert (search.operational_status, search.box) == ("planned", (4.8, 52.3, 5.0, 52.4))
    assert search.task is OwnerTask.CONFIRM
    assert (form.sort, form.page) == (OwnerSort.CONFIRM_BY, 3)
    assert read_list_form(dict(parse_qsl(form.write_query())), OWNER) == form
    assert dict(parse_qsl(form.write_query(bladzijde=4)))["bladzijde"] == "4"


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "1e9", "9" * 30, "²"])
def test_what_cannot_be_read_counts_as_open(page: str) -> None:
    given = {"melding": "x", "gebruik": "", "volgorde": "y", "bladzijde": page, "gebied": "hier"}
    form = read_list_form(given, OWNER)
    assert (form.search.registration_status, form.search.operational_status) == (None, None)
    assert (form.sort, form.page, form.search.box) == (OwnerSort.REFERENCE, 1, None)


@pytest.mark.parametrize(
    "box", ["5,52,4,53", "4,53,5,52", "4,52,5", "nan,52,5,53", "4,52,500,53", "inf,1,2,3"]
)
def test_box_that_is_none_is_left_out(box: str) -> None:
    assert read_box(box) is None
