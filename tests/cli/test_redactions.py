"""Redaction on the command line."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from app.cli import redactions
from app.core.settings import Settings
from tests.support.register import Register

Run = Callable[..., Result]


@pytest.fixture
def run(register: Register, fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = Settings(database_url=fresh_database)
    for module in ("app.cli.database", "app.cli.redactions"):
        monkeypatch.setattr(f"{module}.get_settings", lambda: settings)
    return lambda *words: CliRunner().invoke(redactions.sensor_commands, list(words))


def test_sensor_is_erased_by_its_registration_number(run: Run, register: Register) -> None:
    sensor = register.register()
    erased = run("redact", sensor["publicCode"].lower(), "--reason", "Verzoek", "--erase")
    assert erased.exit_code == 0, erased.output
    assert "Erased: 2 versions of 1 sensors." in erased.output
    assert "Backups" in erased.output
    assert register.client.get(f"/v1/collections/sensors/items/{sensor['id']}").status_code == 404


def test_unknown_sensor_and_version_in_force_are_refused(run: Run, register: Register) -> None:
    sensor = register.register()
    assert run("redact", "NL-0000-0000", "--reason", "x").exit_code == 1
    refused = run("redact", sensor["id"], "--version", "1", "--reason", "x")
    assert (refused.exit_code, "still in force" in refused.stderr) == (1, True)
    assert run("redact", sensor["id"]).exit_code == 2
