"""The table of problems as a person opens it."""

import csv
from io import StringIO

from tests.support.import_client import make_rows, open_import_desk, write_csv


def test_a_problem_without_a_column_is_named_by_its_field(module_database: str) -> None:
    (row,) = make_rows(1)
    for name in ("sensorType", "measures"):
        del row[name]
    with open_import_desk(module_database) as desk:
        checked = desk.submit_and_do(write_csv([row]))
        for language, column, labels in (
            ("nl", "Kolom", {"Soort sensor", "Wat meet de sensor?"}),
            ("en", "Column", {"Type of sensor", "What does the sensor measure?"}),
        ):
            table = desk.get(checked, "/problems?f=csv", **{"Accept-Language": language}).text
            named = {one[column] for one in csv.DictReader(StringIO(table))}
            assert "" not in named
            assert named >= labels
        kept = desk.get(checked, "/problems").json()["problems"]
    assert {one["field"] for one in kept if "heading" not in one} >= {"sensorType", "measures"}
