"""References between registered rows, which triggers check for one row and for a set."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.sensors.registration.actions import register_sensor
from app.sensors.tables.register import sensor_version
from tests.support.sensors import make_context, make_record

COLUMNS = ", ".join(column.name for column in sensor_version.columns if column.name not in ("id", "number"))


@pytest.fixture
def registered(session: Session, officer: Principal) -> None:
    register_sensor(session, make_context(officer), make_record())


def copy_version(session: Session, **said: object) -> None:
    """Add the only version a second and a third time, and say something else of the third."""
    third = ", ".join(f":{name}" if name in said else name for name in COLUMNS.split(", "))
    session.execute(
        text(f"""
            INSERT INTO register.sensor_version (number, {COLUMNS})
            SELECT 2, {COLUMNS} FROM register.sensor_version
            UNION ALL SELECT 3, {third} FROM register.sensor_version
        """),
        said,
    )


@pytest.mark.parametrize(
    "column", ["sensor_id", "owner_id", "operator_id", "controller_id", "on_behalf_of_id", "import_id"]
)
@pytest.mark.usefixtures("registered")
def test_version_with_an_unknown_reference_is_refused(session: Session, column: str) -> None:
    session.execute(text("UPDATE register.sensor_version SET superseded_at = now()"))
    nobody = uuid4()
    with pytest.raises(IntegrityError, match=str(nobody)), session.begin_nested():
        copy_version(session, **{column: nobody})
    copy_version(session, notified_late=True)
    assert session.scalar(text("SELECT count(*) FROM register.sensor_version")) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO register.sensor (owner_id, reference) VALUES (register.uuid7(), 'of nobody')",
        "UPDATE register.sensor SET owner_id = register.uuid7()",
        "INSERT INTO register.sensor_place (version_id, municipality_codes) VALUES (register.uuid7(), '{}')",
    ],
)
@pytest.mark.usefixtures("registered")
def test_sensor_or_place_with_an_unknown_reference_is_refused(session: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match="refers to what is not there"), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize(
    "table",
    ["publication.organisation", "register.sensor", "register.sensor_version", "register.sensor_import"],
)
@pytest.mark.parametrize("deed", ["DELETE FROM", "TRUNCATE"])
@pytest.mark.usefixtures("registered")
def test_referenced_rows_cannot_be_deleted(session: Session, table: str, deed: str) -> None:
    with pytest.raises(DBAPIError, match=r"never changed or deleted|cannot truncate"), session.begin_nested():
        session.execute(text(f"{deed} {table}"))
