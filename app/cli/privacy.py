"""`sensor-register privacy`: what is stored of people, one person's data, and deleting what was stored long enough."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from app.access.people import find_person
from app.audit.event_counts import record_read
from app.cli.database import console, use_engine, use_session
from app.cli.error_messages import explain_problems
from app.cli.language import both, current_language, t
from app.cli.principals import PrincipalArgument, Reason, choose_principal
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.settings import get_settings
from app.privacy.erasure import erase_person
from app.privacy.export import export_person
from app.privacy.kinds import write_table
from app.privacy.retention import delete_what_is_due

privacy_commands = typer.Typer(
    help=both(
        "Persoonsgegevens van gebruikers en melders: tonen, meegeven, wissen en op tijd verwijderen.",
        "Personal data of users and reporters: show, hand over, erase, and delete in time.",
    ),
    no_args_is_help=True,
)


@privacy_commands.command(
    "describe",
    help=both(
        "Toon welke persoonsgegevens het register bewaart: wat, waarom, hoe lang, en wat ze verwijdert.",
        "Show which personal data the register stores: what, why, how long, and what deletes them.",
    ),
)
def describe() -> None:
    """Show which personal data the register stores, as a table in Markdown."""
    typer.echo(write_table(current_language()))


@privacy_commands.command(
    "clean",
    help=both(
        "Verwijder nu wat lang genoeg is bewaard; dat gebeurt ook elke dag.",
        "Delete now what has been stored long enough; that happens each day too.",
    ),
)
def clean() -> None:
    """Delete now what has been stored long enough."""
    settings = get_settings()
    with use_engine(settings) as engine:
        delete_what_is_due(engine, settings, datetime.now(UTC))
    console.print(t("Alles wat weg moest, is verwijderd.", "All that was due is deleted."))


@privacy_commands.command(
    "export",
    help=both(
        "Schrijf alles wat over één persoon is bewaard, als JSON, voor die persoon.",
        "Write all that is stored about one person, as JSON, for that person.",
    ),
)
def export(
    person: PrincipalArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            help=both("Het bestand; zonder bestand op het scherm.", "The file; without it, the screen.")
        ),
    ] = None,
) -> None:
    """Write all that is stored about one person, as JSON."""
    with explain_problems(), use_session() as session:
        found = _choose_person(session, person)
        exported = export_person(session, found, datetime.now(UTC))
        record_read(session, "privacy export", found)
    written = json.dumps(exported, ensure_ascii=False, indent=2)
    if output is None:
        typer.echo(written)
    else:
        output.write_text(written + "\n", encoding="utf-8")
        console.print(t(f"Geschreven naar {output}.", f"Written to {output}."), markup=False)


@privacy_commands.command(
    "erase",
    help=both(
        """Beëindig de toegang van een persoon, en wis naam, adressen, sessies, uitnodigingen, concepten en mail.

        Wat de persoon deed, blijft in de geschiedenis staan, onder een nummer. Dit kan niet worden teruggedraaid.
        """,
        """End the access of a person, and erase name, addresses, sessions, invitations, drafts and mail.

        What the person did stays in the history, under a number. This cannot be taken back.
        """,
    ),
)
def erase(person: PrincipalArgument, *, reason: Reason) -> None:
    """End the access of a person, and erase name, addresses, sessions, invitations, drafts and mail."""
    with explain_problems(), use_session() as session:
        found = _choose_person(session, person)
        erase_person(session, erased_by=None, principal_id=found, now=datetime.now(UTC), reason=reason)
    console.print(t("De gegevens van deze persoon zijn gewist.", "The data of this person were erased."))


def _choose_person(session: Session, named: str) -> UUID:
    """Raises: NotFound, also for an application."""
    found = choose_principal(session, named)
    if find_person(session, found) is None:
        raise NotFound(LocalizedText("Dit is geen persoon.", "This is no person."))
    return found
