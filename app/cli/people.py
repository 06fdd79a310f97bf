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
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.core.settings import get_settings
from app.organisations.queries import choose_organisation, get_organisation

people_commands = typer.Typer(
    help="Persons who sign in with a browser: the first administrator, and everybody after.",
    no_args_is_help=True,
)


@people_commands.command("invite")
def invite(
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
) -> None:
    """Print a link by which one person, once and within two weeks, signs in and gets the role.

    Send the link to that person alone: who opens it first and signs in, has the role.

    For example, the first administrator: sensor-register people invite "Noor de Vries" noor@leiden.nl administrator
    """
    now = datetime.now(UTC)
    with explain_problems(), use_session() as session:
        secret = invite_person(
            session,
            invited_by=None,
            name=name,
            email=email,
            role=role,
            organisation_id=choose_organisation(session, organisation) if organisation else None,
            now=now,
        )
    console.print(
        f"{get_settings().public_url.rstrip('/')}/uitnodiging?sleutel={secret}", soft_wrap=True, markup=False
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
    if organisation_id is None:
        return "everything"
    return get_organisation(session, organisation_id).organisation.name or str(organisation_id)
