"""The command line says what it can do, and does it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.bootstrap.paths import ROOT
from app.cli.command import app

COMMAND = Path(sys.executable).with_name("sensor-register")


def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "subject", ["serve", "migrate", "openapi", "municipalities", "organisations", "keys", "seed"]
)
def test_help_lists_and_explains_each_command(subject: str) -> None:
    runner = CliRunner()
    assert subject in runner.invoke(app, ["--help"]).output
    explained = runner.invoke(app, [subject, "--help"])
    assert explained.exit_code == 0
    assert f"{subject} [OPTIONS]" in explained.output


def test_migrate_brings_an_empty_database_to_the_newest_schema(empty_database: str) -> None:
    for _ in range(2):
        result = run("migrate", REGISTER_DATABASE_URL=empty_database)
        assert result.returncode == 0, result.stderr
        assert "nieuwste schema" in result.stdout


def test_invalid_setting_is_named() -> None:
    result = run("migrate", REGISTER_PORT="eighty", REGISTER_SERVER_PROCESSES="0")
    assert result.returncode == 1
    assert "REGISTER_PORT: Dit moet een heel getal zijn" in result.stderr
    assert "REGISTER_SERVER_PROCESSES: Dit moet minstens 1 zijn" in result.stderr
    assert "Traceback" not in result.stderr


def test_start_that_fails_says_why_in_the_language_that_was_chosen() -> None:
    invite = ("people", "invite", "Noor", "noor@leiden.nl", "administrator")
    dutch = run(*invite, REGISTER_MAIL_HOST="mail.example")
    english = run("--lang", "en", *invite, REGISTER_MAIL_HOST="mail.example")
    assert (dutch.returncode, english.returncode) == (1, 1)
    assert dutch.stderr.startswith("REGISTER_MAIL_HOST vraagt REGISTER_MAIL_FROM: ")
    assert english.stderr.startswith("REGISTER_MAIL_HOST needs REGISTER_MAIL_FROM: ")


def test_openapi_is_printed_without_a_database() -> None:
    result = run("openapi")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["openapi"] == "3.0.3"
