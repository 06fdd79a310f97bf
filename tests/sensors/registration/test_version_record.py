"""The typed version and the table have the same columns."""

from dataclasses import fields

from app.sensors.registration.queries import select_versions
from app.sensors.registration.version_record import SensorVersion


def test_version_has_the_columns_of_the_statement_in_their_order() -> None:
    assert [field.name for field in fields(SensorVersion)] == select_versions().selected_columns.keys()
