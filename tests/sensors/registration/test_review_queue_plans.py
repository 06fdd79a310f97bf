"""Query plans of the queue among 100,000 sensors: what is published costs nothing."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.orm import Session

from app.access.principal import Grant, Principal
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url
from app.sensors.registration.queue_order import QueueOrder
from app.sensors.registration.review_queue import (
    QueuePart,
    SubmissionFilter,
    SubmissionKind,
    count_submissions,
    list_submission_ids,
    list_submissions,
)

pytestmark = pytest.mark.slow

NOBODY = UUID(int=1)
REVIEWER = Principal(NOBODY, "Reviewer", frozenset({Grant("reviewer", NOBODY, "GM0363")}))
SEARCHES = {
    "review": SubmissionFilter(),
    "comment": SubmissionFilter(QueuePart.COMMENT),
    "waiting": SubmissionFilter(QueuePart.WAITING),
    "overdue removals": SubmissionFilter(kind=SubmissionKind.REMOVAL, is_overdue=True),
    "words": SubmissionFilter(words="camera dam"),
    "words of owners": SubmissionFilter(words="meet"),
}
ORDERS = {"comment": QueueOrder.DUE, "overdue removals": QueueOrder.DUE, "words of owners": QueueOrder.DUE}


@pytest.fixture
def connection(large_database: str) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(large_database))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("name", SEARCHES)
def test_queue_is_read_from_the_index_of_what_is_under_review(connection: Connection, name: str) -> None:
    search, statements = SEARCHES[name], list[tuple[str, Any]]()

    def note(*given: Any) -> None:
        if "sensor_version" in given[2]:
            statements.append((given[2], given[3]))

    event.listen(connection, "before_cursor_execute", note)
    session = Session(connection)
    list_submissions(session, REVIEWER, search, dutch_date(), order=ORDERS.get(name, QueueOrder.OLDEST))
    list_submission_ids(session, REVIEWER, search, dutch_date())
    count_submissions(session, REVIEWER, dutch_date())
    event.remove(connection, "before_cursor_execute", note)
    assert len(statements) == 9 if name == "comment" else 8
    for statement, values in statements:
        plan = "\n".join(
            row[0] for row in connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", values)
        )
        assert re.search("ix_sensor_version_under_review|uq_sensor_version_open", plan), plan
        assert not re.search(r"Seq Scan on (sensor|sensor_version|sensor_place)\b", plan), plan
