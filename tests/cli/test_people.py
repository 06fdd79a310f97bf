"""Inviting people on the command line."""

import re
from collections.abc import Callable

import psycopg
import pytest
from typer.testing import CliRunner, Result

from app.bootstrap.cannot_start import CannotStart
from app.cli.command import app
from app.cli.database import console
from app.core.settings import Settings

Run = Callable[..., Result]


MAIL: dict[str, object] = {"mail_host": "mail.invalid", "mail_from": "sensoren@register.example"}


def use_settings(monkeypatch: pytest.MonkeyPatch, url: str, **changed: object) -> None:
    settings = Settings(
        database_url=url,
        public_url="https://register.example/sensoren/",
        **changed,  # type: ignore[arg-type]
    )
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    monkeypatch.setattr("app.cli.people.get_settings", lambda: settings)


@pytest.fixture
def run(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    use_settings(monkeypatch, fresh_database)
    monkeypatch.setattr(console, "width", 200)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_first_administrator_gets_a_link(run: Run) -> None:
    invited = run("people", "invite", "Noor de Vries", "noor@leiden.nl", "administrator")
    assert invited.exit_code == 0, invited.output
    address = r"https://register\.example/sensoren/uitnodiging\?sleutel=[\w-]{43}\n"
    assert re.fullmatch(address, invited.output)
    listed = run("people", "invitations").output
    assert "Noor de Vries · noor@leiden.nl" in listed
    assert "everything" in listed


def test_all_problems_of_an_invitation_are_printed(run: Run) -> None:
    refused = run("people", "invite", " ", "noor", "editor")
    assert refused.exit_code == 1
    for word in ("Fill this in", "e-mail address", "Name an organisation"):
        assert word in refused.output


def test_invitation_goes_by_mail_where_there_is_a_mail_server(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, fresh_database, **MAIL)
    invited = run(
        "people", "invite", "Noor de Vries", "Noor@Leiden.nl", "administrator", "--lang", "en", "--by-link"
    )
    assert invited.exit_code == 0, invited.output
    assert "by mail" in invited.output
    assert "sleutel" not in invited.output
    with psycopg.connect(fresh_database) as connection:
        ((receiver, body),) = connection.execute(
            "SELECT receiver, body FROM register.outgoing_mail"
        ).fetchall()
        assert connection.execute("SELECT by_link FROM register.invitation").fetchone() == (True,)
    assert receiver == "noor@leiden.nl"
    assert "Dear Noor de Vries," in body
    assert "administrator of the whole register" in body
    assert re.search(r"https://register\.example/sensoren/en/uitnodiging\?sleutel=[\w-]{43}\n", body)
    assert "noor@leiden.nl" in run("mail", "list").output


def test_refused_invitation_posts_no_mail(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, fresh_database, **MAIL)
    assert run("people", "invite", "Noor", "noor@leiden.nl", "editor").exit_code == 1
    assert "all was sent" in run("mail", "list").output


def test_invitation_to_sign_in_by_link_needs_a_mail_server(run: Run) -> None:
    refused = run("people", "invite", "Noor", "noor@leiden.nl", "administrator", "--by-link")
    assert isinstance(refused.exception, CannotStart)
    assert "REGISTER_MAIL_HOST" in str(refused.exception)
    assert "no open invitations" in run("people", "invitations").output


def test_invitation_is_in_the_language_of_the_organisation(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, fresh_database, **MAIL)
    given = ("name=Gemeente Leiden", "organisationType=municipality", "municipalityCode=GM0546")
    added = run("organisations", "add", *given, "publicEmail=info@leiden.nl", "language=en")
    assert added.exit_code == 0, added.output
    assert run("organisations", "edit", "GM0546", "language=fy").exit_code == 1
    invited = run("people", "invite", "Noor", "noor@leiden.nl", "editor", "--organisation", "GM0546")
    assert invited.exit_code == 0, invited.output
    with psycopg.connect(fresh_database) as connection:
        mails = connection.execute("SELECT language, body FROM register.outgoing_mail").fetchall()
    assert [language for language, _ in mails] == ["en"]
    assert "Dear Noor," in mails[0][1]
