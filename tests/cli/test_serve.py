"""`sensor-register serve`, as a process of its own: opens, says where, and closes; and why it does not."""

import json
import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.cli.serve import describe_local_links
from tests.support.processes import find_free_port, is_listening, read_until, running, serving
from tests.support.waiting import PATIENCE_SECONDS


@pytest.mark.slow
def test_serve_prints_address_and_stops(fresh_database: str) -> None:
    port = find_free_port()
    with serving(fresh_database, port) as process:
        read_until(process, f"http://127.0.0.1:{port}/v1/docs")
        with urlopen(f"http://127.0.0.1:{port}/health/live") as answer:
            assert answer.status == 200
            assert "Server" not in answer.headers
        process.send_signal(signal.SIGTERM)
        assert "Het register is gesloten." in read_until(process, "gesloten")
        assert process.wait(PATIENCE_SECONDS) == 0
    assert not is_listening(port)


@pytest.mark.slow
def test_serve_with_one_process_uses_public_url(fresh_database: str) -> None:
    port = find_free_port()
    with serving(fresh_database, port, workers=1) as process:
        read_until(process, f"http://127.0.0.1:{port}/v1/docs")
        with urlopen(f"http://127.0.0.1:{port}/v1") as answer:
            assert json.load(answer)["links"][0]["href"] == f"http://127.0.0.1:{port}/v1"


@pytest.mark.slow
def test_serve_listens_on_an_ipv6_address(fresh_database: str) -> None:
    port = find_free_port()
    with serving(fresh_database, port, workers=1, host="::1") as process:
        read_until(process, f"http://[::1]:{port}/v1/docs")
        with urlopen(f"http://[::1]:{port}/v1") as answer:
            assert json.load(answer)["links"][0]["href"] == f"http://[::1]:{port}/v1"


@pytest.mark.parametrize(
    ("host", "public_url", "is_warned"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000", True),
        ("::", "http://[::1]:8000", True),
        ("192.0.2.7", "http://localhost:8000", True),
        ("0.0.0.0", "https://sensoren.example.org", False),
        ("192.0.2.7", "http://192.0.2.7:8000", False),
        ("127.0.0.1", "http://127.0.0.1:8000", False),
        ("localhost", "http://localhost:8000", False),
    ],
)
def test_links_that_other_machines_cannot_reach_are_warned_of(
    host: str, public_url: str, *, is_warned: bool
) -> None:
    warning = describe_local_links(host, public_url)
    assert (warning is not None) == is_warned
    assert warning is None or (public_url in warning and "REGISTER_PUBLIC_URL" in warning)


@pytest.mark.slow
def test_server_processes_end_when_serve_is_killed(fresh_database: str) -> None:
    """The pipe closes once the last of them has ended; then the port is free for a new start."""
    port = find_free_port()
    with serving(fresh_database, port) as process:
        read_until(process, "Documentatie")
        process.kill()
        assert process.stdout is not None
        process.stdout.read()
    assert not is_listening(port)


def test_serve_with_port_in_use_advises_another(fresh_database: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with serving(fresh_database, port) as process:
            output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert output.startswith(f"Poort {port} is in gebruik")
    assert "REGISTER_PORT=" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"REGISTER_ENVIRONMENT": "production"},
            ["Niemand kan inloggen", "REGISTER_OIDC_ISSUER", "REGISTER_MAIL_HOST"],
        ),
        ({"REGISTER_MAIL_HOST": "mail.example"}, ["REGISTER_MAIL_FROM"]),
    ],
    ids=str,
)
def test_start_says_what_is_missing_to_sign_in_and_to_send_mail(
    settings: dict[str, str], words: list[str], tmp_path: Path
) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    port = {"REGISTER_DATABASE_URL": url, "REGISTER_PORT": str(find_free_port())}
    with running("serve --prepare", **port, **settings) as process:
        output, _ = process.communicate(timeout=60)
    assert all(word in output for word in words), output
    assert "Traceback" not in output


def test_preparing_an_unreachable_database_is_explained(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    settings = {"REGISTER_DATABASE_URL": url, "REGISTER_PORT": str(find_free_port())}
    with running("serve --prepare", **settings) as process:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "De database" in output
    assert "Traceback" not in output
