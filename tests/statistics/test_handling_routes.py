"""The handling of a municipality over HTTP, as JSON, CSV and a page; nothing that points at what is not public."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.support.register import Register, open_register
from tests.support.workplace import open_session

ROWS = """
INSERT INTO publication.handled_month VALUES
    ('GM0363', '2026-03-01', 3, 6, 6, '2026-04-02'), ('GM0363', '2026-03-01', 20, 2, 0, '2026-04-02'),
    ('GM0363', '2026-03-01', -1, 1, 0, '2026-04-02'), ('GM0363', '2026-04-01', 1, 2, 2, '2026-04-02')
"""


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        with open_session(module_database) as session:
            session.execute(text(ROWS))
        yield register


@pytest.mark.parametrize("name", ["Amsterdam", "GM0363", "amsterdam"])
def test_document_has_the_months(register: Register, name: str) -> None:
    answer = register.client.get("/v1/statistics/handling", params={"municipality": name})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    counts = {"received": 9, "answered": 8, "inTime": 6, "waiting": 1, "overdue": 1, "medianDays": 3.0}
    assert document["municipality"] == {"code": "GM0363", "name": "Amsterdam"}
    assert document["total"] == counts
    assert document["months"] == [
        {"month": "2026-04", "isWithheld": True},
        {"month": "2026-03", "isWithheld": False, **counts},
    ]
    assert document["countedOn"] == "2026-04-02"
    again = register.client.get(
        "/v1/statistics/handling",
        params={"municipality": name},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


def test_table_is_csv(register: Register) -> None:
    answer = register.client.get("/v1/statistics/handling?municipality=GM0363&f=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.lstrip("\ufeff").replace('"', "").splitlines()
    assert lines[0] == "month,received,answered,inTime,waiting,overdue,medianDays"
    assert lines[1].startswith("2026-04,")
    assert set(lines[1].removeprefix("2026-04")) == {","}
    assert lines[2] == "2026-03,9,8,6,1,1,3"


@pytest.mark.parametrize(
    "query", ["", "?municipality=", "?municipality=Nergens", "?municipality=GM0363&by=x", "?f=xml"]
)
def test_question_that_cannot_be_answered_is_refused(register: Register, query: str) -> None:
    answer = register.client.get(f"/v1/statistics/handling{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_page_shows_months_and_leads_to_the_figures(register: Register) -> None:
    headers = {"Accept": "text/html"}
    page = register.client.get("/gemeente/amsterdam/afhandeling", headers=headers)
    assert page.status_code == 200
    assert "maart 2026" in page.text
    assert "minder dan 5" in page.text
    assert "75%" in page.text
    assert 'href="/gemeente/amsterdam"' in page.text
    assert (
        'href="/gemeente/amsterdam/afhandeling"'
        in register.client.get("/gemeente/amsterdam", headers=headers).text
    )
    moved = register.client.get("/gemeente/GM0363/afhandeling", headers=headers, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (302, "/gemeente/amsterdam/afhandeling")
    assert register.client.get("/gemeente/nergens/afhandeling", headers=headers).status_code == 404
    assert "nog geen cijfers" in register.client.get("/gemeente/eindhoven/afhandeling", headers=headers).text
