"""Tasks of an owner: what is counted is what the list with that task shows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.access.permissions import edited_organisations
from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.registration.owner_list import OwnerSearch, list_owner_ids
from app.sensors.registration.owner_tasks import OwnerTask, count_tasks, select_with_task
from app.sensors.tables.register import sensor_version
from tests.support.sensors import TODAY, make_context, make_record

NEAR, LAST, NEXT, PAST = (TODAY + timedelta(days=days) for days in (10, 60, 61, -1))


def register(session: Session, officer: Principal, reference: str, **dates: date) -> None:
    made = register_sensor(
        session, make_context(officer), make_record(reference=reference, placedFrom="2025-01-01")
    )
    version = update(sensor_version).where(sensor_version.c.sensor_id == made.sensor_id)
    session.execute(version.values(dates))
    if reference == "removed":
        remove_sensor(session, make_context(officer), made.sensor_id, {}, expected=ANY_VERSION)


def test_counts_are_those_of_the_list(session: Session, officer: Principal) -> None:
    (owner,) = edited_organisations(officer)
    for reference, dates in {
        "overdue": {"confirm_by": PAST},
        "due": {"confirm_by": LAST},
        "later": {"confirm_by": NEXT, "active_until": NEXT, "authorisation_valid_until": NEXT},
        "ended": {"active_until": PAST},
        "decided": {"authorisation_valid_until": NEAR, "active_until": NEAR},
        "removed": {"confirm_by": PAST, "active_until": NEAR, "authorisation_valid_until": NEAR},
    }.items():
        register(session, officer, reference, **dates)
    counts = count_tasks(session, owner, TODAY)
    assert counts == {
        OwnerTask.OVERDUE: 1,
        OwnerTask.CONFIRM: 2,
        OwnerTask.END: 2,
        OwnerTask.AUTHORISATION: 1,
    }
    for task, count in counts.items():
        assert len(list_owner_ids(session, OwnerSearch(owner, task=task), TODAY)) == count


@pytest.mark.parametrize("task", OwnerTask)
def test_tasks_are_found_by_an_index(session: Session, officer: Principal, task: OwnerTask) -> None:
    (owner,) = edited_organisations(officer)
    session.execute(text("SET LOCAL enable_seqscan TO off"))
    statement = select_with_task(task, owner, TODAY).compile(
        session.connection(), compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}")))
    assert "ix_sensor_version" in plan
