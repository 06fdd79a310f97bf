"""A harvest of an organisation that is not trusted waits for review: new, changed and gone; nothing of it is public."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient

from app.access.actions import issue_key
from app.access.principal import Principal
from app.core.clock import dutch_date
from app.sensors.registration.review_queue import SubmissionFilter, SubmissionRow, list_submissions
from tests.cli.imports.test_harvest import Run, harvester, list_counts, list_published
from tests.support.application import make_client
from tests.support.harvest_mappings import SOUND_METERS
from tests.support.harvest_servers import FeaturePages, make_feature, serve
from tests.support.organisations import authorise, make_organisation, make_principal
from tests.support.workplace import open_session

__all__ = ["harvester"]

WHOLE = "operationalStatus=planned,active,due_for_confirmation,expired,removed&limit=1000"
PAGES = ("/", "/sensoren?municipality=GM0363", "/sensoren?q=Meter", "/gemeente/amsterdam", "/en/sensoren")


@pytest.fixture
def reviewer(harvester: Run, fresh_database: str) -> Principal:
    """A reviewer of Amsterdam, in a register with a company that no municipality trusts."""
    with open_session(fresh_database) as session:
        make_organisation(session)
        with psycopg.connect(fresh_database) as connection:
            row = connection.execute(
                "SELECT id FROM publication.organisation WHERE municipality_code = 'GM0363'"
            )
            (amsterdam,) = row.fetchone() or ()
        return make_principal(session, amsterdam, "reviewer")


def read_queue(url: str, reviewer: Principal) -> list[SubmissionRow]:
    with open_session(url) as session:
        rows, _ = list_submissions(session, reviewer, SubmissionFilter(), dutch_date())
    return sorted(rows, key=lambda row: row.reference)


def list_kinds(url: str, reviewer: Principal) -> dict[str, str]:
    return {row.reference: row.kind.value for row in read_queue(url, reviewer)}


def write_mapping(address: str) -> str:
    return SOUND_METERS.format(url=address).replace('owner = "GM0363"', 'owner = "Meetbedrijf BV"')


def decide(client: TestClient, key: dict[str, str], decision: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/reviews", json={"decision": decision, "filter": {}} | more, headers=key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def find_leaks(client: TestClient, names: tuple[str, ...], sensor_ids: list[UUID]) -> set[tuple[str, str]]:
    """Addresses that answer strangers with these names: of the API, of pages, and of each of these sensors."""
    document = client.get("/v1/openapi.json").json()["paths"]
    fixed = [f"/v1{path}".rstrip("/") for path, of in document.items() if "{" not in path and "get" in of]
    collections = [f"/v1/collections/{one}/items?{WHOLE}" for one in ("sensors", "observed-areas")]
    each = [f"/v1/collections/sensors/items/{one}" for one in sensor_ids]
    answers = {address: client.get(address) for address in (*fixed, *PAGES, *collections, *each)}
    assert all(answers[address].status_code == 200 for address in (*PAGES, *collections))
    return {(address, name) for address, answer in answers.items() for name in names if name in answer.text}


def test_harvest_of_an_organisation_that_is_not_trusted_is_reviewed_as_a_set(
    harvester: Run, fresh_database: str, reviewer: Principal
) -> None:
    with open_session(fresh_database) as session:
        issued = issue_key(session, issued_by=None, principal_id=reviewer.id, now=datetime.now(UTC))
    key = authorise(issued.token)
    features = [make_feature(number) for number in range(1, 6)]
    with serve(FeaturePages(features)) as server, make_client(fresh_database) as client:
        mapping = write_mapping(server.address)
        first = harvester(mapping)
        assert first.exit_code == 0, first.output
        assert list_counts(first)["new"] == 5
        assert list_kinds(fresh_database, reviewer) == {f"meter.{number}": "new" for number in range(1, 6)}
        ids = [row.sensor_id for row in read_queue(fresh_database, reviewer)]
        assert list_published(fresh_database) == []
        assert find_leaks(client, ("Meter 1", "meter.1"), ids) == set()

        # A harvest that finds nothing new sends nothing again.
        assert list_counts(harvester(mapping))["unchanged"] == 5
        assert len(decide(client, key, "publish")["decided"]) == 5
        assert len(list_published(fresh_database)) == 5
        assert {address for address, _ in find_leaks(client, ("Meter 1",), ids)} != set()

        features[0]["properties"]["naam"] = "Geheime meter"
        del features[4]
        features.append(make_feature(6, naam="Geplande meter"))
        second = harvester(mapping, "--complete", "--yes")
        assert second.exit_code == 0, second.output
        counts = list_counts(second)
        assert (counts["new"], counts["changed"], counts["ended"]) == (1, 1, 1)
        assert list_kinds(fresh_database, reviewer) == {
            "meter.1": "change",
            "meter.5": "removal",
            "meter.6": "new",
        }
        ids = [row.sensor_id for row in read_queue(fresh_database, reviewer)]
        assert find_leaks(client, ("Geheime meter", "Geplande meter", "meter.6"), ids) == set()
        assert list_published(fresh_database) == [f"meter.{number}" for number in range(1, 6)]

        sent_back = decide(
            client, key, "request_changes", reason="Welke meter?", sensors=[str(ids[0])], filter=None
        )
        assert len(sent_back["decided"]) == 1
        assert len(decide(client, key, "publish")["decided"]) == 2
        assert list_published(fresh_database) == ["meter.1", "meter.2", "meter.3", "meter.4", "meter.6"]

        # The source still says what was sent back; changed there, it is submitted again.
        features[0]["properties"]["naam"] = "Meter 1 op de Dam"
        third = harvester(mapping, "--complete", "--yes")
        assert third.exit_code == 0, third.output
        assert list_kinds(fresh_database, reviewer) == {"meter.1": "change"}
        assert len(decide(client, key, "reject", reason="Nee")["decided"]) == 1
        assert find_leaks(client, ("Meter 1 op de Dam",), ids) == set()
        assert "Meter 1" in client.get(f"/v1/collections/sensors/items/{ids[0]}").text


def test_harvest_of_a_rejected_sensor_submits_it_again_only_when_it_is_run(
    harvester: Run, fresh_database: str, reviewer: Principal
) -> None:
    with open_session(fresh_database) as session:
        issued = issue_key(session, issued_by=None, principal_id=reviewer.id, now=datetime.now(UTC))
    key = authorise(issued.token)
    with serve(FeaturePages([make_feature(1)])) as server, make_client(fresh_database) as client:
        harvester(write_mapping(server.address))
        assert len(decide(client, key, "reject", reason="Geen sensor")["decided"]) == 1
        assert list_kinds(fresh_database, reviewer) == {}
        again = harvester(write_mapping(server.address))
        assert again.exit_code == 0, again.output
        assert list_kinds(fresh_database, reviewer) == {"meter.1": "new"}
