"""The search of the queue, from an address and back."""

from urllib.parse import parse_qsl

import pytest

from app.sensors.registration.queue_order import QueueOrder
from app.sensors.registration.review_queue import QueuePart, SubmissionFilter, SubmissionKind
from app.website.reviewing.queue_form import join_query, read_queue_form

FULL = {
    "deel": "comment",
    "zoek": " dam ",
    "wat": "removal",
    "soort": "sound",
    "eigenaar": "00000000-0000-0000-0000-000000000001",
    "gemeente": "GM0363",
    "termijn": "te-laat",
    "wacht": "7",
    "laat": "ja",
    "volgorde": "due",
    "bladzijde": "3",
}


def test_every_field_of_the_address_is_read_and_written_again() -> None:
    form = read_queue_form(FULL)
    search = form.search
    assert (search.part, search.kind, search.words) == (QueuePart.COMMENT, SubmissionKind.REMOVAL, "dam")
    assert (search.sensor_type, search.municipality_code, search.min_age_days) == ("sound", "GM0363", 7)
    assert (search.is_overdue, search.is_late, form.page) == (True, True, 3)
    assert (search.owner_id is not None, form.order) == (True, QueueOrder.DUE)
    assert read_queue_form(dict(parse_qsl(form.write_query()))) == form
    assert "bladzijde" not in dict(parse_qsl(form.write_query(bladzijde=1)))


def test_term_may_be_kept_too() -> None:
    assert read_queue_form({"termijn": "op-tijd"}).search.is_overdue is False


@pytest.mark.parametrize("text", ["", "x", "-1", "1e9", "9" * 30, "²"])
def test_fields_that_cannot_be_read_count_as_open(text: str) -> None:
    names = ("volgorde", "deel", "wat", "eigenaar", "termijn", "wacht", "bladzijde")
    form = read_queue_form(dict.fromkeys(names, text))
    assert (form.search, form.page) == (SubmissionFilter(), 1)


def test_empty_parts_of_a_query_are_left_out() -> None:
    assert join_query("/a", "", "") == "/a"
    assert join_query("/a", "b=1", "", "c=2") == "/a?b=1&c=2"
