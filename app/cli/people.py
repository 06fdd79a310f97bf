"""`sensor-register people`: inviting persons who sign in with a browser."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.orm import Session

from app.access.invitations import invite_person, list_invitations
from app.access.principal import Role
from app.bootstrap.cannot_start import CannotStart
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.core.i18n import Language
from app.core.settings import get_settings
from app.mail.server import MailServer
from app.organisations.queries import choose_organisation, name_organisation
from app.website.account.invitation_mail import post_invitation, write_invitation_address

people_commands = typer.Typer(
    help="Persons who sign in with a browser: the first administrator, and everybody after.",
    no_args_is_help=True,
)


@people_commands.command("invite")
def invite(  # noqa: PLR0913 - whom, for what and how
    name: Annotated[str, typer.Argument(help="Name of the person, as others see it.")],
    email: Annotated[str, typer.Argument(help="Work address of the person; the invitation is for it.")],
    role: Annotated[Role, typer.Argument(help="The role that is offered.")],
    organisation: Annotated[
        str | None,
        typer.Option(
            help="The organisation of the role, by id, name or code; without it, an auditor or administrator of"
            " everything."
        ),
    ] = None,
    *,
    by_link: Annotated[
        bool,
        typer.Option(
            "--by-link",
            help="Let the person sign in by links in a mail to this address, beside the provider.",
        ),
    ] = False,
    lang: Annotated[Language, typer.Option(help="Language of the mail.")] = "nl",
) -> None:
    """Send a link by mail by which one person, once and within two weeks, signs in and gets the role.

    Without a mail server (REGISTER_MAIL_HOST) the link is printed. Send it to that person alone: who opens it first and
    signs in, has the role.

    For example, the first administrator: sensor-register people invite "Noor de Vries" noor@leiden.nl administrator
    """
    now, settings = datetime.now(UTC), get_settings()
    server = MailServer.of_settings(settings)
    if by_link and server is None:
        raise CannotStart("--by-link needs a mail server: set REGISTER_MAIL_HOST.")
    site = settings.public_url.rstrip("/")
    with explain_problems(), use_session() as session:
        organisation_id = choose_organisation(session, organisation) if organisation else None
        secret = invite_person(
            session,
            invited_by=None,
            name=name,
            email=email,
            role=role,
            organisation_id=organisation_id,
            now=now,
            by_link=by_link,
            language=lang,
        )
        address = write_invitation_address(site, secret, lang)
        if server is not None:
            post_invitation(session, secret, site=site, now=now)
    if server is None:
        console.print(address, soft_wrap=True, markup=False)
    else:
        console.print(
            f"The invitation goes by mail to {email}. `sensor-register mail list` shows it until it is sent.",
            soft_wrap=True,
            markup=False,
        )


@people_commands.command("invitations")
def print_invitations() -> None:
    """Show the invitations that no one has accepted yet."""
    with use_session() as session:
        found = list_invitations(session, None, datetime.now(UTC))
        rows = [
            (
                f"{one.name} · {one.email}",
                one.role,
                name_scope(session, one.organisation_id),
                f"{one.expires_at:%Y-%m-%d}",
            )
            for one in found
        ]
    table = Table("person", "role", Column("for", overflow="fold"), "until")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print(table if rows else "There are no open invitations.")


def name_scope(session: Session, organisation_id: UUID | None) -> str:
    """The organisation of a role by its name, or its id where it has none; or everything."""
    return "everything" if organisation_id is None else name_organisation(session, organisation_id)
