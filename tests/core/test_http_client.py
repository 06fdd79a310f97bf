"""HTTP clients for calls to other servers: their defaults, and that no other module makes one."""

import re
import ssl

from app.bootstrap.paths import ROOT
from app.core.http_client import USER_AGENT, create_http_client, create_trust_store


def test_create_http_client_has_user_agent_accept_and_timeout() -> None:
    with create_http_client(7, accept="application/json") as client:
        assert client.headers["user-agent"] == USER_AGENT
        assert client.headers["accept"] == "application/json"
        assert client.timeout.read == 7
        assert not client.follow_redirects
    assert re.fullmatch(r"sensor-register/\d\S*", USER_AGENT)


def test_create_trust_store_verifies_certificates_and_host_names() -> None:
    trust = create_trust_store()
    assert trust.verify_mode is ssl.CERT_REQUIRED
    assert trust.check_hostname


def test_client_library_is_imported_by_one_module_only() -> None:
    importing = re.compile(r"^\s*(?:import|from) (?:httpx|httpcore)\b", re.MULTILINE)
    modules = [path for path in (ROOT / "app").rglob("*.py") if importing.search(path.read_text("utf-8"))]
    assert modules == [ROOT / "app" / "core" / "http_client.py"]
