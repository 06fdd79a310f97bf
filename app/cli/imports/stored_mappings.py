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
from app.cli.imports.options import Lang
from app.core.i18n import LocalizedText
from app.imports.mapping_storage import delete_saved, get_saved, list_saved
from app.organisations.queries import choose_organisation, list_organisations

mapping_commands = typer.Typer(
    help="Mappings of own headings that organisations stored.", no_args_is_help=True
)

MappingArgument = Annotated[
    UUID, typer.Argument(help="Id of the mapping, as `imports mappings list` shows it.")
]


@mapping_commands.command("list")
def print_mappings(
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner", help="Organisation: id, TOOI code, municipality code or full name; default: all."
        ),
    ] = None,
    lang: Lang = "nl",
) -> None:
    """List mappings by their organisation and name."""
    with explain_problems(lang), use_session() as session:
        names = {one.id: one.organisation.name or "" for one in list_organisations(session)}
        stored = list_saved(session, [choose_organisation(session, owner)] if owner else names)
        # The id is never shortened, since the other commands need it; the other columns share one cell.
        table = Table(
            Column("id", min_width=36),
            Column(
                LocalizedText("naam, eigenaar, gewijzigd (UTC)", "name, owner, changed (UTC)").render(lang),
                overflow="fold",
            ),
        )
        for one in stored:
            moment = one.changed_at.astimezone(UTC)
            table.add_row(str(one.id), escape(f"{one.name}\n{names[one.owner_id]}, {moment:%Y-%m-%d %H:%M}"))
    none = LocalizedText("Er zijn geen opgeslagen koppelingen.", "There are no stored mappings.")
    console.print(table if stored else none.render(lang))


@mapping_commands.command("show")
def show_mapping(mapping_id: MappingArgument, lang: Lang = "nl") -> None:
    """Print a mapping as JSON, as the parameter `mapping` of the API takes it."""
    with explain_problems(lang), use_session() as session:
        document = get_saved(session, mapping_id).document
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@mapping_commands.command("delete")
def delete_mapping(mapping_id: MappingArgument, lang: Lang = "nl") -> None:
    """Delete a mapping. Earlier imports keep the one that they were read with."""
    with explain_problems(lang), use_session() as session:
        stored = get_saved(session, mapping_id)
        name = stored.name
        delete_saved(session, stored, principal_id=None)
    console.print(escape(LocalizedText(f"Verwijderd: {name}", f"Deleted: {name}").render(lang)))
