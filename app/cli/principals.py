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
from app.cli.language import both, current_language, t
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.settings import get_settings
from app.organisations.queries import choose_organisation, get_organisation
from app.website.account.role_names import ROLE_NAMES

principal_commands = typer.Typer(
    help=both(
        "Mensen en programma's, en de rollen die ze hebben.",
        "Persons and applications, and the roles that they have.",
    ),
    no_args_is_help=True,
)

PrincipalArgument = Annotated[
    str,
    typer.Argument(
        metavar=both("WIE", "PRINCIPAL"),
        help=both(
            "Id of kenmerk, zoals `principals list` ze toont.",
            "Its id or handle, as `principals list` shows them.",
        ),
    ),
]
RoleArgument = Annotated[Role, typer.Argument(help=both("De rol.", "The role."))]
OrganisationOption = Annotated[
    str | None,
    typer.Option(
        help=both(
            "De organisatie van de rol; zonder organisatie een controleur of beheerder van alles.",
            "The organisation of the role; without it, an auditor or administrator of everything.",
        )
    ),
]
Reason = Annotated[
    str,
    typer.Option(help=both("Waarom; dit komt in het auditspoor.", "Why; it is written in the audit trail.")),
]
EvenLast = Annotated[
    bool,
    typer.Option(
        "--even-last",
        help=both(
            "Ook als daarna niemand de organisatie, of het register, beheert.",
            "Also where no one is left to manage the organisation, or the register.",
        ),
    ),
]


@principal_commands.command(
    "add",
    help=both(
        "Voeg een persoon of programma zonder rol toe, en toon het id.",
        "Add a person or application without any role, and print its id.",
    ),
)
def add_principal(
    name: Annotated[
        str,
        typer.Argument(
            help=both(
                "Naam die te zien is; anderen mogen net zo heten.",
                "Name that is shown; others may have the same.",
            )
        ),
    ],
    handle: Annotated[
        str | None,
        typer.Option(
            help=both(
                "Mailadres, of kenmerk bij een provider; van niemand anders.",
                "E-mail address or subject at an identity provider; unique.",
            )
        ),
    ] = None,
) -> None:
    """Add a person or application without any role, and print its id."""
    with explain_problems(), use_session() as session:
        principal_id = admit_principal(session, admitted_by=None, name=name, handle=handle)
    console.print(principal_id)


@principal_commands.command(
    "list",
    help=both(
        "Toon alle mensen en programma's met hun rollen.",
        "Show every person and application with their roles.",
    ),
)
def print_principals() -> None:
    """Show every person and application with their roles."""
    with use_session() as session:
        principals = list_principals(session)
        roles: dict[UUID, list[str]] = {one.id: [] for one in principals}
        for grant in list_grants(session):
            roles[grant.principal_id].append(describe_grant(session, grant))
    # The id is never shortened, since other commands need it; the other columns share one cell.
    table = Table(
        Column("id", min_width=36), Column(t("naam, kenmerk, mag", "name, handle, may"), overflow="fold")
    )
    for one in principals:
        lines = [" · ".join(filter(None, (one.name, one.handle)))]
        lines += sorted(roles[one.id]) or [t("beëindigd", "ended") if one.ended_at else t("niets", "nothing")]
        table.add_row(str(one.id), escape("\n".join(lines)))
    console.print(table if principals else t("Er is nog niemand.", "There are no principals yet."))


@principal_commands.command(
    "recognise",
    help=both(
        "Laat een programma toegangstokens van de provider (REGISTER_OIDC_ISSUER) gebruiken, met de "
        "rollen die het heeft.",
        "Let an application call with access tokens of the provider (REGISTER_OIDC_ISSUER), with the "
        "roles that it has.",
    ),
)
def recognise(
    named: PrincipalArgument,
    subject: Annotated[
        str,
        typer.Argument(
            help=both(
                "Het onderwerp (`sub`) van zijn toegangstokens, zoals de provider het geeft.",
                "The subject (`sub`) of its access tokens, as the provider gives it.",
            )
        ),
    ],
) -> None:
    """Let an application call with access tokens of the provider (REGISTER_OIDC_ISSUER), with the roles that it has."""
    issuer = get_settings().oidc_issuer
    if issuer is None:
        raise CannotStart(
            t(
                "Toegangstokens vragen een provider: stel REGISTER_OIDC_ISSUER in.",
                "Access tokens need a provider: set REGISTER_OIDC_ISSUER.",
            )
        )
    with explain_problems(), use_session() as session:
        recognise_machine(
            session,
            by=None,
            principal_id=choose_principal(session, named),
            issuer=issuer,
            subject=subject,
        )


@principal_commands.command(
    "grant",
    help=both(
        "Geef een rol; `keys issue` met het id of kenmerk maakt er een sleutel voor.",
        "Give a role; `keys issue` with the id or handle makes a key for it.",
    ),
)
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


@principal_commands.command(
    "end-grant",
    help=both(
        "Beëindig een rol, en trek de sleutels in die ervoor zijn uitgegeven.",
        "End a role, and revoke the keys that were issued for it.",
    ),
)
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


@principal_commands.command(
    "end",
    help=both(
        "Beëindig een persoon of programma: elke rol eindigt, en elke sleutel wordt ingetrokken.",
        "End a person or application: every role ends, and every key is revoked.",
    ),
)
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
    """A role in words: `redacteur van Gemeente Leiden`."""
    if grant.organisation_id is None:
        return t(f"{name_role(grant.role)} van alles", f"{grant.role} of everything")
    name = get_organisation(session, grant.organisation_id).organisation.name
    return t(f"{name_role(grant.role)} van {name}", f"{grant.role} of {name}")


def name_role(role: Role) -> str:
    """A role by its name for people; commands take it by its code, which is the English one."""
    return f"{ROLE_NAMES[role].nl} ({role})" if current_language() == "nl" else role


def print_revoked(prefixes: Sequence[str]) -> None:
    """Say which keys no longer work."""
    console.print(
        t(f"Ingetrokken sleutels: {', '.join(prefixes)}.", f"Revoked keys: {', '.join(prefixes)}.")
        if prefixes
        else t("Er hing geen sleutel van af.", "No key depended on it."),
        soft_wrap=True,
    )
