"""`sensor-register mail`: what the outbox holds, for the person who has to correct what goes wrong; and reminders."""

from datetime import UTC, datetime
from typing import Final

import typer
from rich.markup import escape
from rich.table import Column, Table

from app.bootstrap.cannot_start import CannotStart
from app.cli.daily_work import remind
from app.cli.database import console, use_engine, use_session
from app.cli.language import both, current_language, t
from app.core.clock import DUTCH_TIME
from app.core.i18n import LocalizedText
from app.core.settings import get_settings
from app.mail.mail_names import name_mail
from app.mail.outbox import list_mail

mail_commands = typer.Typer(
    help=both(
        "Mail die nog wacht, of die uiteindelijk niet is verstuurd.",
        "Mail that waits to be sent, or was not sent in the end.",
    ),
    no_args_is_help=True,
)


_STATUSES: Final = {
    "waiting": LocalizedText("wacht", "waiting"),
    "refused": LocalizedText("geweigerd", "refused"),
    "expired": LocalizedText("verlopen", "expired"),
    "uncertain": LocalizedText("onzeker", "uncertain"),
}


@mail_commands.callback()
def describe() -> None:
    """Mail that waits to be sent, or was not sent in the end."""


@mail_commands.command(
    "list",
    help=both(
        """Toon een maand lang de mail die wacht of niet is verstuurd, met het laatste antwoord van de mailserver; nooit
        de tekst.

        geweigerd: de mailserver neemt de mail niet aan. verlopen: er is geprobeerd tot de mail geen zin meer had.
        onzeker: de mailserver brak twee keer af, en heeft de mail misschien.
        """,
        """Show mail that waits or was not sent, for a month, with the last answer of the mail server; never its text.

        refused: the mail server does not take it. expired: it was tried until it was of no use any more. uncertain: the
        mail server broke off twice, and may have it.
        """,
    ),
)
def print_mail() -> None:
    """Show mail that waits or was not sent, for a month, with the last answer of the mail server; never its text."""
    with use_session() as session:
        found = list_mail(session, datetime.now(UTC))
    table = Table(
        t("gemaakt", "posted"),
        t("soort", "kind"),
        t("status", "status"),
        t("pogingen", "tries"),
        Column(t("ontvanger, laatste antwoord", "receiver, last answer"), overflow="fold"),
    )
    for one in found:
        posted = f"{one.created_at.astimezone(DUTCH_TIME):%Y-%m-%d %H:%M}"
        answer = "\n".join(filter(None, (one.receiver, one.last_error)))
        table.add_row(
            posted,
            name_mail(one.kind).render(current_language()),
            _STATUSES[one.status].render(current_language()),
            str(one.attempts),
            escape(answer),
        )
    console.print(
        table
        if found
        else t("Er wacht geen mail, en alles is verstuurd.", "No mail waits, and all was sent.")
    )


@mail_commands.command(
    "remind",
    help=both(
        "Zet de herinneringen klaar die nu verstuurd moeten worden; dat gebeurt ook elke dag vanaf 7 uur.\n\n"
        "Een organisatie krijgt één mail over al haar sensoren, en niet opnieuw over wat al gemeld is.",
        "Post the reminders that are due, which the job worker also does each day from 7 o'clock.\n\n"
        "An organisation gets one mail about all its sensors, and none about what it was reminded of already.",
    ),
)
def remind_now() -> None:
    """Post the reminders that are due, which the job worker also does each day from 7 o'clock."""
    settings = get_settings()
    if not settings.sends_mail:
        raise CannotStart(
            t(
                "Er wordt geen mail verstuurd: stel eerst REGISTER_MAIL_HOST in.",
                "No mail is sent: set REGISTER_MAIL_HOST first.",
            )
        )
    with use_engine(settings) as engine:
        sent = remind(engine, settings, datetime.now(UTC))
    if not sent:
        console.print(t("Er hoeft nu niemand herinnerd te worden.", "No reminder is due."))
        return
    console.print(
        t(
            f"Er staan herinneringen klaar voor {sent} {'organisatie' if sent == 1 else 'organisaties'}.",
            f"Reminders were posted to {sent} {'organisation' if sent == 1 else 'organisations'}.",
        )
    )
