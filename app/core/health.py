"""Health of a server process: whether it runs, and whether it can answer public questions.

A failed check of a part that public questions need takes the process out of the load balancer (503). Other checks are
advisory: they are reported and change nothing else, so that reading goes on while writing does not work.
Source: draft-inadarei-api-health-check-06.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import psycopg
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.migrations import SELECT_SCHEMA_VERSION, SchemaVersion, find_newest_revision, is_served
from app.core.observability import render_metrics

_log = logging.getLogger(__name__)

CHECK_LIMIT_SECONDS: Final = 2.0
"""A check that takes longer fails: the load balancer has a timeout too."""

ADVISORY_LIMIT_SECONDS: Final = 0.5
"""Shorter, so that a part that public questions do not need cannot delay the answer past that timeout."""

Status = Literal["pass", "warn", "fail"]

_NO_STORE: Final = {"Cache-Control": "no-store"}


class NotReady(Exception):
    """A part does not work; the message is public."""


@dataclass(frozen=True)
class Check:
    """One part of the register; `run` returns what it found, or raises. An advisory check cannot fail the whole."""

    name: str
    run: Callable[[FastAPI], Awaitable[str]]
    advisory: bool = False


async def check_database(app: FastAPI) -> str:
    """The version of the database of public reads."""
    (version,) = await _fetch_row(app, "SELECT current_setting('server_version')")
    return version


async def check_postgis(app: FastAPI) -> str:
    """The versions of PostGIS and PROJ."""
    postgis, proj = await _fetch_row(
        app, "SELECT public.postgis_lib_version(), public.postgis_proj_version()"
    )
    return f"{postgis}, PROJ {proj.split()[0]}"


async def check_migrations(app: FastAPI) -> str:
    """The revision of the schema of public reads. Raises: NotReady when this version cannot read it."""
    try:
        schema = SchemaVersion(*await _fetch_row(app, SELECT_SCHEMA_VERSION))
    except psycopg.errors.UndefinedTable:
        # A database of before `schema_version` was introduced, or an empty one.
        raise NotReady(
            f"the database is not migrated, this version needs {find_newest_revision()}: run `sensor-register migrate`"
        ) from None
    if not is_served(schema):
        raise NotReady(
            f"the database is at migration {schema.revision} and serves versions from {schema.oldest_served} on, "
            f"this version needs {find_newest_revision()}"
        )
    return schema.revision


async def check_writes(app: FastAPI) -> str:
    """Whether a transaction can write. Raises: NotReady when the database is read-only."""
    if await asyncio.to_thread(_is_read_only, app):
        raise NotReady("the database is read-only")
    return "read-write"


def _is_read_only(app: FastAPI) -> bool:
    with get_app_state(app).write_engine.connect() as connection:
        # On for a standby too.
        return bool(connection.scalar(text("SELECT current_setting('transaction_read_only') = 'on'")))


async def _fetch_row(app: FastAPI, statement: str) -> tuple[str, ...]:
    async with get_app_state(app).read_pool.connection(timeout=CHECK_LIMIT_SECONDS) as connection:
        row = await (await connection.execute(statement)).fetchone()
    # The read pool returns text as bytes.
    return tuple(value.decode() if isinstance(value, bytes) else str(value) for value in row or ())


def create_health_router(checks: Sequence[Check]) -> APIRouter:
    """Routes by which a load balancer and a monitor watch a process; they are not part of the versioned API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def get_liveness() -> Response:
        return _answer(200, {"status": "pass"})

    @router.get("/health/ready")
    async def get_readiness(request: Request) -> Response:
        results = await asyncio.gather(*(_run(check, request.app) for check in checks))
        status = _summarise([result["status"] for result in results])
        document = {
            "status": status,
            "checks": {check.name: result for check, result in zip(checks, results, strict=True)},
        }
        return _answer(503 if status == "fail" else 200, document)

    @router.get("/metrics")
    async def get_metrics() -> Response:
        return Response(render_metrics(), headers=_NO_STORE, media_type="text/plain; version=0.0.4")

    return router


def _summarise(statuses: Sequence[str]) -> Status:
    if "fail" in statuses:
        return "fail"
    return "warn" if "warn" in statuses else "pass"


async def _run(check: Check, app: FastAPI) -> dict[str, str]:
    failed: Status = "warn" if check.advisory else "fail"
    limit_seconds = ADVISORY_LIMIT_SECONDS if check.advisory else CHECK_LIMIT_SECONDS
    try:
        found = await asyncio.wait_for(check.run(app), limit_seconds)
    except NotReady as error:
        return {"status": failed, "found": str(error)}
    except TimeoutError:
        return {"status": failed, "found": f"no answer within {limit_seconds:g} s"}
    except Exception as error:  # noqa: BLE001 - any failure is a failed check
        # The message may name hosts and users: it goes to the log only.
        _log.warning("check %s failed: %s", check.name, error)
        return {"status": failed, "found": type(error).__name__}
    return {"status": "pass", "found": found}


def _answer(status: int, document: dict[str, Any]) -> Response:
    return JSONResponse(document, status, _NO_STORE, "application/health+json")
