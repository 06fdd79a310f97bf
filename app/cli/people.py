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
from app.cli.language import both, t
from app.cli.principals import name_role
from app.core.i18n import Language
from app.core.settings import get_settings
from app.mail.server import MailServer
from app.organisations.queries import choose_organisation, find_language, name_organisation
from app.website.account.invitation_mail import post_invitation, write_invitation_address

people_commands = typer.Typer(
    help=both(
        "Mensen die met een browser inloggen: de eerste beheerder, en iedereen daarna.",
        "Persons who sign in with a browser: the first administrator, and everybody after.",
    ),
    no_args_is_help=True,
)


@people_commands.command(
    "invite",
    help=both(
        """Stuur één persoon een link per mail, om één keer en binnen twee weken mee in te loggen en de rol te krijgen.

        Zonder mailserver (REGISTER_MAIL_HOST) komt de link op het scherm. Stuur die alleen aan deze persoon: wie hem
        het eerst opent en inlogt, heeft de rol.

        Bijvoorbeeld de eerste beheerder: sensor-register people invite "Noor de Vries" noor@leiden.nl administrator
        """,
        """Send a link by mail by which one person, once and within two weeks, signs in and gets the role.

        Without a mail server (REGISTER_MAIL_HOST) the link is printed. Send it to that person alone: who opens it first
        and signs in, has the role.

        For example, the first administrator: sensor-register people invite "Noor de Vries" noor@leiden.nl administrator
        """,
    ),
)
def invite(  # noqa: PLR0913 - whom, for what and how
    name: Annotated[
        str,
        typer.Argument(
            help=both("Naam van de persoon, zoals anderen die zien.", "Name of the person, as others see it.")
        ),
    ],
    email: Annotated[
        str,
        typer.Argument(
            help=both(
                "Mailadres van het werk; de uitnodiging is voor dit adres.",
                "Work address of the person; the invitation is for it.",
            )
        ),
    ],
    role: Annotated[Role, typer.Argument(help=both("De rol die u aanbiedt.", "The role that is offered."))],
    organisation: Annotated[
        str | None,
        typer.Option(
            help=both(
                "De organisatie van de rol: id, naam of code; zonder organisatie een controleur of "
                "beheerder van alles.",
                "The organisation of the role, by id, name or code; without it, an auditor or "
                "administrator of everything.",
            )
        ),
    ] = None,
    *,
    by_link: Annotated[
        bool,
        typer.Option(
            "--by-link",
            help=both(
                "Laat de persoon inloggen met links per mail aan dit adres, naast de provider.",
                "Let the person sign in by links in a mail to this address, beside the provider.",
            ),
        ),
    ] = False,
    lang: Annotated[
        Language | None,
        typer.Option(
            help=both(
                "Taal van de mail en van de meldingen; anders krijgt de mail de taal van de organisatie.",
                "Language of the mail and of the messages; by default the mail is in the organisation's.",
            )
        ),
    ] = None,
) -> None:
    """Invite a person, by mail or by a link that is printed. Raises: CannotStart."""
    now, settings = datetime.now(UTC), get_settings()
    server = MailServer.of_settings(settings)
    if by_link and server is None:
        raise CannotStart(
            t(
                "--by-link vraagt een mailserver: stel REGISTER_MAIL_HOST in.",
                "--by-link needs a mail server: set REGISTER_MAIL_HOST.",
            )
        )
    site = settings.public_url.rstrip("/")
    with explain_problems(), use_session() as session:
        organisation_id = choose_organisation(session, organisation) if organisation else None
        language = lang or find_language(session, [organisation_id] if organisation_id else []) or "nl"
        secret = invite_person(
            session,
            invited_by=None,
            name=name,
            email=email,
            role=role,
            organisation_id=organisation_id,
            now=now,
            by_link=by_link,
            language=language,
        )
        address = write_invitation_address(site, secret, language)
        if server is not None:
            post_invitation(session, secret, site=site, now=now)
    if server is None:
        console.print(address, soft_wrap=True, markup=False)
    else:
        console.print(
            t(
                f"De uitnodiging gaat per mail naar {email}. `sensor-register mail list` toont haar tot "
                f"zij is verstuurd.",
                f"The invitation goes by mail to {email}. `sensor-register mail list` shows it until it is sent.",
            ),
            soft_wrap=True,
            markup=False,
        )


@people_commands.command(
    "invitations",
    help=both(
        "Toon de uitnodigingen die nog niemand heeft aangenomen.",
        "Show the invitations that no one has accepted yet.",
    ),
)
def print_invitations() -> None:
    """Show the invitations that no one has accepted yet."""
    with use_session() as session:
        found = list_invitations(session, None, datetime.now(UTC))
        rows = [
            (
                f"{one.name} · {one.email}",
                name_role(one.role),
                name_scope(session, one.organisation_id),
                f"{one.expires_at:%Y-%m-%d}",
            )
            for one in found
        ]
    table = Table(
        t("persoon", "person"),
        t("rol", "role"),
        Column(t("voor", "for"), overflow="fold"),
        t("tot", "until"),
    )
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print(table if rows else t("Er staan geen uitnodigingen open.", "There are no open invitations."))


def name_scope(session: Session, organisation_id: UUID | None) -> str:
    """The organisation of a role by its name, or its id where it has none; or everything."""
    if organisation_id is None:
        return t("alles", "everything")
    return name_organisation(session, organisation_id)
