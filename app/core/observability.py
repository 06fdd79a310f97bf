"""Logs and metrics of requests: one log line with the request id, and one measured duration."""

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
"""The id of the current request; every log line has it."""

_SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
"""Whether the server processes share their measurements; it must be set before the metrics below are created."""

_access = logging.getLogger("app.access")

disable_created_metrics()  # type: ignore[no-untyped-call]
REQUEST_DURATION = Histogram(
    "register_http_request_duration_seconds",
    "Requests answered, and how long each took, by route, method and class of status.",
    ("route", "method", "status"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_KNOWN_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Looking up a series by its labels costs more than adding to it.
_series: dict[tuple[str, str, int], Histogram] = {}


def record_request(*, method: str, path: str, template: str, status: int, seconds: float) -> None:
    """Count one answered request and log it.

    The query and the address of the caller are left out: a place that someone searches for reveals where they live.
    """
    key = (template, method if method in _KNOWN_METHODS else "other", status // 100)
    series = _series.get(key)
    if series is None:
        series = _series[key] = REQUEST_DURATION.labels(template, key[1], f"{key[2]}xx")
    series.observe(seconds)
    if _access.isEnabledFor(logging.INFO):
        milliseconds = round(seconds * 1000, 2)
        line = f"{method} {path} {status} {milliseconds} ms"
        # Not by info(): finding the calling function takes longer than the rest.
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
def _format_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _format_moment(record: logging.LogRecord) -> str:
    return f"{_format_second(int(record.created))}.{int(record.msecs):03d}Z"


class _Formatter(logging.Formatter):
    """One line for each record, for people, with stack traces below it."""

    def format(self, record: logging.LogRecord) -> str:
        request_id = current_request_id.get() or "-"
        line = f"{_format_moment(record)} {record.levelname:<7} {request_id} {record.name}: {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


# Created once: json.dumps() with options creates an encoder for every line.
_encode_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


class _JsonFormatter(logging.Formatter):
    """One JSON object for each record, on a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _format_moment(record),
            "level": record.levelname,
            "logger": record.name,
            "requestId": current_request_id.get(),
        }
        line |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)
        return _encode_json(line)


def configure_logging(settings: Settings) -> None:
    """Log to standard error, as JSON lines or as text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if settings.json_logs else _Formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # One line for each request is enough, and ours has the request id.
    logging.getLogger("uvicorn.access").disabled = True
    # It logs every check of a revision.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Our lines do not show them, and looking them up is a third of the cost of a line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
