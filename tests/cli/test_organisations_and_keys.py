"""Organisations and keys on the command line, on a real database."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from app.access.authentication import authenticate
from app.access.principal import Grant
from app.cli import organisations_and_keys
from app.cli.database import console
from app.core.database import sqlalchemy_url
from app.core.errors import NotAuthenticated
from app.core.settings import Settings

Run = Callable[..., Result]
AMSTERDAM = (
    "name=Gemeente Amsterdam",
    "organisationType=municipality",
    "tooiCode=gm0363",
    "publicEmail=gemeente@example.org",
    "contactPerson=Marleen Geheim",
)


@pytest.fixture
def organisations(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = Settings(database_url=fresh_database)
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 200)
    return lambda *words: CliRunner().invoke(organisations_and_keys.organisations, list(words))


@pytest.fixture
def keys(organisations: Run) -> Run:
    assert organisations("add", *AMSTERDAM).exit_code == 0
    return lambda *words: CliRunner().invoke(organisations_and_keys.keys, list(words))


def ask(url: str, token: str) -> frozenset[Grant]:
    engine = create_engine(sqlalchemy_url(url))
    try:
        with Session(engine) as session:
            return authenticate(session, token, datetime.now(UTC)).grants
    finally:
        engine.dispose()


def test_organisation_is_added_shown_and_listed(organisations: Run) -> None:
    added = organisations("add", *AMSTERDAM)
    assert added.exit_code == 0
    shown = organisations("show", "gm0363").output
    assert f"id={added.output.strip()}" in shown
    assert "municipalityCode=GM0363" in shown
    assert "contactPerson=Marleen Geheim" in shown
    listed = organisations("list").output
    assert "Gemeente Amsterdam" in listed
    assert "Geheim" not in listed


def test_add_organisation_with_problems_reports_all_with_fields(organisations: Run) -> None:
    result = organisations("add", "organisationType=company", "oin=1", "soleTrader=ja")
    assert result.exit_code == 1
    for field in ("name: ", "publicEmail: ", "oin: ", "soleTrader: "):
        assert field in result.stderr
    assert "no organisations yet" in organisations("list").output


def test_add_organisation_with_used_code_is_refused(organisations: Run) -> None:
    organisations("add", *AMSTERDAM)
    result = organisations("add", *AMSTERDAM)
    assert result.exit_code == 1
    assert "has this code already" in result.stderr


def test_edit_organisation_changes_and_empties_fields(organisations: Run) -> None:
    organisations("add", *AMSTERDAM)
    changed = organisations(
        "edit", "GM0363", "name=Amsterdam", "contactPerson=", "website=https://example.org"
    )
    assert changed.exit_code == 0, changed.output
    shown = organisations("show", "amsterdam").output
    assert "website=https://example.org" in shown
    assert "contactPerson" not in shown


def test_edit_organisation_unknown_name_or_field_is_refused(organisations: Run) -> None:
    result = organisations("show", "Rotterdam")
    assert result.exit_code == 1
    assert "There is no organisation Rotterdam." in result.stderr
    assert organisations("add", "naamloos").exit_code == 2


def test_list_organisations_marks_sole_trader(organisations: Run) -> None:
    organisations(
        "add", "name=Karel Verstopt", "organisationType=company", "soleTrader=true", "publicPhone=0201234567"
    )
    assert "Karel Verstopt *" in organisations("list").output


def test_issue_prints_working_key_once(keys: Run, fresh_database: str) -> None:
    issued = keys("issue", "Afdeling Verkeer", "--organisation", "gm0363")
    assert issued.exit_code == 0
    token = issued.stdout.strip()
    assert re.fullmatch("srk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", token)
    (grant,) = ask(fresh_database, token)
    assert (grant.role, grant.municipality_code) == ("editor", "GM0363")
    listed = keys("list").output
    assert "Afdeling Verkeer" in listed
    assert "editor of Gemeente Amsterdam" in listed
    assert token[4:16] in listed
    assert token not in listed


def find_holder(issued: Result) -> str:
    found = re.search(r"is a new holder, ([0-9a-f-]{36})", issued.stderr)
    assert found
    return found[1]


def test_issue_for_a_second_holder_of_one_name_changes_no_earlier_key(keys: Run, fresh_database: str) -> None:
    first = keys("issue", "J. de Vries", "--organisation", "gm0363")
    second = keys("issue", "J. de Vries", "--role", "auditor")
    assert {grant.role for grant in ask(fresh_database, first.stdout.strip())} == {"editor"}
    assert {grant.role for grant in ask(fresh_database, second.stdout.strip())} == {"auditor"}
    assert find_holder(first) != find_holder(second)
    assert find_holder(first) in second.stderr.split("Others have this name too: ")[1]


def test_issue_for_an_id_gives_that_holder_a_key_for_the_new_role_alone(
    keys: Run, fresh_database: str
) -> None:
    first = keys("issue", "Afdeling Verkeer", "--organisation", "gm0363")
    again = keys("issue", find_holder(first), "--role", "auditor")
    assert "new holder" not in again.stderr
    assert {grant.role for grant in ask(fresh_database, again.stdout.strip())} == {"auditor"}
    assert {grant.role for grant in ask(fresh_database, first.stdout.strip())} == {"editor"}
    rows = [line for line in keys("list").output.splitlines() if "Afdeling Verkeer" in line]
    assert [("auditor of everything" in row, "editor of" in row) for row in rows] == [
        (False, True),
        (True, False),
    ]


def test_end_of_organisation_revokes_its_keys_and_refuses_new_ones_until_it_is_reopened(
    organisations: Run, keys: Run, fresh_database: str
) -> None:
    token = keys("issue", "Afdeling Verkeer", "--organisation", "gm0363").stdout.strip()
    auditor = keys("issue", "Rekenkamer", "--role", "auditor").stdout.strip()
    ended = organisations("end", "gm0363", "--reason", "Opgegaan in een andere gemeente")
    assert ended.exit_code == 0, ended.output
    assert token[4:16] in ended.output
    with pytest.raises(NotAuthenticated):
        ask(fresh_database, token)
    assert ask(fresh_database, auditor)
    refused = keys("issue", "Een ander", "--organisation", "gm0363")
    assert refused.exit_code == 1
    assert "has ended" in refused.stderr
    assert organisations("reopen", "gm0363", "--reason", "Vergissing").exit_code == 0
    assert keys("issue", "Een ander", "--organisation", "gm0363").exit_code == 0
    with pytest.raises(NotAuthenticated):
        ask(fresh_database, token)


def test_revoked_key_is_refused(keys: Run, fresh_database: str) -> None:
    token = keys("issue", "Afdeling Verkeer", "--organisation", "gm0363").stdout.strip()
    assert keys("revoke", token[4:16]).exit_code == 0
    assert "revoked" in keys("list").output
    with pytest.raises(NotAuthenticated):
        ask(fresh_database, token)
    assert keys("revoke", "000000000000").exit_code == 1


def test_list_keys_marks_expired_key(keys: Run, fresh_database: str) -> None:
    keys("issue", "Afdeling Verkeer", "--organisation", "gm0363", "--days", "1")
    assert "valid" in keys("list").output
    engine = create_engine(sqlalchemy_url(fresh_database))
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE register.api_key SET expires_at = now() - interval '1 hour'"))
    engine.dispose()
    assert "expired" in keys("list").output


def test_issue_editor_without_organisation_is_refused(keys: Run) -> None:
    result = keys("issue", "Iemand")
    assert result.exit_code == 1
    assert "organisation" in result.stderr
    assert "no keys yet" in keys("list").output


def test_list_organisations_on_narrow_terminal_shortens_nothing(
    organisations: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = organisations("add", *AMSTERDAM).output.strip()
    named = organisations(
        "add", f"name={'Waterschap ' * 6}", "organisationType=company", "publicPhone=0201234567"
    ).output.strip()
    monkeypatch.setattr(console, "width", 80)
    listed = organisations("list").output.splitlines()
    assert {len(line) for line in listed} == {80}
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in listed if line.startswith("│")]
    assert [added, "Gemeente Amsterdam"] in cells
    assert ["", "Municipality, GM0363"] in cells
    assert ["", "Company"] in cells
    assert " ".join(text for _, text in cells).count("Waterschap") == 6
    assert named in [one for one, _ in cells]


def test_key_is_issued_with_the_scopes_that_are_named(keys: Run, fresh_database: str) -> None:
    issued = keys("issue", "Meetnet", "--organisation", "gm0363", "--scopes", "register, read")
    assert ask(fresh_database, issued.stdout.strip())
    assert "only read, register" in " ".join(keys("list").output.split())
    refused = keys("issue", "Meetnet", "--organisation", "gm0363", "--scopes", "write")
    assert refused.exit_code == 2
