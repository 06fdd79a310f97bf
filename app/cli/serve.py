"""`sensor-register serve`: database, preparation and server processes, from start to Ctrl-C."""

import errno
import fcntl
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
import uvicorn

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import LOCAL
from app.cli.banner import print_banner
from app.cli.database import console, use_database
from app.cli.first_start import prepare_register
from app.cli.language import both, t
from app.cli.server_supervisor import GRACEFUL_SECONDS, SILENCE_SECONDS, ServerSupervisor
from app.cli.worker_process import run_worker_process
from app.core.http.server_protocol import LimitedProtocol
from app.core.observability import configure_logging
from app.core.settings import Settings, get_settings
from app.files.cache_folder import own_cache_folder
from app.reports.address_cipher import read_key_file
from app.website.account.provider import SignInMethods

_METRICS = LOCAL / "metrics"
_REPORT_KEY = LOCAL / "report.key"
_READY_LIMIT_SECONDS = 60


def serve(
    *,
    prepare: Annotated[
        bool,
        typer.Option(
            "--prepare",
            help=both(
                "Werk eerst de database bij, en laad gemeenten en voorbeelden waar die ontbreken.",
                "First migrate, load municipalities and add examples, where missing.",
            ),
        ),
    ] = False,
) -> None:
    """Serve the register until Ctrl-C.

    Without REGISTER_DATABASE_URL it starts a private database in .local/, and stops it at the end.
    """
    settings = get_settings()
    with _alone(settings):
        _check_port(settings)
        # Checked before the server processes do, of which a failure would be a stack trace.
        lack = SignInMethods.of_settings(settings).describe_lack()
        if lack is not None:
            console.print(t(*lack), style="yellow", highlight=False)
        if (warning := describe_local_links(settings.host, find_public_url(settings))) is not None:
            console.print(warning, style="yellow", highlight=False)
        with use_database(settings, required=prepare) as url:
            key = prepare_register(url, settings) if prepare else None
            with own_cache_folder() as folder:
                _pass_to_processes(settings, url, folder)
                opened = threading.Event()
                threading.Thread(target=_welcome, args=(settings, key, opened), daemon=True).start()
                with run_worker_process(settings, opened):
                    ended_by_signal = _run_processes(settings)
    if not (ended_by_signal and opened.is_set()):
        sys.exit("The register did not open; the lines above say why.")
    console.print(t("Het register is gesloten.", "The register is closed."))


def _check_port(settings: Settings) -> None:
    """Find out before the long preparations whether the port is free.

    Raises: CannotStart.
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                t(
                    f"Poort {settings.port} is in gebruik bij een ander programma. Stop dat, of kies een andere poort: "
                    f"REGISTER_PORT={settings.port + 1} make run",
                    f"Port {settings.port} is in use by another program. Stop that one, or choose another port: "
                    f"REGISTER_PORT={settings.port + 1} make run",
                )
            ) from error
        raise CannotStart(
            t(
                f"Het register kan niet luisteren op {settings.host}, poort {settings.port}: "
                f"{os.strerror(error.errno or 0)}. Kies andere met REGISTER_HOST en REGISTER_PORT.",
                f"The register cannot listen on {settings.host}, port {settings.port}: "
                f"{os.strerror(error.errno or 0)}. Choose others with REGISTER_HOST and REGISTER_PORT.",
            )
        ) from error


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Lock the private database, so that it is served once.

    Raises: CannotStart, naming the register that is already open.
    """
    if settings.database_url:
        yield
        return
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "serving.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                t("Het register van deze map draait al", "The register of this folder is already running")
                + f": {lock.read().strip()}"
            ) from None
        lock.truncate(0)
        lock.write(f"{_address(settings)} (process {os.getpid()})\n")
        lock.flush()
        yield


def _pass_to_processes(settings: Settings, url: str, cache_folder: Path) -> None:
    """Pass settings to the server processes by the environment, since they are new processes."""
    os.environ["REGISTER_DATABASE_URL"] = url
    os.environ["REGISTER_PUBLIC_URL"] = find_public_url(settings)
    os.environ.setdefault("REGISTER_FILE_CACHE_FOLDER", str(cache_folder))
    if settings.report_key is None and settings.environment == "development":
        os.environ["REGISTER_REPORT_KEY"] = read_key_file(_REPORT_KEY)
    # A single server process is this process itself.
    get_settings.cache_clear()
    shutil.rmtree(_METRICS, ignore_errors=True)
    _METRICS.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_METRICS)


def _run_processes(settings: Settings) -> bool:
    """Serve until a signal comes; False when the server processes cannot start."""
    configure_logging(settings)
    config = uvicorn.Config(
        "app.cli.server_process:create_worker",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.server_processes,
        http=LimitedProtocol,
        ws="none",
        server_header=False,
        # By default uvicorn believes any proxy on this machine.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_worker_healthcheck=SILENCE_SECONDS,
        # The application logs its requests; of the server only trouble is worth a line.
        log_config=None,
        log_level="warning",
        access_log=False,
    )
    supervisor = ServerSupervisor(config, [config.bind_socket()])
    supervisor.run()
    return not supervisor.has_given_up


def _welcome(settings: Settings, key: str | None, opened: threading.Event) -> None:
    """Print the banner once the register answers."""
    limit = time.monotonic() + _READY_LIMIT_SECONDS
    while time.monotonic() < limit:
        if _answers(settings):
            opened.set()
            # The other processes open in the same second: their log lines come first.
            time.sleep(1)
            print_banner(console, _address(settings), key)
            return
        time.sleep(0.1)


def _answers(settings: Settings) -> bool:
    connection = HTTPConnection(_host(settings), settings.port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def find_public_url(settings: Settings) -> str:
    """The address with which links in answers begin: that of the setting, else the one that is listened on."""
    return os.environ.get("REGISTER_PUBLIC_URL") or _address(settings)


def describe_local_links(host: str, public_url: str) -> str | None:
    """A warning when other machines reach the register, but not the addresses in its answers; None otherwise."""
    linked = urlsplit(public_url).hostname or ""
    if _is_this_machine(host) or not _is_this_machine(linked):
        return None
    return t(
        f"Links in antwoorden beginnen met {public_url}, en daar kunnen andere machines niet bij. Stel "
        "REGISTER_PUBLIC_URL in op het adres waarop zij het register bereiken.",
        f"Links in answers begin with {public_url}, which other machines cannot reach. Set REGISTER_PUBLIC_URL to the "
        "address under which they reach the register.",
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(settings: Settings) -> str:
    # "Every address" is none to call.
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared with, not bound to


def _address(settings: Settings) -> str:
    host = _host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
