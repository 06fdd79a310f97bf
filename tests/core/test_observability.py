"""Measurements and log lines."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core.observability import configure_logging, current_request_id, record_request, render_metrics
from app.core.settings import Settings


def count_requests(route: str) -> dict[tuple[str, str], float]:
    """The requests of a route so far, by method and class of status."""
    (family,) = [
        family
        for family in text_string_to_metric_families(render_metrics().decode())
        if family.name == "register_http_request_duration_seconds"
    ]
    return {
        (sample.labels["method"], sample.labels["status"]): sample.value
        for sample in family.samples
        if sample.name.endswith("_count") and sample.labels["route"] == route
    }


def test_requests_are_counted_by_route_method_and_class_of_status() -> None:
    for method, status in [("GET", 200), ("GET", 204), ("GET", 404), ("BREW", 405)]:
        record_request(method=method, path="/x/1", template="/x/{a}", status=status, seconds=0.02)
    assert count_requests("/x/{a}") == {("GET", "2xx"): 2, ("GET", "4xx"): 1, ("other", "4xx"): 1}


def test_unknown_methods_share_one_series() -> None:
    for number in range(50):
        record_request(method=f"X{number}", path="/", template="/invented", status=405, seconds=0)
    assert count_requests("/invented") == {("other", "4xx"): 50}


def test_server_processes_share_their_measurements(tmp_path: Path) -> None:
    code = (
        "from app.core.observability import record_request, render_metrics\n"
        "record_request(method='GET', path='/', template='/shared', status=200, seconds=0.02)\n"
        "print(render_metrics().decode())"
    )
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PATH": ""}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    ]
    line = 'register_http_request_duration_seconds_count{method="GET",route="/shared",status="2xx"} '
    assert [line + count in output for count, output in zip(("1.0", "2.0"), outputs, strict=True)] == [
        True,
        True,
    ]


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, uvicorn = root.handlers[:], root.level, logging.getLogger("uvicorn.access").disabled
    switches = (logging.logThreads, logging.logProcesses, logging.logMultiprocessing)
    yield
    root.handlers[:], root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = uvicorn
    logging.logThreads, logging.logProcesses, logging.logMultiprocessing = switches


@pytest.mark.usefixtures("_logging_restored")
def test_json_log_line_has_the_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(json_logs=True))
    current_request_id.set("abc")
    record_request(method="GET", path="/v1/a%20b", template="/v1/{x}", status=200, seconds=0.0123)
    logging.getLogger("app.x").error("it failed", exc_info=ValueError("why\nnot"))
    access, failure = map(json.loads, capsys.readouterr().err.splitlines())
    assert access.pop("at").endswith("Z")
    assert access == {
        "level": "INFO",
        "logger": "app.access",
        "requestId": "abc",
        "method": "GET",
        "path": "/v1/a%20b",
        "status": 200,
        "ms": 12.3,
    }
    assert failure["message"] == "it failed"
    assert failure["requestId"] == "abc"
    assert "ValueError: why\nnot" in failure["stack"]


@pytest.mark.usefixtures("_logging_restored")
def test_plain_log_line_has_level_request_id_and_duration(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    current_request_id.set("abc")
    record_request(method="GET", path="/v1/100%25", template="/v1/{x}", status=404, seconds=0.001)
    _, line = capsys.readouterr().err.rstrip().split("Z ", 1)
    assert line == "INFO    abc app.access: GET /v1/100%25 404 1.0 ms"
