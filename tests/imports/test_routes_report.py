"""The report of an import: its changes, the account of its file, and its problems by kind."""

from collections.abc import Iterator

import pytest

from tests.support.import_client import ImportClient, make_rows, open_import_client, write_csv


@pytest.fixture
def own_client(fresh_database: str) -> Iterator[ImportClient]:
    """A client of a register without other sensors."""
    with open_import_client(fresh_database) as client:
        yield client


def test_report_has_what_changes_and_how_the_file_was_read(own_client: ImportClient) -> None:
    rows = make_rows(3, name="Oud")
    own_client.submit_and_run(write_csv(rows), "apply=true")
    rows[1] |= {"name": "Nieuw", "latitude": rows[1]["latitude"] + 0.01}
    submitted = own_client.submit_and_run(write_csv(rows))
    checked = own_client.read(submitted, **{"Accept-Language": "en"})
    changes = checked["changes"]
    assert {one["field"]: one["count"] for one in changes["fields"]} == {"name": 1, "location": 1}
    assert changes["fields"][0]["examples"] == [
        {"row": 3, "reference": "rij-2", "before": "Oud", "after": "Nieuw"}
    ]
    (move,) = changes["moves"]["examples"]
    assert (move["reference"], round(move["distanceM"], -1)) == ("rij-2", 1110)
    assert changes["crossings"] == {"count": 0, "examples": []}
    account = checked["account"]
    assert account["sentences"][0].startswith("Read as CSV, encoded as UTF-8, cells separated by semicolons")
    columns = {column["heading"]: column["fields"] for column in account["tables"][0]["columns"]}
    assert (columns["reference"], columns["latitude"]) == (["reference"], ["location"])


def test_equal_problems_have_their_first_rows_together(own_client: ImportClient) -> None:
    rows = [{name: value for name, value in row.items() if name != "purpose"} for row in make_rows(25)]
    submitted = own_client.submit_and_run(write_csv(rows))
    checked = own_client.read(submitted, **{"Accept-Language": "en"})
    (total,) = checked["problemTotals"]
    assert (total["code"], total["count"], len(total["firstRows"])) == ("required", 25, 20)
    assert total["firstRows"][:2] == [{"row": 2}, {"row": 3}]
    assert total["detail"].startswith("The file has no column ")
    assert total["detail"].endswith("Add the column, or give one value for all rows (purpose).")
