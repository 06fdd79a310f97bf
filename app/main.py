"""The web application: every router, in the order of the URLs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from psycopg_pool import AsyncConnectionPool

from app.access.events import keep_writing, write_due
from app.access.machines import MachineAccess
from app.access.routes import router as principals
from app.basemap.background import Background
from app.basemap.routes import router as basemap
from app.bootstrap.paths import GRID
from app.core.app_state import AppState, Databases, get_app_state, set_app_state
from app.core.assets import AssetFiles
from app.core.clock import dutch_date
from app.core.database import (
    create_costly_pool,
    create_probe_pool,
    create_read_pool,
    create_stream_pool,
    create_write_engine,
)
from app.core.health import (
    Check,
    NotReady,
    check_database,
    check_migrations,
    check_postgis,
    check_temporary_files,
    check_writes,
    create_health_router,
)
from app.core.http import install_http
from app.core.http.error_page import ParameterLabels
from app.core.observability import configure_logging
from app.core.openapi import document
from app.core.openapi.documentation_routes import router as documentation
from app.core.settings import Settings, get_settings
from app.core.threads import run_to_end
from app.core.version import API_VERSION
from app.duties.routes import router as duties
from app.exports.routes import router as exports
from app.features.document_routes import router as documents
from app.features.routes import router as features
from app.features.search_routes import router as searches
from app.files.cache_folder import own_cache_folder
from app.files.file_cache import FileCache
from app.imports.annotation_routes import router as annotations
from app.imports.problem_routes import router as import_problems
from app.imports.routes import IMPORTS_PATH
from app.imports.routes import router as imports
from app.imports.stored_mapping_routes import router as stored_mappings
from app.imports.template_routes import router as template
from app.mail.outbox import count_waiting
from app.mail.server import MailServer
from app.municipalities.routes import create_municipality_router
from app.organisations.routes import create_organisations_router
from app.places.routes import router as places
from app.reports.routes import router as reports
from app.sensors.publication.republish import republish_organisation
from app.sensors.registration.receipt_routes import router as receipts
from app.sensors.registration.redaction_routes import router as redaction
from app.sensors.registration.routes import router as sensors
from app.sensors.registration.transfer_routes import router as transfers
from app.sensors.reviews.routes import router as reviews
from app.sensors.search.pages import count_sensors
from app.sensors.search.parameter_labels import PARAMETER_LABELS
from app.sensors.search.sensor_search import MunicipalityScope, SensorSearch
from app.spatial.crs import add_grid, grid_in_use
from app.statistics.completeness_routes import router as completeness
from app.statistics.handling_routes import router as handling
from app.statistics.labels import DIMENSION_LABELS
from app.statistics.routes import router as statistics
from app.tiles.routes import router as tiles
from app.vocabularies.routes import router as vocabularies
from app.website.account.provider import SignInMethods
from app.website.importing.upload_routes import UPLOAD_PATHS
from app.website.routes import router as website

_log = logging.getLogger(__name__)

_MAIL_PATIENCE: Final = timedelta(minutes=15)
"""How long mail may wait before readiness warns: a mail server may ask to come back in some minutes."""


async def check_grid(_: FastAPI) -> str:
    """The grid that makes RD exact. Raises: NotReady without it."""
    if not grid_in_use():
        raise NotReady("the RD correction grid is missing; run `make setup`")
    return "RDNAPTRANS2018"


async def check_mail(app: FastAPI) -> str:
    """The mail server, and how much mail waits. Raises: NotReady when mail has waited for long."""
    state = get_app_state(app)
    server = MailServer.of_settings(state.settings)
    number, since = await count_waiting(state.write_probe)
    waiting = f"{number} waiting" if since is None else f"{number} waiting since {since:%Y-%m-%dT%H:%M}Z"
    if server is None:
        return f"no mail server is set up, {waiting}"
    if since is not None and datetime.now(UTC) - since > _MAIL_PATIENCE:
        raise NotReady(f"{waiting}; see `sensor-register mail list`")
    return f"{server.host}, port {server.port}, {waiting}"


async def count_in_municipality(pool: AsyncConnectionPool[Any], code: str) -> int:
    """The number of sensors that are public in this municipality today."""
    return await count_sensors(pool, SensorSearch(dutch_date(), municipality=MunicipalityScope(code)))


health = create_health_router(
    [
        Check("database", check_database),
        Check("postgis", check_postgis),
        Check("migrations", check_migrations),
        Check("rdGrid", check_grid),
        Check("writes", check_writes, advisory=True),
        Check("temporaryFiles", check_temporary_files, advisory=True),
        Check("mail", check_mail, advisory=True),
    ]
)

ROUTERS: tuple[APIRouter, ...] = (
    website,  # /, /sensoren, /s/…, the same after /en, robots.txt, /.well-known/security.txt
    basemap,  # /basemap/…
    health,  # /health/…, /metrics
    document.router,  # /v1/openapi.json
    documentation,  # /v1/docs
    documents,  # /v1, /v1/conformance, /v1/crss, /v1/collections/…
    features,  # /v1/collections/…/items
    searches,  # /v1/collections/…/search
    tiles,  # /v1/tiles, /v1/tileMatrixSets, /v1/styles
    places,  # /v1/places
    statistics,  # /v1/statistics
    completeness,  # /v1/statistics/completeness
    handling,  # /v1/statistics/handling
    reports,  # /v1/reports, /v1/statistics/reports
    create_municipality_router(count_in_municipality),  # /v1/municipalities
    duties,  # /v1/municipalities/…/duty, …/trusted-organisations
    create_organisations_router(republish_organisation),  # /v1/organisations
    principals,  # /v1/principals
    sensors,  # /v1/sensors
    redaction,  # /v1/sensors/…/redaction
    transfers,  # /v1/sensors/…/transfer
    receipts,  # /v1/receipts
    reviews,  # /v1/reviews, /v1/sensors/…/review, …/comments, …/withdrawal, …/restoration
    exports,  # /v1/exports
    stored_mappings,  # /v1/imports/mappings
    imports,  # /v1/imports
    import_problems,  # /v1/imports/…/problems, …/events
    annotations,  # /v1/imports/…/remarks
    template,  # /v1/imports/template
    vocabularies,  # /v1/vocabularies
)

_ROUTES: Final = APIRouter()
"""All routes. The framework derives what each endpoint reads at the first request, which takes 0.1 s: applications of
one process, of which the tests start many, share what it found.
"""
for _router in ROUTERS:
    _ROUTES.include_router(_router)


def create_app(settings: Settings) -> FastAPI:
    """The application. Its databases are opened at start-up."""
    app = FastAPI(
        title="Sensor register",
        version=API_VERSION,
        lifespan=open_databases,
        routes=_ROUTES.routes,
        redirect_slashes=False,
        # The middleware measures requests; checking for OpenTelemetry at each costs 5 µs.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    set_app_state(app, AppState.of_settings(settings))
    # A file of tiles that cannot be read stops the start, not the first map.
    get_app_state(app).set_cache(Background, Background.of_setting(settings.basemap))
    get_app_state(app).set_cache(
        ParameterLabels,
        ParameterLabels(
            {**{one.value: label for one, label in DIMENSION_LABELS.items()}, **PARAMETER_LABELS}
        ),
    )
    # So do settings by which no one could sign in.
    methods = SignInMethods.of_settings(settings)
    get_app_state(app).set_cache(SignInMethods, methods)
    get_app_state(app).set_cache(
        MachineAccess, MachineAccess(methods.provider, settings.oidc_audience or settings.public_url)
    )
    app.openapi = lambda: document.describe_api(app, settings)  # type: ignore[method-assign]
    install_http(
        app, settings, body_limits=dict.fromkeys((IMPORTS_PATH, *UPLOAD_PATHS), settings.import_limit_bytes)
    )
    app.mount("/static", AssetFiles())
    return app


@asynccontextmanager
async def open_databases(app: FastAPI) -> AsyncIterator[None]:
    """Open the write engine and the read pools at start-up, and close them at shutdown."""
    state = get_app_state(app)
    settings = state.settings
    if settings.database_url is None:
        raise RuntimeError("REGISTER_DATABASE_URL is not set; `sensor-register serve` sets it")
    add_grid(GRID)
    _log.info(
        "RD New is %s", "exact (RDNAPTRANS2018)" if grid_in_use() else "NOT AVAILABLE: run `make setup`"
    )
    read_url = settings.read_database_url or settings.database_url
    engine = create_write_engine(settings.database_url, settings)
    # Entering a pool does not wait for the database: without it the process runs, and readiness reports it.
    async with (
        open_file_cache(state),
        create_read_pool(read_url, settings) as pool,
        create_costly_pool(read_url, settings) as costly_pool,
        create_stream_pool(read_url, settings) as stream_pool,
        create_probe_pool(read_url, as_reader=True) as read_probe,
        create_probe_pool(settings.database_url, as_reader=False) as write_probe,
    ):
        state.databases = Databases(engine, pool, costly_pool, stream_pool, read_probe, write_probe)
        writing = asyncio.create_task(keep_writing(app))
        yield
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        await run_to_end(write_due, state, all_of_them=True)
    engine.dispose()


@asynccontextmanager
async def open_file_cache(state: AppState) -> AsyncIterator[None]:
    """Open the cache of files, in the folder that the processes share or, without one, in a folder of this process."""
    settings = state.settings
    with (
        nullcontext(settings.file_cache_folder)
        if settings.file_cache_folder
        else own_cache_folder() as folder
    ):
        cache = FileCache(
            folder, max_bytes=settings.file_cache_bytes, kept_seconds=settings.file_cache_seconds
        )
        state.set_cache(FileCache, cache)

        async def remove_expired_files() -> None:
            while True:
                await asyncio.sleep(settings.file_cache_seconds / 4)
                await cache.remove_expired()

        removing = asyncio.create_task(remove_expired_files())
        try:
            yield
        finally:
            removing.cancel()


def serve() -> FastAPI:
    """The application of a server process, configured by the environment."""
    settings = get_settings()
    configure_logging(settings)
    return create_app(settings)
