"""Health of a server process: whether it runs, and whether it can answer public questions.

A failed check of a part that public questions need takes the process out of the load balancer (503). Other checks are
advisory: they are reported and change nothing else, so that reading goes on while writing does not work.
Source: draft-inadarei-api-health-check-06.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Literal

import psycopg
from fastapi import APIRouter, FastAPI, Request
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.pool import QueuePool
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.database import SPARE_WRITE_CONNECTIONS
from app.core.errors import NotPermitted
from app.core.http.client_address import find_client_address, is_inside
from app.core.i18n import LocalizedText
from app.core.migrations import SELECT_SCHEMA_VERSION, SchemaVersion, find_newest_revision, is_served
from app.core.observability import render_metrics
from app.core.temporary_files import translate_storage_error, try_temporary_folder

_log = logging.getLogger(__name__)

CHECK_LIMIT_SECONDS: Final = 2.0
"""A check that takes longer fails: the load balancer has a timeout too."""

LEAST_FREE_BYTES: Final = 50_000_000
"""Free space in the folder for temporary files below which readiness warns."""

Status = Literal["pass", "warn", "fail"]

_threads: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
# The threads of the event loop write files: a check would wait for them.

_NO_STORE: Final = {"Cache-Control": "no-store"}


_METRICS_ARE_PRIVATE: Final = LocalizedText(
    "De metingen zijn alleen te lezen vanaf een privéadres, of met het token uit de instellingen.",
    "The metrics can only be read from a private address, or with the token of the settings.",
)


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
    probe = get_app_state(app).read_probe
    (version,) = await _fetch_row(probe, "SELECT current_setting('server_version')")
    return version


async def check_postgis(app: FastAPI) -> str:
    """The versions of PostGIS and PROJ."""
    probe = get_app_state(app).read_probe
    postgis, proj = await _fetch_row(
        probe, "SELECT public.postgis_lib_version(), public.postgis_proj_version()"
    )
    return f"{postgis}, PROJ {proj.split()[0]}"


async def check_migrations(app: FastAPI) -> str:
    """The revision of the schema of public reads. Raises: NotReady when this version cannot read it."""
    try:
        schema = SchemaVersion(*await _fetch_row(get_app_state(app).read_probe, SELECT_SCHEMA_VERSION))
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
    """Whether a transaction can write. Raises: NotReady when the database is read-only, or no connection is free."""
    state = get_app_state(app)
    # On for a standby too.
    (read_only,) = await _fetch_row(state.write_probe, "SELECT current_setting('transaction_read_only')")
    if read_only == "on":
        raise NotReady("the database is read-only")
    pool = state.write_engine.pool
    most = state.settings.write_connections + SPARE_WRITE_CONNECTIONS
    if isinstance(pool, QueuePool) and pool.checkedout() >= most:
        raise NotReady("all write connections are in use")
    return "read-write"


async def check_temporary_files(_: FastAPI) -> str:
    """Whether uploads and downloads can be written to disk. Raises: NotReady when they cannot."""
    loop = asyncio.get_running_loop()
    try:
        free_bytes = await loop.run_in_executor(_threads, try_temporary_folder)
    except OSError as error:
        failure = translate_storage_error(error)
        raise NotReady((failure.detail or failure.title).en if failure else type(error).__name__) from error
    if free_bytes < LEAST_FREE_BYTES:
        raise NotReady(f"only {free_bytes // 1_000_000} MB is free in the folder for temporary files")
    return f"{free_bytes // 1_000_000} MB free"


async def _fetch_row(pool: AsyncConnectionPool[Any], statement: str) -> tuple[str, ...]:
    try:
        async with pool.connection() as connection:
            row = await (await connection.execute(statement)).fetchone()
    except psycopg.OperationalError as error:
        # The message may name hosts and users: it goes to the log only.
        _log.warning("a health check failed: %s", error)
        raise NotReady("the database cannot be reached") from error
    return tuple(str(value) for value in row or ())


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
    async def get_metrics(request: Request) -> Response:
        if not _may_see_metrics(request):
            raise NotPermitted(_METRICS_ARE_PRIVATE)
        return Response(render_metrics(), headers=_NO_STORE, media_type="text/plain; version=0.0.4")

    return router


def _may_see_metrics(request: Request) -> bool:
    settings = get_app_state(request).settings
    if settings.metrics_token:
        expected = f"Bearer {settings.metrics_token.get_secret_value()}"
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
            return True
    return is_inside(find_client_address(request, settings.trusted_proxies))


def _summarise(statuses: Sequence[str]) -> Status:
    if "fail" in statuses:
        return "fail"
    return "warn" if "warn" in statuses else "pass"


async def _run(check: Check, app: FastAPI) -> dict[str, str]:
    failed: Status = "warn" if check.advisory else "fail"
    try:
        found = await asyncio.wait_for(check.run(app), CHECK_LIMIT_SECONDS)
    except NotReady as error:
        return {"status": failed, "found": str(error)}
    except TimeoutError:
        return {"status": failed, "found": f"no answer within {CHECK_LIMIT_SECONDS:g} s"}
    except Exception as error:  # noqa: BLE001 - any failure is a failed check
        # The message may name hosts and users: it goes to the log only.
        _log.warning("check %s failed: %s", check.name, error)
        return {"status": failed, "found": type(error).__name__}
    return {"status": "pass", "found": found}


def _answer(status: int, document: dict[str, Any]) -> Response:
    return JSONResponse(document, status, _NO_STORE, "application/health+json")
