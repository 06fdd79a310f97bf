"""The statistics as their users get them: JSON, CSV and a page, with the same search as items."""

import csv
import io
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

import pytest

from app.core.clock import dutch_date
from app.sensors.search.dimensions import ITEM_PARAMETERS, PUBLIC_DIMENSIONS, Dimension, find_item_parameter
from tests.support.contrasting_sensors import register_contrasting_sensors
from tests.support.register import SENSORS, Register, fill, open_register


@pytest.fixture(scope="module")
def contrasting(module_database: str) -> Any:
    with open_register(module_database) as register:
        fill(register)
        register_contrasting_sensors(register, module_database)
        yield register


def ask(register: Register, query: str, **headers: str) -> dict[str, Any]:
    answer = register.client.get(f"/v1/statistics?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("dimension", sorted(ITEM_PARAMETERS))
def test_count_equals_number_matched_of_the_same_value(contrasting: Register, dimension: Dimension) -> None:
    rows = ask(contrasting, f"by={dimension}")["rows"]

    assert rows
    for row in rows:
        if (parameter := find_item_parameter(dimension, code := row[dimension]["code"])) is None:
            continue
        found = contrasting.find(urlencode({parameter: code}))
        assert row["count"] == found["numberMatched"], row


def test_rows_have_labels_in_both_languages_and_the_total(contrasting: Register) -> None:
    document = ask(contrasting, "by=sensorType&municipality=Rotterdam")

    assert document["total"] == 2
    assert document["by"] == [
        {
            "dimension": "sensorType",
            "label": {"nl": "Soort sensor", "en": "Type of sensor"},
            "countsOverlap": False,
        }
    ]
    assert document["rows"] == [
        {"sensorType": {"code": "sound", "label": {"nl": "Geluidsensor", "en": "Sound sensor"}}, "count": 2}
    ]


def test_two_dimensions_give_a_row_for_each_pair(contrasting: Register) -> None:
    rows = ask(contrasting, "by=municipality,mobility")["rows"]

    counts = {(row["municipality"]["code"], row["mobility"]["code"]): row["count"] for row in rows}
    assert counts == {("GM0363", "fixed"): SENSORS + 1, ("GM0599", "fixed"): 1, ("GM0599", "mobile"): 1}
    assert ask(contrasting, "by=municipality,mobility")["countsOverlap"] is True


def test_without_dimension_there_is_only_the_total(contrasting: Register) -> None:
    document = ask(contrasting, "")

    assert (document["total"], document["rows"], document["countsOverlap"]) == (SENSORS + 3, [], False)


def test_sensors_without_personal_data_need_no_legal_ground(contrasting: Register) -> None:
    rows = ask(contrasting, "by=legalGround&municipality=Rotterdam")["rows"]

    label = {"nl": "niet nodig: geen persoonsgegevens", "en": "not needed: no personal data"}
    assert rows == [{"legalGround": {"code": "not_needed", "label": label}, "count": 2}]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_months_end_with_today_and_planned_sensors_are_a_row_without_a_month(
    contrasting: Register, form: str
) -> None:
    expected = {"placedMonth": (1, "nog niet geplaatst"), "endedMonth": (SENSORS + 3, "nog niet geëindigd")}
    for by, (number, label) in expected.items():
        answer = contrasting.client.get(f"/v1/statistics?by={by}&f={form}")
        if form == "csv":
            rows = list(csv.reader(io.StringIO(answer.text)))[1:]
        else:
            rows = [
                [row[by]["code"] or "", row[by]["label"]["nl"], str(row["count"])]
                for row in answer.json()["rows"]
            ]

        assert [row[1:] for row in rows if not row[0]] == [[label, str(number)]]
        assert all(row[0] <= dutch_date().strftime("%Y-%m") for row in rows)
        assert sum(int(row[2]) for row in rows) == SENSORS + 3


def test_links_lead_to_the_formats_and_the_items(contrasting: Register) -> None:
    document = ask(contrasting, "by=theme&municipality=Rotterdam")

    hrefs = {(link["rel"], link["type"]): link["href"] for link in document["links"]}
    assert hrefs["self", "application/json"].endswith("/v1/statistics?by=theme&municipality=Rotterdam")
    assert hrefs["alternate", "text/csv"].endswith("/v1/statistics?by=theme&municipality=Rotterdam&f=csv")
    assert hrefs["related", "application/geo+json"].endswith("/sensors/items?municipality=Rotterdam")


def test_csv_has_labels_in_the_language_of_its_address_whatever_the_reader_prefers(
    contrasting: Register,
) -> None:
    answers = {
        (query, language): contrasting.client.get(
            f"/v1/statistics?by=mobility&f=csv{query}", headers={"Accept-Language": language}
        )
        for query in ("", "&lang=nl", "&lang=en")
        for language in ("nl", "en")
    }

    tables = {key: list(csv.reader(io.StringIO(one.text))) for key, one in answers.items()}
    assert tables["", "en"][0] == ["mobility", "mobilityLabel", "count"]
    assert tables["", "en"][1:] == [["fixed", "Vast", str(SENSORS + 2)], ["mobile", "Mobiel", "1"]]
    assert tables["", "en"] == tables["", "nl"] == tables["&lang=nl", "en"]
    assert tables["&lang=en", "nl"][2] == ["mobile", "Mobile", "1"]
    assert answers["&lang=en", "nl"].headers["content-language"] == "en"
    assert answers["", "nl"].headers["etag"] != answers["&lang=en", "nl"].headers["etag"]
    assert contrasting.client.get("/v1/statistics?lang=fr").json()["errors"][0]["location"] == "lang"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("by=sensorType&municipality=Amsterdam", "statistiek-amsterdam-soort"),
        ("by=theme,ownerType&province=PV26&lang=en", "statistics-utrecht-theme-owner-type"),
        ("by=owner&sensorType=sound&q=plein", "statistiek-geluidsensor-selectie-eigenaar"),
        ("", "statistiek-nederland"),
    ],
)
def test_name_of_the_file_says_what_it_holds(contrasting: Register, query: str, name: str) -> None:
    answer = contrasting.client.get(f"/v1/statistics?{query}&f=csv")

    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="{name}-{dutch_date().isoformat()}.csv"'
    )


