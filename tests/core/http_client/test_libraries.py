"""Libraries of the HTTP client: their defaults, and that no other module uses one."""

import re
import ssl

from app.bootstrap.paths import ROOT
from app.core.http_client.libraries import USER_AGENT, create_trust_store


def test_user_agent_has_name_and_version() -> None:
    assert re.fullmatch(r"sensor-register/\d\S*", USER_AGENT)


def test_create_trust_store_verifies_certificates_and_host_names() -> None:
    trust = create_trust_store()
    assert trust.verify_mode is ssl.CERT_REQUIRED
    assert trust.check_hostname


def test_no_other_module_makes_connections() -> None:
    """Neither by these libraries nor by others: what a person or a file names is fetched by the guarded client."""
    words = r"httpx|httpcore|urllib\.request|urllib3|http\.client|requests|aiohttp|ftplib"
    importing = re.compile(rf"^\s*(?:import|from) (?:{words})\b", re.MULTILINE)
    folder = ROOT / "app"
    modules = {path for path in folder.rglob("*.py") if importing.search(path.read_text("utf-8"))}
    # `serve` asks its own processes whether they answer, at the address of its settings.
    assert modules == {folder / "core" / "http_client" / "libraries.py", folder / "cli" / "serve.py"}


def test_connections_are_made_by_the_guarded_client_alone() -> None:
    making = re.compile(r"\bcreate_connection_pool\(|httpx\.(?:Client|AsyncClient|get|post|stream|request)\b")
    folder = ROOT / "app" / "core" / "http_client"
    modules = {path for path in (ROOT / "app").rglob("*.py") if making.search(path.read_text("utf-8"))}
    assert modules == {folder / "client.py", folder / "libraries.py"}
