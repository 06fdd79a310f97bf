"""The examples of docs/operations.md for nginx and Caddy, run as they are written, but for ports and certificates."""

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from app.bootstrap.paths import ROOT
from tests.support.browser import serve_site
from tests.support.processes import is_listening
from tests.support.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.slow

PUBLIC_URL = "https://gemeente.nl/sensoren"
UPSTREAM = "127.0.0.1:8000"


def read_example(first_line: str) -> str:
    """The indented block of the document that begins with this line, without its indentation."""
    lines = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    block = []
    for line in lines[lines.index(f"    {first_line}") :]:
        if line and not line.startswith("    "):
            break
        block.append(line.removeprefix("    "))
    return "\n".join(block)


def write_nginx(folder: Path, port: int, upstream: str) -> list[str]:
    server = read_example("server {").replace(UPSTREAM, upstream)
    server = re.sub(r"\s*ssl_certificate.*;", "", server).replace(
        "listen 443 ssl;", f"listen 127.0.0.1:{port};"
    )
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off;\n{paths}{server}\n}}\n",
        encoding="utf-8",
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", f"{folder}/error.log"]


def write_caddy(folder: Path, port: int, upstream: str) -> list[str]:
    site = read_example("gemeente.nl {").replace(UPSTREAM, upstream)
    site = site.replace("gemeente.nl {", f"http://127.0.0.1:{port}, http://gemeente.nl:{port} {{", 1)
    (folder / "Caddyfile").write_text(f"{{\n  admin off\n  auto_https off\n}}\n{site}\n", encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


PROXIES = {"nginx": write_nginx, "caddy": write_caddy}


@contextmanager
def run_proxy(
    write: Callable[[Path, int, str], list[str]], folder: Path, upstream: str
) -> Iterator[httpx.Client]:
    """A proxy in front of `upstream`, as a client that calls it by the name of the public URL."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = write(folder, port, upstream)
    program = shutil.which(command[0]) or shutil.which(command[0], path="/usr/sbin")
    assert program, f"This test needs {command[0]}: see `make test-slow`"
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen([program, *command[1:]], env=environment, stderr=subprocess.PIPE)
    try:
        _wait_for(port, process)
        host = {"Host": "gemeente.nl"}
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers=host, timeout=PATIENCE_SECONDS
        ) as client:
            yield client
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        assert process.stderr is not None
        process.stderr.close()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: process.poll() is not None or is_listening(port))
    assert process.poll() is None, process.stderr.read() if process.stderr else b""


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[str]:
    with serve_site(module_database, public_url=PUBLIC_URL) as address:
        yield address.removeprefix("http://")


@pytest.fixture(params=PROXIES)
def proxy(request: pytest.FixtureRequest) -> Any:
    return PROXIES[request.param]


@pytest.fixture
def site(proxy: Any, tmp_path: Path, register: str) -> Iterator[httpx.Client]:
    with run_proxy(proxy, tmp_path, register) as client:
        yield client


def test_pages_files_and_api_are_found_below_the_path(site: httpx.Client) -> None:
    root = site.get("/sensoren")
    assert (root.status_code, httpx.URL(root.headers["location"]).path) == (301, "/sensoren/")
    page = site.get("/sensoren/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    for path in {
        *re.findall(r'(?:href|src)="(/[^"#?]+\.(?:css|js|svg|woff2)[^"#]*)"', unescape(page.text)),
        "/sensoren/sensoren",
    }:
        assert path.startswith("/sensoren/")
        assert site.get(path).status_code == 200, path
    items = site.get("/sensoren/v1/collections/sensors/items").json()
    assert all(link["href"].startswith(f"{PUBLIC_URL}/v1/") for link in items["links"])


def test_headers_and_compression_of_the_register_pass_unchanged(site: httpx.Client) -> None:
    answer = site.get("/sensoren/over", headers={"Accept": "text/html", "Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    for name in ("content-security-policy", "strict-transport-security", "cache-control", "vary"):
        assert len(answer.headers.get_list(name)) == 1, name
    document = site.get("/sensoren/v1/openapi.json")
    unchanged = site.get("/sensoren/v1/openapi.json", headers={"If-None-Match": document.headers["etag"]})
    assert unchanged.status_code == 304
    # Chunks are passed on, whatever their number.
    assert site.get("/sensoren/v1/collections/sensors/items?f=csv&limit=100000").status_code == 200


def test_limits_of_the_register_hold(site: httpx.Client) -> None:
    assert site.get("/sensoren/metrics").status_code == 404
    key = {"Authorization": "Bearer x"}
    large = site.post("/sensoren/v1/sensors", content=b" " * 1_100_000, headers=key)
    assert large.status_code in {401, 413}
    assert large.headers["content-type"].startswith("application/problem+json")
    long_filter = f"/sensoren/v1/collections/sensors/items?filter=name='{'x' * 12_000}'"
    assert "application/" in site.get(long_filter).headers["content-type"]


def test_client_and_path_are_named_to_the_register(proxy: Any, tmp_path: Path) -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by the base class
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with run_proxy(proxy, tmp_path, f"127.0.0.1:{server.server_port}") as client:
            client.get("/sensoren/s/A%2FB?x=1", headers={"X-Forwarded-For": "10.0.0.1"})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    ((path, headers),) = asked
    assert path == "/sensoren/s/A%2FB?x=1"
    assert headers["host"] == "gemeente.nl"
    assert headers["x-forwarded-for"] == "127.0.0.1"