def test_page_shows_labels_and_counts(contrasting: Register) -> None:
    answer = contrasting.client.get(
        "/v1/statistics?by=mobility", headers={"Accept": "text/html", "Accept-Language": "nl"}
    )

    assert answer.status_code == 200
    assert "<td>Vast</td>" in answer.text
    assert f"<strong>{SENSORS + 3}</strong>" in answer.text


def test_every_problem_is_reported_at_once(contrasting: Register) -> None:
    answer = contrasting.client.get("/v1/statistics?by=munipality&limit=3&province=Utrech&near=x&f=xls")

    assert answer.status_code == 400
    problems = {(one["location"], one["code"]): one for one in answer.json()["errors"]}
    assert set(problems) == {
        ("by", "unknown_value"),
        ("limit", "unknown_parameter"),
        ("province", "unknown_value"),
        ("near", "invalid_position"),
        ("f", "unknown_format"),
    }
    assert problems["by", "unknown_value"]["suggestion"] == "municipality"
    assert problems["province", "unknown_value"]["suggestion"] == "PV26"


@pytest.mark.parametrize("by", ["theme,theme", "theme,owner,mobility"])
def test_more_than_two_or_repeated_dimensions_are_refused(contrasting: Register, by: str) -> None:
    answer = contrasting.client.get(f"/v1/statistics?by={by}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "too_many"


def test_unchanged_counts_answer_304_until_a_sensor_is_registered(register: Register) -> None:
    register.register(reference="first")
    etag = register.client.get("/v1/statistics?by=owner").headers["etag"]
    assert register.client.get("/v1/statistics?by=owner", headers={"If-None-Match": etag}).status_code == 304
    assert register.client.get("/v1/statistics?by=theme", headers={"If-None-Match": etag}).status_code == 200

    register.register(reference="second")

    answer = register.client.get("/v1/statistics?by=owner", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert [row["count"] for row in answer.json()["rows"]] == [2]


def test_statistics_as_of_a_moment_count_what_was_registered_then(register: Register) -> None:
    register.register(reference="first")

    assert ask(register, "by=sensorType&asOf=2020-01-01T00:00:00Z")["rows"] == []
    assert ask(register, "asOf=2020-01-01T00:00:00Z")["date"] == "2020-01-01"


def test_landing_page_and_api_document_name_the_statistics(contrasting: Register) -> None:
    links = contrasting.client.get("/v1").json()["links"]
    paths = contrasting.client.get("/v1/openapi.json").json()["paths"]

    assert any(link["href"].endswith("/v1/statistics") for link in links)
    assert "/statistics" in paths


def test_statistics_have_the_first_day_of_the_register_and_lead_to_it(register: Register) -> None:
    register.register(reference="first")
    today = dutch_date().isoformat()

    assert ask(register, "asOf=2001-01-01")["registerStart"] == today
    page = register.client.get(
        "/v1/statistics?by=theme&asOf=2001-01-01&f=html", headers={"Accept-Language": "nl"}
    ).text
    assert "Het register begint op" in page
    assert f"/v1/statistics?asOf={today}&amp;by=theme&amp;f=html" in page
    assert "Het register begint op" not in register.client.get("/v1/statistics?f=html").text
    [problem] = register.client.get("/v1/statistics?asOf=2999-01-01").json()["errors"]
    assert (problem["code"], problem["suggestion"]) == ("in_future", today)


@pytest.mark.slow
@pytest.mark.parametrize("criteria", ["", f"asOf={dutch_date().isoformat()}", "mobility=fixed&province=PV27"])
def test_every_pair_of_dimensions_answers_in_json_and_csv_with_equal_totals(
    contrasting: Register, criteria: str
) -> None:
    total = ask(contrasting, criteria)["total"]
    for by in [*((one,) for one in PUBLIC_DIMENSIONS), *combinations(PUBLIC_DIMENSIONS, 2)]:
        query = f"by={','.join(by)}&{criteria}".rstrip("&")
        document = ask(contrasting, query)
        file = contrasting.client.get(f"/v1/statistics?{query}&f=csv")
        counted = [(*(row[one]["code"] or "" for one in by), str(row["count"])) for row in document["rows"]]

        table = [tuple(row[one] for one in (*by, "count")) for row in csv.DictReader(io.StringIO(file.text))]
        assert counted == table, query
        numbers = sum(int(row[-1]) for row in counted)
        assert document["total"] == total, query
        assert numbers >= total if document["countsOverlap"] else numbers == total, query
