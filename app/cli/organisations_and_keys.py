"""`sensor-register organisations` and `keys`: organisations, and API keys with their roles."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table

from app.access.actions import KEY_LIFETIME, admit_principal, grant_role, issue_key
from app.access.endings import revoke_key
from app.access.principal import SCOPES, Role, Scope, order_scopes
from app.access.queries import KeySummary, find_principal, list_grants, list_keys, list_principals
from app.audit.event_counts import record_read
from app.cli.database import console, use_session
from app.cli.error_messages import errors, explain_problems
from app.cli.language import both, current_language, t
from app.cli.organisation_fields import ORGANISATION_FIELDS
from app.cli.principals import Reason, describe_grant, print_revoked
from app.organisations.actions import (
    amend_organisation,
    end_organisation,
    register_organisation,
    reopen_organisation,
)
from app.organisations.field_parsers import SWITCHES
from app.organisations.queries import choose_organisation, get_organisation, list_organisations
from app.sensors.publication.republish import republish_organisation
from app.vocabularies.queries import load_vocabularies

organisations = typer.Typer(
    help=both(
        "Eigenaren, beheerders en verantwoordelijken van sensoren.",
        "Owners, operators and controllers of sensors.",
    ),
    no_args_is_help=True,
)
keys = typer.Typer(
    help=both("API-sleutels, en wat daarmee mag.", "API keys, and what they allow."), no_args_is_help=True
)

OrganisationArgument = Annotated[
    str,
    typer.Argument(
        help=both(
            "De organisatie: id, TOOI-code, gemeentecode of hele naam.",
            "Organisation: id, TOOI code, municipality code or full name.",
        )
    ),
]
Fields = Annotated[
    list[str],
    typer.Argument(
        metavar=both("VELD=WAARDE...", "FIELD=VALUE..."),
        help=both("Velden, zoals de API ze noemt.", "Fields as the API names them."),
    ),
]


@organisations.command(
    "add",
    epilog=ORGANISATION_FIELDS,
    help=both(
        'Registreer een organisatie: add name="Gemeente Utrecht" organisationType=municipality …',
        'Register an organisation: add name="Gemeente Utrecht" organisationType=municipality …',
    ),
)
def add_organisation(fields: Fields) -> None:
    """Register an organisation: add name="Gemeente Utrecht" organisationType=municipality …"""
    with explain_problems(), use_session() as session:
        organisation_id = register_organisation(session, parse_assignments(fields), principal_id=None)
    console.print(organisation_id)


@organisations.command(
    "edit",
    epilog=ORGANISATION_FIELDS,
    help=both(
        "Wijzig velden van een organisatie; `VELD=` zonder waarde maakt het veld leeg.",
        "Change fields of an organisation; `FIELD=` without a value empties the field.",
    ),
)
def edit_organisation(named: OrganisationArgument, fields: Fields) -> None:
    """Change fields of an organisation; `FIELD=` without a value empties the field."""
    with explain_problems(), use_session() as session:
        amend_organisation(
            session,
            choose_organisation(session, named),
            parse_assignments(fields),
            principal_id=None,
            republish=republish_organisation,
        )


@organisations.command(
    "list",
    help=both(
        "Toon alle organisaties; een ster staat bij een naam die niet openbaar is.",
        "Show all organisations; a star marks those whose name is not public.",
    ),
)
def print_organisations() -> None:
    """Show all organisations; a star marks those whose name is not public."""
    with use_session() as session:
        stored, vocabularies = list_organisations(session), load_vocabularies(session)
    # The id is never shortened, since other commands need it; the other columns share one cell.
    table = Table(
        Column("id", min_width=36),
        Column(t("naam, soort, gemeente", "name, type, municipality"), overflow="fold"),
    )
    for one in stored:
        organisation = one.organisation
        name = f"{organisation.name} *" if organisation.is_nameless else organisation.name
        label = vocabularies.label("organisationType", organisation.organisation_type or "")
        kind = ", ".join(filter(None, (label.render(current_language()), organisation.municipality_code)))
        table.add_row(str(one.id), escape(f"{name or ''}\n{kind}"))
    console.print(table if stored else t("Er zijn nog geen organisaties.", "There are no organisations yet."))


@organisations.command(
    "show",
    help=both(
        "Toon alles van één organisatie, ook wat niet openbaar is.",
        "Show everything of one organisation, private fields included.",
    ),
)
def show_organisation(named: OrganisationArgument) -> None:
    """Show everything of one organisation, private fields included."""
    with explain_problems(), use_session() as session:
        stored = get_organisation(session, choose_organisation(session, named))
        record_read(session, "organisations show", stored.id)
    console.print(f"id={stored.id}", markup=False)
    for wire, value in stored.organisation.model_dump(by_alias=True, exclude_defaults=True).items():
        console.print(f"{wire}={value}", markup=False)


@organisations.command(
    "end",
    help=both(
        "Beëindig een organisatie: elke rol ervoor eindigt, met de sleutels. Haar sensoren blijven zoals ze zijn.",
        "End an organisation: every role for it ends, with its keys. Its sensors stay as they are.",
    ),
)
def end(named: OrganisationArgument, reason: Reason) -> None:
    """End an organisation: every role for it ends, with its keys. Its sensors stay as they are."""
    with explain_problems(), use_session() as session:
        prefixes = end_organisation(
            session,
            choose_organisation(session, named),
            principal_id=None,
            now=datetime.now(UTC),
            reason=reason,
        )
    print_revoked(prefixes)


@organisations.command(
    "reopen",
    help=both(
        "Neem terug dat een organisatie is beëindigd. Rollen en sleutels blijven beëindigd: geef nieuwe sleutels uit.",
        "Take back that an organisation ended. Its roles and keys stay ended: issue new keys.",
    ),
)
def reopen(named: OrganisationArgument, reason: Reason) -> None:
    """Take back that an organisation ended. Its roles and keys stay ended: issue new keys."""
    with explain_problems(), use_session() as session:
        reopen_organisation(session, choose_organisation(session, named), principal_id=None, reason=reason)


@keys.command(
    "issue",
    help=both(
        """Geef een API-sleutel uit voor één rol, en toon die één keer. Een naam laat een nieuwe houder toe, ook als een
        ander zo heet.

        Bijvoorbeeld: sensor-register keys issue "Meetnet Leiden" --organisation GM0546 --scopes register,import
        """,
        """Issue an API key for one role, and print it once. A name admits a new holder, also where another has it.

        For example: sensor-register keys issue "Leiden feed" --organisation GM0546 --scopes register,import
        """,
    ),
)
def issue(
    holder: Annotated[
        str,
        typer.Argument(
            help=both(
                "Houder van de sleutel: id of kenmerk van wie er al is (zie `principals list`), of de "
                "naam van een nieuwe.",
                "Holder of the key: the id or handle of a principal (see `principals list`), or the name of a new one.",
            )
        ),
    ],
    role: Annotated[Role, typer.Option(help=both("Rol van de sleutel.", "Role of the key."))] = "editor",
    organisation: Annotated[
        str | None,
        typer.Option(
            help=both(
                "Organisatie waarvoor de sleutel werkt; zonder organisatie werkt een controleur of "
                "beheerder voor alle.",
                "Organisation that the key acts for; without it an auditor or administrator acts for all.",
            )
        ),
    ] = None,
    days: Annotated[
        int,
        typer.Option(
            help=both("Aantal dagen dat de sleutel geldt.", "Number of days that the key is valid."),
            min=1,
            max=3650,
        ),
    ] = KEY_LIFETIME.days,
    scopes: Annotated[
        str,
        typer.Option(
            help=both(
                "Gebruik van de sleutel, met komma's: read (besloten gegevens lezen), register "
                "(registreren en wijzigen), "
                "import (bestanden).",
                "Use of the key, with commas: read (private data), register (and change), import (files).",
            )
        ),
    ] = ",".join(SCOPES),
) -> None:
    """Issue an API key for one role, and print it once. A name admits a new holder, also where another has it."""
    chosen = parse_scopes(scopes)
    with explain_problems(), use_session() as session:
        organisation_id = choose_organisation(session, organisation) if organisation else None
        principal_id = find_principal(session, holder)
        if principal_id is None:
            namesakes = list_principals(session, holder)
            principal_id = admit_principal(session, admitted_by=None, name=holder)
            _explain_new_holder(holder, principal_id, [one.id for one in namesakes])
        grant_id = grant_role(
            session,
            granted_by=None,
            principal_id=principal_id,
            role=role,
            organisation_id=organisation_id,
        )
        key = issue_key(
            session,
            issued_by=None,
            principal_id=principal_id,
            now=datetime.now(UTC),
            lifetime=timedelta(days=days),
            grant_id=grant_id,
            scopes=chosen,
        )
    errors.print(
        t(
            f"Tot {key.expires_at:%Y-%m-%d}. Bewaar hem nu: hij is niet nog eens te zien.",
            f"Until {key.expires_at:%Y-%m-%d}. Keep it now: it cannot be shown again.",
        )
    )
    console.print(key.token, markup=False, soft_wrap=True)


@keys.command(
    "list",
    help=both(
        "Toon alle sleutels: het openbare deel, de houder, de rollen en of ze gelden.",
        "Show all keys: their public part, holder, roles and state.",
    ),
)
def print_keys() -> None:
    """Show all keys: their public part, holder, roles and state."""
    now = datetime.now(UTC)
    with use_session() as session:
        issued = list_keys(session)
        roles = {
            key.id: sorted(
                describe_grant(session, grant)
                for grant in list_grants(session, [key.principal_id])
                if key.grant_id in (grant.id, None)
            )
            for key in issued
        }
    table = Table(
        t("sleutel", "key"),
        t("houder", "holder"),
        t("mag", "may"),
        t("verloopt", "expires"),
        t("laatst gebruikt", "last used"),
        t("toestand", "state"),
    )
    for key in issued:
        table.add_row(
            key.prefix,
            escape(key.principal_name),
            escape(", ".join(roles[key.id]) + describe_scopes(key)),
            f"{key.expires_at:%Y-%m-%d}",
            str(key.last_used_on or t("nooit", "never")),
            describe_state(key, now),
        )
    console.print(table if issued else t("Er zijn nog geen sleutels.", "There are no keys yet."))


@keys.command(
    "revoke",
    help=both(
        "Trek een sleutel in; hij werkt meteen niet meer.", "Revoke a key; it stops working immediately."
    ),
)
def revoke(
    prefix: Annotated[
        str,
        typer.Argument(
            help=both(
                "Openbaar deel van de sleutel, zoals `keys list` het toont: de tekens na srk_.",
                "Public part of the key, as `keys list` shows it: the characters after srk_.",
            )
        ),
    ],
) -> None:
    """Revoke a key; it stops working immediately."""
    with explain_problems(), use_session() as session:
        revoke_key(session, revoked_by=None, prefix=prefix, now=datetime.now(UTC))


def parse_assignments(fields: list[str]) -> dict[str, object]:
    """The fields of `name=value` words; true and false are what they say where a field is a switch.

    Raises: BadParameter for a word without `=`.
    """
    given: dict[str, object] = {}
    for word in fields:
        name, separator, value = word.partition("=")
        if not separator:
            raise typer.BadParameter(t(f"{word!r} is geen VELD=WAARDE", f"{word!r} is not FIELD=VALUE"))
        switched = {"true": True, "false": False}.get(value, value) if name in SWITCHES else value
        given[name] = switched if value else None
    return given


def parse_scopes(given: str) -> list[Scope]:
    """The scopes of a text with commas. Raises: BadParameter for any other word, or none."""
    words = {word.strip() for word in given.split(",")}
    if not words <= set(SCOPES):
        raise typer.BadParameter(
            t(
                f"{given!r}: noem er een of meer van {', '.join(SCOPES)}, met komma's",
                f"{given!r}: name one or more of {', '.join(SCOPES)}, with commas",
            )
        )
    return [scope for scope in SCOPES if scope in words]


def describe_scopes(key: KeySummary) -> str:
    """The use that a key allows, in words after its roles; empty where it allows every use."""
    return (
        "" if key.scopes == set(SCOPES) else f"; {t('alleen', 'only')} {', '.join(order_scopes(key.scopes))}"
    )


def describe_state(key: KeySummary, now: datetime) -> str:
    """State of a key: valid, expired or revoked."""
    if key.revoked_at is not None:
        return t("ingetrokken", "revoked")
    return t("verlopen", "expired") if key.expires_at <= now else t("geldig", "valid")


def _explain_new_holder(name: str, principal_id: UUID, namesakes: list[UUID]) -> None:
    errors.print(
        t(f"{name} is een nieuwe houder, {principal_id}.", f"{name} is a new holder, {principal_id}."),
        markup=False,
        soft_wrap=True,
    )
    if namesakes:
        others = ", ".join(map(str, namesakes))
        errors.print(
            t(
                f"Anderen heten ook zo: {others}. Moet een van hen een sleutel erbij krijgen? Noem dan het id.",
                f"Others have this name too: {others}. To give one of them another key, give the id "
                f"instead of the name.",
            ),
            markup=False,
            soft_wrap=True,
        )
