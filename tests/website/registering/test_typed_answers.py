"""Answers: read as cells are, and a registration written so that it reads as the same values."""

from typing import Any
from uuid import UUID

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.records.layouts.reading_context import ReadingContext, load_context
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.queries import version_as_request
from app.website.account.forms import FormFields
from app.website.registering.typed_answers import read_answers, take_answers, write_answers, write_number
from tests.support.registrations import list_registrations
from tests.support.sensors import TODAY, make_context


@pytest.fixture
def context(session: Session, amsterdam: UUID) -> ReadingContext:
    return load_context(session, owner=amsterdam, defaults={}, language="nl", today=TODAY)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("location", "52,37310, 4,89320", {"type": "Point", "coordinates": [4.8932, 52.3731]}),
        (
            "location",
            "https://www.google.com/maps/@52.3731,4.8932,17z",
            {"type": "Point", "coordinates": [4.8932, 52.3731]},
        ),
        ("viewRangeM", "12,5", 12.5),
        ("heightM", "-1.234,5 m", -1234.5),
        ("retentionPeriod", "28 dagen", "P28D"),
        ("placedFrom", "1 maart 2026", "2026-03-01"),
        ("openData", "true", True),
        ("openData", "false", False),
        ("operatingArea", "Amsterdam; Rotterdam", ["GM0363", "GM0599"]),
        ("privacyStatementUrl", "amsterdam.nl/privacy", "https://amsterdam.nl/privacy"),
        ("themes", ["housing"], ["housing"]),
        ("reference", "007", "007"),
        ("measures", "12-1", "12-1"),
    ],
)
def test_answer_is_read_as_a_cell_is(
    context: ReadingContext, name: str, typed: str | list[str], value: object
) -> None:
    read = read_answers({name: typed}, context)
    assert read.problems == ()
    assert read.request == {name: value}


def test_rd_is_read_as_the_same_place(context: ReadingContext) -> None:
    read = read_answers({"location": "121394 487383"}, context)
    assert read.request["location"]["coordinates"] == pytest.approx([4.8936, 52.3731], abs=0.001)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("location", "op de hoek", "invalid_position"),
        ("observedArea", "rondom", "invalid_area"),
        ("operatingArea", "Amsterdm", "unknown_municipality"),
        ("owner", "Niemand BV", "unknown_organisation"),
    ],
)
def test_answer_that_cannot_be_read_is_explained(
    context: ReadingContext, name: str, typed: str, code: str
) -> None:
    read = read_answers({name: typed}, context)
    assert [(one.location, one.code) for one in read.problems] == [(f"/{name}", code)]
    assert read.request == {}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=list_registrations())
def test_registration_as_answers_reads_as_the_same_values(
    session: Session, officer: Principal, context: ReadingContext, records: list[dict[str, Any]]
) -> None:
    with session.begin_nested() as savepoint:
        for record in records:
            version = register_sensor(session, make_context(officer), record)
            read = read_answers(write_answers(version, context), context)
            assert read.problems == ()
            given = version_as_request(version)
            assert read.request.keys() == given.keys()
            for name, value in given.items():
                assert _is_same(read.request[name], value), name
        savepoint.rollback()


def _is_same(read: Any, registered: Any) -> bool:
    """Whether two values are equal; places to a decimetre, which is coarser than they are written."""
    if not isinstance(registered, BaseGeometry):
        return bool(read == registered)
    shape = shapely.geometry.shape(read) if isinstance(read, dict) else read
    return bool(shapely.hausdorff_distance(shape, registered) < 1e-6)


def test_line_breaks_of_a_browser_change_no_answer() -> None:
    form = FormFields([("measures", "een twee"), ("purpose", "een\r\ntwee"), ("themes", ""), ("themes", "a")])
    saved = {"measures": "een \ntwee", "purpose": "een\ntwee"}
    taken = take_answers(form, ("measures", "purpose", "themes", "project"), saved)
    assert taken == {**saved, "themes": ["a"], "project": ""}


def test_order_in_which_a_page_has_terms_changes_no_answer() -> None:
    form = FormFields([("themes", "a"), ("themes", "b")])
    assert take_answers(form, ("themes",), {"themes": ["b", "a"]}) == {"themes": ["b", "a"]}
    assert take_answers(form, ("themes",), {"themes": ["b", "c"]}) == {"themes": ["a", "b"]}


@given(st.floats(-1e6, 1e6))
def test_number_is_written_without_losing_a_digit(number: float) -> None:
    written = write_number(number)
    assert float(written.replace(",", ".")) == number
    assert not written.endswith(",0")
