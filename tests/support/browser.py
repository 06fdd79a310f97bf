"""A real browser, Debian's Chromium with an empty profile, and a server for the site."""

import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, expect, sync_playwright

from app.core.settings import Settings
from app.main import create_app
from tests.support.application import NO_OTHER_SERVERS, PATIENT
from tests.support.waiting import PATIENCE_SECONDS

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)

SOFTWARE_DRAWING = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""More flags, for maps: WebGL in software, since a machine of tests has no graphics card."""


@contextmanager
def open_browser(*flags: str) -> Iterator[Browser]:
    """Chromium without a window; each context opened in it starts with an empty profile."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("The slow tests of the pages need Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()


def serve_site(database_url: str, *, below: str = "", **settings: object) -> AbstractContextManager[str]:
    """The application on a port of its own, below a path; gives its address.

    `settings` are those of app/core/settings.py.
    """
    return _serve(database_url, below, None, settings)


def serve_secure_site(
    database_url: str, certificate: tuple[Path, Path], **settings: object
) -> AbstractContextManager[str]:
    """The application on https, with the files of a certificate and its key."""
    return _serve(database_url, "", certificate, settings)


@contextmanager
def _serve(
    database_url: str, below: str, certificate: tuple[Path, Path] | None, settings: Mapping[str, object]
) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "https" if certificate else "http"
    address = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}{below}"
    chosen = NO_OTHER_SERVERS | PATIENT | {"public_url": address} | dict(settings)
    app = create_app(Settings(database_url=database_url, **chosen))  # type: ignore[arg-type]
    file, key = certificate or (None, None)
    # A browser leaves encrypted connections open, and asyncio waits for half a minute for it to end them.
    grace = 1 if certificate else None
    config = uvicorn.Config(
        app, log_level="warning", ssl_certfile=file, ssl_keyfile=key, timeout_graceful_shutdown=grace
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
