"""The table of problems as CSV."""

import csv
from io import StringIO

from tests.support.import_client import make_rows, open_import_client, write_csv


def test_problem_without_column_is_named_by_field_label(module_database: str) -> None:
    (row,) = make_rows(1)
    for name in ("sensorType", "measures"):
        del row[name]
    with open_import_client(module_database) as client:
        checked = client.submit_and_run(write_csv([row]))
        for language, separator, column, labels in (
            ("nl", ";", "Kolom", {"Soort sensor", "Wat meet de sensor?"}),
            ("en", ",", "Column", {"Type of sensor", "What does the sensor measure?"}),
        ):
            table = client.get(checked, "/problems?f=csv", **{"Accept-Language": language}).text
            named = {one[column] for one in csv.DictReader(StringIO(table), delimiter=separator)}
            assert "" not in named
            assert named >= labels
        problems = client.get(checked, "/problems").json()["problems"]
    assert {one["field"] for one in problems if "heading" not in one} >= {"sensorType", "measures"}
