"""Whether this process lives, and whether it can do its work: each part asked, each answer named."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.migrations import find_newest_revision, read_revision
from app.core.observability import render_metrics

_log = logging.getLogger(__name__)

CHECK_LIMIT_SECONDS: Final = 2.0
"""Above this a part counts as failing: who asks for health is itself waiting."""

_NOT_KEPT: Final = {"Cache-Control": "no-store"}


class NotReady(Exception):
    """A part cannot do its work; the message says why, to anybody who asks."""


@dataclass(frozen=True)
class Check:
    """One part the register needs; `ask` says what it found, or raises."""

    name: str
    ask: Callable[[FastAPI], Awaitable[str]]


async def check_database(app: FastAPI) -> str:
    """The database that public reads ask."""
    async with get_app_state(app).read_pool.connection(timeout=CHECK_LIMIT_SECONDS) as connection:
        cursor = await connection.execute("SELECT current_setting('server_version')")
        return _text((await cursor.fetchone())[0])


async def check_postgis(app: FastAPI) -> str:
    """PostGIS, by its version and that of PROJ."""
    async with get_app_state(app).read_pool.connection(timeout=CHECK_LIMIT_SECONDS) as connection:
        cursor = await connection.execute(
            "SELECT public.postgis_lib_version(), public.postgis_proj_version()"
        )
        postgis, proj = map(_text, await cursor.fetchone())
        return f"{postgis}, PROJ {proj.split()[0]}"


async def check_migrations(app: FastAPI) -> str:
    """Whether the schema is the one that this version works with.

    Raises: NotReady when it is older or newer.
    """
    found, wanted = await asyncio.to_thread(_compare_revisions, app)
    if found != wanted:
        raise NotReady(f"the database is at migration {found}, this version needs {wanted}")
    return str(found)


def _compare_revisions(app: FastAPI) -> tuple[str | None, str | None]:
    with get_app_state(app).write_engine.connect() as connection:
        return read_revision(connection), find_newest_revision()


def _text(value: Any) -> str:
    # The read pool gives text as bytes.
    return value.decode() if isinstance(value, bytes) else str(value)


def create_health_router(checks: Sequence[Check]) -> APIRouter:
    """The addresses by which a load balancer and a monitor watch a process; they are outside the version."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def tell_alive() -> Response:
        return _answer(200, {"status": "pass"})

    @router.get("/health/ready")
    async def tell_ready(request: Request) -> Response:
        results = await asyncio.gather(*(_ask(check, request.app) for check in checks))
        passed = all(result["status"] == "pass" for result in results)
        document = {
            "status": "pass" if passed else "fail",
            "checks": {check.name: result for check, result in zip(checks, results, strict=True)},
        }
        return _answer(200 if passed else 503, document)

    @router.get("/metrics")
    async def tell_metrics() -> Response:
        return Response(render_metrics(), headers=_NOT_KEPT, media_type="text/plain; version=0.0.4")

    return router


async def _ask(check: Check, app: FastAPI) -> dict[str, str]:
    try:
        found = await asyncio.wait_for(check.ask(app), CHECK_LIMIT_SECONDS)
    except NotReady as error:
        return {"status": "fail", "found": str(error)}
    except TimeoutError:
        return {"status": "fail", "found": f"no answer within {CHECK_LIMIT_SECONDS:g} s"}
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the check has failed
        # Its message may name hosts and users: that is for the log.
        _log.warning("check %s failed: %s", check.name, error)
        return {"status": "fail", "found": type(error).__name__}
    return {"status": "pass", "found": found}


def _answer(status: int, document: dict[str, Any]) -> Response:
    return JSONResponse(document, status, _NOT_KEPT, "application/health+json")
