"""`sensor-register work`: the job worker."""

import asyncio
import logging
import signal
from contextlib import suppress
from functools import partial
from typing import Final

import psycopg
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import GRID
from app.cli.daily_work import working_daily
from app.cli.database import use_database
from app.cli.language import t
from app.cli.link_checker import checking_links
from app.core.database import create_write_engine
from app.core.failed_jobs import record_failure
from app.core.jobs import run_worker
from app.core.migrations import find_newest_revision, read_revision
from app.core.observability import configure_logging
from app.core.settings import Settings, get_settings
from app.imports.jobs import list_tasks
from app.mail.sending import sending_mail
from app.mail.server import MailServer
from app.spatial.crs import add_grid

_log = logging.getLogger(__name__)

_RECONNECT_SECONDS: Final = 5


def work() -> None:
    """Run the jobs of the register, such as imports, send its mail and its daily reminders, until Ctrl-C.

    `sensor-register serve` runs them itself, unless REGISTER_JOB_WORKER is `separate`. Any number of workers may run,
    on any machine that reaches the database.
    """
    settings = get_settings()
    with use_database(settings) as url:
        work_on(url, settings)


def work_on(url: str, settings: Settings) -> None:
    """Do jobs until asked to end. Raises: CannotStart."""
    configure_logging(settings)
    # The library logs each step, and expected failures with stack traces: our own lines are enough.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    add_grid(GRID)
    server = MailServer.of_settings(settings)
    engine = create_write_engine(url, settings)
    try:
        with (
            sending_mail(engine, server),
            working_daily(engine, settings),
            checking_links(engine, settings),
            suppress(asyncio.CancelledError),
        ):
            asyncio.run(_run_until_signal(url, engine, settings))
    finally:
        engine.dispose()
    _log.info("the worker has ended")


def _require_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        found = read_revision(connection)
    if found != find_newest_revision():
        raise CannotStart(
            t(
                f"De database staat op migratie {found}, deze versie vraagt {find_newest_revision()}: voer "
                "`sensor-register migrate` uit.",
                f"The database is at migration {found}, this version needs {find_newest_revision()}: "
                "run `sensor-register migrate`.",
            )
        )


async def _run_until_signal(url: str, engine: Engine, settings: Settings) -> None:
    """Run jobs until a signal comes, and reconnect when the database is unavailable. Raises: CannotStart."""
    this = asyncio.current_task()
    if this is None:
        raise RuntimeError("no task runs this")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        # Started by `serve`, the worker ignores Ctrl-C: the parent process stops it by SIGTERM.
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, this.cancel)
    _log.info("the worker does jobs, %s at once", settings.imports_at_once)
    while True:
        try:
            await asyncio.to_thread(_require_schema, engine)
            await run_worker(
                url,
                list_tasks(engine, settings),
                settings,
                at_once=settings.imports_at_once,
                note_failure=partial(record_failure, engine),
            )
        except (psycopg.Error, OperationalError, ConnectorException) as error:
            _log.warning("the worker has no database: %s", error)
        await asyncio.sleep(_RECONNECT_SECONDS)
