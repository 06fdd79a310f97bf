"""Checking links against a real server: politely, within limits, and never at private addresses."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text

from app.access.permissions import edited_organisations
from app.cli.link_checker import check_links
from app.core.database import sqlalchemy_url, transaction
from app.core.http_client.address_filter import is_public
from app.core.http_client.client import GuardedClient
from app.sensors.links.check import LIMITS
from app.sensors.links.link_queue import CHECK_EVERY, HOST_PAUSE
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.owner_faults import Fault, FaultKind, count_faults
from app.sensors.registration.owner_list import OwnerSearch, list_owner_ids
from tests.support.guarded_clients import AGENT, admit_loopback
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import TODAY, load_cities, make_context, make_record

START = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)


@dataclass
class Site:
    """A server on loopback; `statuses` are its answers by path and method, 200 by default."""

    port: int = 0
    statuses: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def write(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.command, self.path, self.headers["User-Agent"]))
            self.send_response(found.statuses[self.path].get(self.command, 200))
            if self.path == "/away":
                self.send_header("Location", f"http://127.0.0.2:{found.port}/inside")
            # The content is not read, however long it says it is.
            self.send_header("Content-Length", str(10**12))
            self.end_headers()

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def register(engine: Engine, **links: str) -> UUID:
    """A sensor with these links; gives its owner."""
    with transaction(engine) as session:
        load_cities(session)
        officer = make_principal(session, make_municipality(session))
        record = make_record(placedFrom="2025-01-01", **links)
        register_sensor(session, make_context(officer), record)
        (owner,) = edited_organisations(officer)
        return owner


def make_client(admit: Any = admit_loopback) -> GuardedClient:
    return GuardedClient(agent=AGENT, admit=admit, limits=LIMITS)


def check_all(engine: Engine, now: datetime, admit: Any = admit_loopback) -> int:
    """Check everything that is due within a day, the clock going on as the pauses need; gives how many."""
    checked = 0
    for number in range(10):
        checked += check_links(
            engine, lambda: make_client(admit), now + number * (HOST_PAUSE + timedelta(seconds=1))
        )
    return checked


def list_dead(engine: Engine, owner: UUID) -> set[str]:
    with transaction(engine) as session:
        found = {one.fault.field for one in count_faults(session, owner) if one.fault.kind is FaultKind.LINK}
        for name in found:
            search = OwnerSearch(owner, fault=Fault(FaultKind.LINK, name))
            assert len(list_owner_ids(session, search, TODAY)) == 1
    return found


def read_rows(engine: Engine) -> dict[str, tuple[int | None, str | None, int]]:
    with transaction(engine) as session:
        rows = session.execute(text("SELECT url, status, reason, failures FROM register.link_check"))
        return {url.rpartition("/")[2]: (status, reason, failures) for url, status, reason, failures in rows}


def test_link_is_doubted_after_two_days_and_cleared_by_an_answer(engine: Engine, site: Site) -> None:
    owner = register(engine, moreInfoUrl=site.write("goed"), dataUrl=site.write("weg"))
    site.statuses["/weg"] = {"HEAD": 404, "GET": 404}
    assert check_all(engine, START) == 2
    assert {method for method, path, _ in site.asked if path == "/goed"} == {"HEAD"}
    assert [method for method, path, _ in site.asked if path == "/weg"] == ["HEAD", "GET"]
    assert {agent for *_, agent in site.asked} == {AGENT}
    assert list_dead(engine, owner) == set()
    # Each link is asked at most once a week.
    assert check_all(engine, START + timedelta(days=6)) == 0
    assert check_all(engine, START + CHECK_EVERY + timedelta(hours=1)) == 2
    assert list_dead(engine, owner) == {"dataUrl"}
    site.statuses.clear()
    assert check_all(engine, START + 2 * CHECK_EVERY + timedelta(hours=2)) == 2
    assert list_dead(engine, owner) == set()


@pytest.mark.parametrize(
    ("head", "get", "failures"), [(405, 200, 0), (403, 403, 0), (501, 503, 1), (429, 429, 0), (410, 410, 1)]
)
def test_refusal_of_programs_is_an_answer(
    engine: Engine, site: Site, head: int, get: int, failures: int
) -> None:
    register(engine, dataUrl=site.write("x"))
    site.statuses["/x"] = {"HEAD": head, "GET": get}
    check_all(engine, START)
    assert read_rows(engine)["x"] == (get, None, failures)


def test_private_address_is_never_asked(engine: Engine, site: Site) -> None:
    site.statuses["/away"] = {"HEAD": 302, "GET": 302}
    register(engine, moreInfoUrl=site.write("away"))
    check_all(engine, START, is_public)
    assert site.asked == []
    assert read_rows(engine)["away"] == (None, "not admitted", 0)
    check_all(engine, START + CHECK_EVERY + timedelta(hours=1))
    assert {path for _, path, _ in site.asked} == {"/away"}
    assert read_rows(engine)["away"] == (None, "not admitted", 0)


def test_one_host_is_asked_in_turn(engine: Engine, site: Site) -> None:
    register(engine, moreInfoUrl=site.write("een"), dataUrl=site.write("twee"))
    assert check_links(engine, make_client, START)
    assert not check_links(engine, make_client, START + HOST_PAUSE / 2)
    assert check_links(engine, make_client, START + HOST_PAUSE)


def test_register_that_reaches_nothing_doubts_nothing(engine: Engine, site: Site) -> None:
    owner = register(engine, moreInfoUrl=site.write("een"), dataUrl=site.write("twee"))
    for path in ("/een", "/twee"):
        site.statuses[path] = {"HEAD": 502, "GET": 502}
    for week in range(3):
        check_all(engine, START + week * CHECK_EVERY + timedelta(hours=week))
    assert read_rows(engine)["een"] == (502, None, 3)
    assert list_dead(engine, owner) == set()


def test_link_that_no_sensor_has_any_more_is_forgotten(engine: Engine, site: Site) -> None:
    register(engine, moreInfoUrl=site.write("een"))
    check_all(engine, START)
    with transaction(engine) as session:
        session.execute(text("UPDATE register.sensor_version SET more_info_url = NULL"))
    check_all(engine, START + timedelta(days=1))
    assert read_rows(engine) == {}
