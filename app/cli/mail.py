"""`sensor-register mail`: what the outbox holds, for the person who has to correct what goes wrong; and reminders."""

from datetime import UTC, datetime

import typer
from rich.markup import escape
from rich.table import Column, Table

from app.bootstrap.cannot_start import CannotStart
from app.cli.daily_work import remind
from app.cli.database import console, use_engine, use_session
from app.core.clock import DUTCH_TIME
from app.core.settings import get_settings
from app.mail.outbox import list_mail

mail_commands = typer.Typer(
    help="Mail that waits to be sent, or was not sent in the end.", no_args_is_help=True
)


@mail_commands.callback()
def describe() -> None:
    """Mail that waits to be sent, or was not sent in the end."""


@mail_commands.command("list")
def print_mail() -> None:
    """Show mail that waits or was not sent, for a month, with the last answer of the mail server; never its text.

    refused: the mail server does not take it. expired: it was tried until it was of no use any more. uncertain: the
    mail server broke off twice, and may have it.
    """
    with use_session() as session:
        found = list_mail(session)
    table = Table("posted", "kind", "status", "tries", Column("receiver, last answer", overflow="fold"))
    for one in found:
        posted = f"{one.created_at.astimezone(DUTCH_TIME):%Y-%m-%d %H:%M}"
        answer = "\n".join(filter(None, (one.receiver, one.last_error)))
        table.add_row(posted, one.kind, one.status, str(one.attempts), escape(answer))
    console.print(table if found else "No mail waits, and all was sent.")


@mail_commands.command("remind")
def remind_now() -> None:
    """Post the reminders that are due, which the job worker also does each day from 7 o'clock.

    An organisation gets one mail about all its sensors, and none about what it was reminded of already.
    """
    settings = get_settings()
    if not settings.mail_host:
        raise CannotStart("No mail is sent: set REGISTER_MAIL_HOST first.")
    with use_engine(settings) as engine:
        sent = remind(engine, settings, datetime.now(UTC))
    console.print(f"Reminders were posted to {sent} organisations." if sent else "No reminder is due.")
