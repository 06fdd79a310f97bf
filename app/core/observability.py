"""What an operator sees of each request: a log line with its request id, and a measured duration."""

import json
import logging
import os
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)

from app.core.settings import Settings

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)
"""The id of the request being answered, in any code it runs; every log line carries it."""

_SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
"""Whether the server processes share their measurements; settled when the metrics are made, just below."""

_access = logging.getLogger("app.access")

disable_created_metrics()  # type: ignore[no-untyped-call]
REQUEST_DURATION = Histogram(
    "register_http_request_duration_seconds",
    "Requests answered, and how long each took, by route, method and class of status.",
    ("route", "method", "status"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_KNOWN_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Finding a series by its labels costs more than adding to it.
_series: dict[tuple[str, str, int], Histogram] = {}


def record_request(*, method: str, path: str, template: str, status: int, seconds: float) -> None:
    """Count one answered request and write its line.

    Without the query and the caller's address: a place somebody asked about says where they live.
    """
    key = (template, method if method in _KNOWN_METHODS else "other", status // 100)
    series = _series.get(key)
    if series is None:
        series = _series[key] = REQUEST_DURATION.labels(template, key[1], f"{key[2]}xx")
    series.observe(seconds)
    if _access.isEnabledFor(logging.INFO):
        milliseconds = round(seconds * 1000, 2)
        line = f"{method} {path} {status} {milliseconds} ms"
        # Not by info(): finding out who calls takes longer than the rest.
        record = logging.LogRecord(_access.name, logging.INFO, "", 0, line, None, None)
        record.fields = {"method": method, "path": path, "status": status, "ms": milliseconds}
        _access.handle(record)


def render_metrics() -> bytes:
    """All measurements in the text format of Prometheus, of all server processes together.

    Several processes share theirs through files in the folder that PROMETHEUS_MULTIPROC_DIR names.
    """
    if not _SHARED:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


@lru_cache(maxsize=1)
def _write_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _write_moment(record: logging.LogRecord) -> str:
    return f"{_write_second(int(record.created))}.{int(record.msecs):03d}Z"


class _Formatter(logging.Formatter):
    """One line a record for a person, stack traces below it."""

    def format(self, record: logging.LogRecord) -> str:
        request_id = current_request_id.get() or "-"
        line = (
            f"{_write_moment(record)} {record.levelname:<7} {request_id} {record.name}: {record.getMessage()}"
        )
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


# Kept: json.dumps() with options makes one for every line.
_write_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


class _JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _write_moment(record),
            "level": record.levelname,
            "logger": record.name,
            "requestId": current_request_id.get(),
        }
        line |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)
        return _write_json(line)


def configure_logging(settings: Settings) -> None:
    """Send every log of this process to standard error, as JSON lines or for a person."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if settings.json_logs else _Formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # One line a request is enough, and ours carries the request id.
    logging.getLogger("uvicorn.access").disabled = True
    # It tells at every question that it can answer it.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Our lines do not say them, and looking them up is a third of what a line costs.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
