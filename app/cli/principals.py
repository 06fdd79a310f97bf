"""`sensor-register principals`: persons and applications, and the roles that they have."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role
from app.access.endings import end_grant, end_principal
from app.access.machines import recognise_machine
from app.access.principal import Role
from app.access.queries import GrantSummary, find_principal, list_grants, list_principals
from app.bootstrap.cannot_start import CannotStart
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.settings import get_settings
from app.organisations.queries import choose_organisation, get_organisation

principal_commands = typer.Typer(
    help="Persons and applications, and the roles that they have.", no_args_is_help=True
)

PrincipalArgument = Annotated[
    str, typer.Argument(metavar="PRINCIPAL", help="Its id or handle, as `principals list` shows them.")
]
RoleArgument = Annotated[Role, typer.Argument(help="The role.")]
OrganisationOption = Annotated[
    str | None,
    typer.Option(help="The organisation of the role; without it, an auditor or administrator of everything."),
]
EvenLast = Annotated[
    bool,
    typer.Option(
        "--even-last", help="Also where no one is left to manage the organisation, or the register."
    ),
]
Reason = Annotated[str, typer.Option(help="Why; it is written in the audit trail.")]


@principal_commands.command("add")
def add_principal(
    name: Annotated[str, typer.Argument(help="Name that is shown; others may have the same.")],
    handle: Annotated[
        str | None, typer.Option(help="E-mail address or subject at an identity provider; unique.")
    ] = None,
) -> None:
    """Add a person or application without any role, and print its id."""
    with explain_problems(), use_session() as session:
        principal_id = admit_principal(session, admitted_by=None, name=name, handle=handle)
    console.print(principal_id)


@principal_commands.command("list")
def print_principals() -> None:
    """Show every person and application with their roles."""
    with use_session() as session:
        principals = list_principals(session)
        roles: dict[UUID, list[str]] = {one.id: [] for one in principals}
        for grant in list_grants(session):
            roles[grant.principal_id].append(describe_grant(session, grant))
    # The id is never shortened, since other commands need it; the other columns share one cell.
    table = Table(Column("id", min_width=36), Column("name, handle, may", overflow="fold"))
    for one in principals:
        lines = [" · ".join(filter(None, (one.name, one.handle)))]
        lines += sorted(roles[one.id]) or ["ended" if one.ended_at else "nothing"]
        table.add_row(str(one.id), escape("\n".join(lines)))
    console.print(table if principals else "There are no principals yet.")


@principal_commands.command("recognise")
def recognise(
    named: PrincipalArgument,
    subject: Annotated[
        str, typer.Argument(help="The subject (`sub`) of its access tokens, as the provider gives it.")
    ],
) -> None:
    """Let an application call with access tokens of the provider (REGISTER_OIDC_ISSUER), with the roles that it has."""
    issuer = get_settings().oidc_issuer
    if issuer is None:
        raise CannotStart("Access tokens need a provider: set REGISTER_OIDC_ISSUER.")
    with explain_problems(), use_session() as session:
        recognise_machine(
            session,
            by=None,
            principal_id=choose_principal(session, named),
            issuer=issuer,
            subject=subject,
        )


@principal_commands.command("grant")
def grant(named: PrincipalArgument, role: RoleArgument, organisation: OrganisationOption = None) -> None:
    """Give a role; `keys issue` with the id or handle makes a key for it."""
    with explain_problems(), use_session() as session:
        grant_role(
            session,
            granted_by=None,
            principal_id=choose_principal(session, named),
            role=role,
            organisation_id=choose_organisation(session, organisation) if organisation else None,
        )


@principal_commands.command("end-grant")
def end_role(
    named: PrincipalArgument,
    role: RoleArgument,
    reason: Reason,
    organisation: OrganisationOption = None,
    *,
    even_last: EvenLast = False,
) -> None:
    """End a role, and revoke the keys that were issued for it."""
    with explain_problems(), use_session() as session:
        organisation_id = choose_organisation(session, organisation) if organisation else None
        found = [
            one.id
            for one in list_grants(session, [choose_principal(session, named)])
            if (one.role, one.organisation_id) == (role, organisation_id)
        ]
        if not found:
            raise NotFound(LocalizedText("Deze rol is er niet (meer).", "There is no such grant (any more)."))
        prefixes = end_grant(
            session,
            ended_by=None,
            grant_id=found[0],
            now=datetime.now(UTC),
            reason=reason,
            even_last=even_last,
        )
    print_revoked(prefixes)


@principal_commands.command("end")
def end(named: PrincipalArgument, reason: Reason, *, even_last: EvenLast = False) -> None:
    """End a person or application: every role ends, and every key is revoked."""
    with explain_problems(), use_session() as session:
        prefixes = end_principal(
            session,
            ended_by=None,
            principal_id=choose_principal(session, named),
            now=datetime.now(UTC),
            reason=reason,
            even_last=even_last,
        )
    print_revoked(prefixes)


def choose_principal(session: Session, named: str) -> UUID:
    """The principal with this id or handle. Raises: NotFound."""
    found = find_principal(session, named)
    if found is None:
        raise NotFound(
            LocalizedText(
                f"Niemand heeft het id of kenmerk {named}. `sensor-register principals list` toont iedereen.",
                f"No principal has the id or handle {named}. `sensor-register principals list` lists them.",
            )
        )
    return found


def describe_grant(session: Session, grant: GrantSummary) -> str:
    """A role in words: `editor of Gemeente Leiden`."""
    if grant.organisation_id is None:
        return f"{grant.role} of everything"
    return f"{grant.role} of {get_organisation(session, grant.organisation_id).organisation.name}"


def print_revoked(prefixes: Sequence[str]) -> None:
    """Say which keys no longer work."""
    console.print(
        f"Revoked keys: {', '.join(prefixes)}." if prefixes else "No key depended on it.", soft_wrap=True
    )
