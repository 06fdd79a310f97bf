"""The queue of reviewers: whose it is, what each filter finds, the terms and the pages."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.access.queries import get_principal
from app.core.clock import dutch_date
from app.core.expected_version import ANY_VERSION
from app.duties.actions import set_duty
from app.sensors.registration.actions import amend_sensor, register_sensor, remove_sensor
from app.sensors.registration.queue_order import QueueOrder
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import publish_submission, request_changes
from app.sensors.registration.review_queue import (
    QueuePart,
    SubmissionFilter,
    SubmissionKind,
    count_submissions,
    list_submission_ids,
    list_submissions,
)
from app.sensors.registration.review_thread import comment_on_submission
from tests.support.organisations import add_role, make_municipality, make_organisation, make_principal
from tests.support.sensors import make_context, make_record

TODAY = dutch_date()


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


@pytest.fixture
def neighbour(session: Session, amsterdam: UUID) -> Principal:
    assert amsterdam is not None
    return make_principal(session, make_municipality(session, "GM0599", "Gemeente Rotterdam"), "reviewer")


def submit(session: Session, principal: Principal, reference: str, **fields: Any) -> UUID:
    dates = {"placedFrom": "2025-01-01", "activeUntil": (TODAY + timedelta(days=400)).isoformat()}
    record = make_record(**({"reference": reference} | dates | fields))
    return register_sensor(session, make_context(principal, TODAY), record).sensor_id


def age(session: Session, sensor_id: UUID, days: int) -> None:
    """Let the versions of a sensor be recorded some days ago."""
    statement = "UPDATE register.sensor_version SET recorded_at = recorded_at - :days WHERE sensor_id = :id"
    session.execute(text(statement), {"days": timedelta(days=days), "id": sensor_id})


def find(session: Session, principal: Principal, **search: Any) -> list[str]:
    rows, total = list_submissions(session, principal, SubmissionFilter(**search), TODAY)
    assert (
        total == len(rows) == len(list_submission_ids(session, principal, SubmissionFilter(**search), TODAY))
    )
    return [row.reference for row in rows]


def test_queue_is_that_of_the_municipality_of_the_place(
    session: Session, company: Principal, officer: Principal, reviewer: Principal, neighbour: Principal
) -> None:
    submit(session, company, "hier")
    submit(session, officer, "van de gemeente zelf")
    assert find(session, reviewer) == ["hier"]
    assert find(session, neighbour) == find(session, officer) == find(session, company) == []
    assert find(session, reviewer, municipality_code="GM0599") == []


def test_each_filter_narrows_the_queue(
    session: Session, amsterdam: UUID, company: Principal, reviewer: Principal
) -> None:
    changed = submit(session, company, "gewijzigd")
    removed = submit(session, company, "verwijderd")
    for one in (changed, removed):
        publish_submission(session, make_context(reviewer), one, expected=ANY_VERSION, mail=None)
    amend_sensor(session, make_context(company, TODAY), changed, {"name": "Anders"}, expected=ANY_VERSION)
    remove_sensor(session, make_context(company, TODAY), removed, {}, expected=ANY_VERSION)
    old = submit(session, company, "oud", sensorType="radio", placedFrom=(TODAY + timedelta(90)).isoformat())
    age(session, old, 15)
    assert find(session, reviewer) == ["oud", "gewijzigd", "verwijderd"]
    assert find(session, reviewer, kind=SubmissionKind.NEW) == ["oud"]
    assert find(session, reviewer, kind=SubmissionKind.CHANGE) == ["gewijzigd"]
    assert find(session, reviewer, kind=SubmissionKind.REMOVAL) == ["verwijderd"]
    assert find(session, reviewer, sensor_type="radio") == ["oud"]
    assert find(session, reviewer, is_late=False) == ["oud"]
    assert find(session, reviewer, is_late=True) == ["gewijzigd", "verwijderd"]
    assert find(session, reviewer, is_overdue=True) == ["oud"]
    assert find(session, reviewer, is_overdue=False) == ["gewijzigd", "verwijderd"]
    assert find(session, reviewer, min_age_days=15) == ["oud"]
    assert find(session, reviewer, min_age_days=16) == []
    assert find(session, reviewer, min_age_days=10**9) == []
    assert find(session, reviewer, words="gewij") == ["gewijzigd"]
    owner = next(iter(company.grants)).organisation_id
    assert len(find(session, reviewer, owner_id=owner)) == 3
    assert find(session, reviewer, owner_id=amsterdam) == []


def test_term_ends_on_its_last_day(session: Session, company: Principal, reviewer: Principal) -> None:
    for reference, days in (("nieuw", 0), ("bijna", 11), ("vandaag", 14), ("te laat", 15)):
        age(session, submit(session, company, reference), days)
    rows, _ = list_submissions(session, reviewer, SubmissionFilter(), TODAY)
    found = {row.reference: ((row.due_on - TODAY).days, row.is_overdue, row.age_days) for row in rows}
    assert found == {
        "nieuw": (14, False, 0),
        "bijna": (3, False, 11),
        "vandaag": (0, False, 14),
        "te laat": (-1, True, 15),
    }
    counts = count_submissions(session, reviewer, TODAY)
    assert (counts.review, counts.near, counts.overdue) == (4, 2, 1)


def test_touched_municipality_is_asked_for_comment_until_it_gave_one(
    session: Session, company: Principal, reviewer: Principal, neighbour: Principal
) -> None:
    area = {"mobility": "mobile", "location": None, "operatingArea": ["GM0363", "GM0599"]}
    sensor_id = submit(session, company, "gebied", **area)
    assert find(session, reviewer) == find(session, neighbour, part=QueuePart.COMMENT) == ["gebied"]
    assert find(session, neighbour) == find(session, reviewer, part=QueuePart.COMMENT) == []
    assert count_submissions(session, neighbour, TODAY).comment == 1
    age(session, sensor_id, 15)
    for overdue, found in ((True, ["gebied"]), (False, [])):
        assert find(session, neighbour, part=QueuePart.COMMENT, is_overdue=overdue) == found
    comment = [FieldRemark("Goed zo")]
    comment_on_submission(session, make_context(neighbour), sensor_id, comment, mail=None)
    assert find(session, neighbour, part=QueuePart.COMMENT) == []


def test_what_was_sent_back_waits_elsewhere(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = submit(session, company, "terug")
    request_changes(session, make_context(reviewer), sensor_id, reason="Nee", expected=ANY_VERSION, mail=None)
    assert find(session, reviewer) == []
    assert find(session, reviewer, part=QueuePart.WAITING) == ["terug"]
    assert count_submissions(session, reviewer, TODAY, "GM0363").waiting == 1


def test_pages_by_number_and_by_cursor_are_the_same(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    for number in range(5):
        submit(session, company, f"nr {number}")
    pages, after = [], None
    for page in (1, 2, 3):
        rows, total = list_submissions(session, reviewer, SubmissionFilter(), TODAY, page=page, limit=2)
        following, _ = list_submissions(session, reviewer, SubmissionFilter(), TODAY, after=after, limit=2)
        assert (rows, total) == (following, 5)
        pages += [row.reference for row in rows]
        after = rows[-1].version_id
        if page == 1:
            publish_after = rows
    assert pages == [f"nr {number}" for number in range(5)]
    publish_submission(
        session, make_context(reviewer), publish_after[-1].sensor_id, expected=ANY_VERSION, mail=None
    )
    rest, _ = list_submissions(
        session, reviewer, SubmissionFilter(), TODAY, after=publish_after[-1].version_id
    )
    assert [row.reference for row in rest] == ["nr 2", "nr 3", "nr 4"]


def test_order_by_term_puts_what_is_due_first_on_top(
    session: Session, amsterdam: UUID, company: Principal
) -> None:
    both = make_principal(session, amsterdam, "reviewer")
    rotterdam = make_municipality(session, "GM0599", "Gemeente Rotterdam")
    add_role(session, both, rotterdam, "reviewer")
    both = get_principal(session, both.id)
    duty = {"validFrom": TODAY.isoformat(), "mandatory": False, "noticeDays": 5, "reviewTermDays": 30}
    set_duty(session, None, "GM0599", duty, today=TODAY)
    elsewhere = {"location": {"type": "Point", "coordinates": [4.4868, 51.9094]}}
    age(session, submit(session, company, "oudste, ruim", **elsewhere), 20)
    age(session, submit(session, company, "te laat"), 15)
    age(session, submit(session, company, "nieuw"), 1)
    age(session, submit(session, company, "jong, ruim", **elsewhere), 2)
    by_age = find(session, both)
    assert by_age == ["oudste, ruim", "te laat", "jong, ruim", "nieuw"]
    found: list[str] = []
    after = None
    for page in (1, 2):
        search = SubmissionFilter()
        rows, _ = list_submissions(session, both, search, TODAY, order=QueueOrder.DUE, page=page, limit=2)
        following, _ = list_submissions(
            session, both, search, TODAY, order=QueueOrder.DUE, after=after, limit=2
        )
        assert rows == following
        found += [row.reference for row in rows]
        after = rows[-1].version_id
    assert found == ["te laat", "oudste, ruim", "nieuw", "jong, ruim"]


def test_comments_are_ordered_by_their_own_term(
    session: Session, company: Principal, reviewer: Principal, neighbour: Principal
) -> None:
    assert reviewer is not None
    area = {"mobility": "mobile", "location": None, "operatingArea": ["GM0363", "GM0599"]}
    for reference, days in (("nieuw", 0), ("oud", 3)):
        age(session, submit(session, company, reference, **area), days)
    search = SubmissionFilter(QueuePart.COMMENT)
    rows, _ = list_submissions(session, neighbour, search, TODAY, order=QueueOrder.DUE)
    assert [row.reference for row in rows] == ["oud", "nieuw"]


def test_words_are_found_in_owner_and_number_too(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    other = make_principal(session, make_organisation(session, name="100%_Water BV"))
    submit(session, company, "a", name="Dam")
    sensor_id = submit(session, other, "b", name="Dam")
    code = session.scalar(text("SELECT public_code FROM register.sensor WHERE id = :id"), {"id": sensor_id})
    assert code
    for words, expected in {
        "meetbedrijf": ["a"],
        "Water dam": ["b"],
        "%_wa": ["b"],
        "bv": ["a", "b"],
        "bv bv water": ["b"],
        code.upper(): ["b"],
        f"{code} meetbedrijf": [],
        "%": ["b"],
    }.items():
        assert find(session, reviewer, words=words) == expected, words
