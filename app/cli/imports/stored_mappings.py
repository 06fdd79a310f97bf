"""`sensor-register imports mappings`: list, show and delete the mappings that organisations stored."""

import json
from datetime import UTC
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table

from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.cli.language import both, t
from app.imports.mapping_storage import delete_saved, get_saved, list_saved
from app.organisations.queries import choose_organisation, list_organisations

mapping_commands = typer.Typer(
    help=both(
        "Koppelingen van eigen kolomkoppen die organisaties bewaarden.",
        "Mappings of own headings that organisations stored.",
    ),
    no_args_is_help=True,
)

MappingArgument = Annotated[
    UUID,
    typer.Argument(
        help=both(
            "Id van de koppeling, zoals `imports mappings list` het toont.",
            "Id of the mapping, as `imports mappings list` shows it.",
        )
    ),
]


@mapping_commands.command(
    "list",
    help=both(
        "Toon de koppelingen per organisatie en naam.", "List mappings by their organisation and name."
    ),
)
def print_mappings(
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            help=both(
                "Organisatie: id, TOOI-code, gemeentecode of volledige naam; anders alle.",
                "Organisation: id, TOOI code, municipality code or full name; default: all.",
            ),
        ),
    ] = None,
) -> None:
    """List mappings by their organisation and name."""
    with explain_problems(), use_session() as session:
        names = {one.id: one.organisation.name or "" for one in list_organisations(session)}
        stored = list_saved(session, [choose_organisation(session, owner)] if owner else names)
        # The id is never shortened, since the other commands need it; the other columns share one cell.
        table = Table(
            Column("id", min_width=36),
            Column(t("naam, eigenaar, gewijzigd (UTC)", "name, owner, changed (UTC)"), overflow="fold"),
        )
        for one in stored:
            moment = one.changed_at.astimezone(UTC)
            table.add_row(str(one.id), escape(f"{one.name}\n{names[one.owner_id]}, {moment:%Y-%m-%d %H:%M}"))
    console.print(
        table if stored else t("Er zijn geen opgeslagen koppelingen.", "There are no stored mappings.")
    )


@mapping_commands.command(
    "show",
    help=both(
        "Toon een koppeling als JSON, zoals de parameter `mapping` van de API die leest.",
        "Print a mapping as JSON, as the parameter `mapping` of the API takes it.",
    ),
)
def show_mapping(mapping_id: MappingArgument) -> None:
    """Print a mapping as JSON, as the parameter `mapping` of the API takes it."""
    with explain_problems(), use_session() as session:
        document = get_saved(session, mapping_id).document
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@mapping_commands.command(
    "delete",
    help=both(
        "Verwijder een koppeling. Eerdere imports houden die waarmee ze gelezen zijn.",
        "Delete a mapping. Earlier imports keep the one that they were read with.",
    ),
)
def delete_mapping(mapping_id: MappingArgument) -> None:
    """Delete a mapping. Earlier imports keep the one that they were read with."""
    with explain_problems(), use_session() as session:
        stored = get_saved(session, mapping_id)
        name = stored.name
        delete_saved(session, stored, principal_id=None)
    console.print(escape(t(f"Verwijderd: {name}", f"Deleted: {name}")))
