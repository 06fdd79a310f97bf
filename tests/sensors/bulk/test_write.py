"""Plans of the statements that find sensors changed by someone else, in large imports and reversals."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.sensors.bulk.undo import revert_import
from tests.support.bulk import import_records
from tests.support.sensors import make_context, make_record


@contextmanager
def explained(session: Session, begin: str) -> Iterator[list[str]]:
    """The plan of each statement with this text, as where sorting seems dear; the statement runs as usual."""
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, values: object, *_: object) -> None:
        if begin in statement and not statement.startswith("EXPLAIN"):
            session.connection().exec_driver_sql("SET LOCAL enable_sort = off")
            rows = session.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", values)  # type: ignore[arg-type]
            plans.append("\n".join(row[0] for row in rows))
            session.connection().exec_driver_sql("SET LOCAL enable_sort = on")

    event.listen(session.connection(), "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(session.connection(), "before_cursor_execute", explain)


def test_sensors_changed_meanwhile_are_not_sought_in_the_order_of_their_codes(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    before, after = (
        [make_record(reference=f"r-{number}", owner=str(amsterdam), name=name) for number in range(3)]
        for name in ("Eerst", "Later")
    )
    import_records(session, context, before)
    session.execute(text("ANALYZE register.sensor"))
    with explained(session, "current.id IS DISTINCT FROM before_id") as plans:
        import_id, _ = import_records(session, context, after)
    with explained(session, "later.number > version.number") as more:
        revert_import(session, context, import_id)
    assert (len(plans), len(more)) == (1, 1)
    for plan in (*plans, *more):
        assert "uq_sensor_public_code" not in plan, plan
