"""The completeness of fields as its users get it."""

import csv
import io

from tests.support.register import SENSORS, Register


def test_completeness_has_the_share_of_each_field(filled: Register) -> None:
    answer = filled.client.get("/v1/statistics/completeness?municipality=Amsterdam")

    assert answer.status_code == 200
    fields = {one["field"]: one for one in answer.json()["fields"]}
    assert fields["summary"]["applies"] == SENSORS
    assert (fields["gdprBases"]["applies"], fields["gdprBases"]["share"]) == (1, 1.0)
    assert fields["legitimateInterest"]["share"] is None
    etag = answer.headers["etag"]
    again = filled.client.get(
        "/v1/statistics/completeness?municipality=Amsterdam", headers={"If-None-Match": etag}
    )
    assert again.status_code == 304


def test_completeness_as_csv_has_labels_in_the_language_of_its_address(filled: Register) -> None:
    answer = filled.client.get("/v1/statistics/completeness?f=csv", headers={"Accept-Language": "en"})

    rows = {row["field"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows["privacyStatementUrl"]["fieldLabel"] == "Privacyverklaring"
    assert rows["legitimateInterest"]["share"] == ""


def test_completeness_is_not_counted_by_a_dimension(filled: Register) -> None:
    answer = filled.client.get("/v1/statistics/completeness?by=owner&f=html")

    assert answer.status_code == 400
    assert {one["location"] for one in answer.json()["errors"]} == {"by", "f"}
