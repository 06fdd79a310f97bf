"""`sensor-register imports`: list imports, and undo one."""

from collections.abc import Iterator
from datetime import UTC
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table

from app.bootstrap.paths import GRID
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.cli.imports.principal import act_for
from app.cli.imports.stored_mappings import mapping_commands
from app.cli.language import both, current_language
from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.core.settings import get_settings
from app.imports.actions import lock_applied_import
from app.imports.queries import ImportSummary, list_newest_imports
from app.imports.report import COUNT_LABELS
from app.imports.report_storage import end_import
from app.sensors.bulk import revert_import
from app.spatial.crs import add_grid

import_commands = typer.Typer(
    help=both("Toon imports, en draai er een terug.", "List imports, and undo one."), no_args_is_help=True
)
import_commands.add_typer(mapping_commands, name="mappings")


@import_commands.command(
    "list",
    help=both(
        "Toon de nieuwste imports eerst, van de opdrachtregel en de API.",
        "List the newest imports first, from the command line and the API.",
    ),
)
def print_imports(
    most: Annotated[
        int,
        typer.Option(
            "--most", help=both("Hoeveel imports hoogstens.", "Maximum number of imports to show."), min=1
        ),
    ] = 20,
) -> None:
    """List the newest imports first, from the command line and the API."""
    lang = current_language()
    with use_session() as session:
        imports = list_newest_imports(session, most)
    if not imports:
        console.print(
            LocalizedText("Er is nog niets geïmporteerd.", "Nothing has been imported yet.").render(lang)
        )
        return
    # The id is never shortened, since `imports undo` needs it; the other columns share one cell.
    table = Table(
        Column("id", min_width=36),
        Column(
            LocalizedText("bestand, tijdstip (UTC), status", "file, time (UTC), status").render(lang),
            overflow="fold",
        ),
    )
    for summary in imports:
        table.add_row(str(summary.id), escape("\n".join(_format_summary(summary, lang))))
    console.print(table)


def _format_summary(summary: ImportSummary, language: Language) -> Iterator[str]:
    yield summary.file_name
    yield f"{summary.created_at.astimezone(UTC):%Y-%m-%d %H:%M}, {summary.status.render(language)}"
    counts = (
        f"{format_number(number, language)} {word.render(language)}"
        for name, word in COUNT_LABELS.items()
        if (number := summary.counts.get(name))
    )
    if line := ", ".join(counts):
        yield line


@import_commands.command(
    "undo",
    help=both(
        "Draai een hele import terug, als geen van de sensoren daarna is gewijzigd. Nieuwe sensoren "
        "worden ingetrokken; gewijzigde en beëindigde krijgen hun vorige inhoud terug.",
        "Undo a whole import, if none of its sensors has changed since. New sensors are withdrawn; "
        "changed and ended sensors get their former content.",
    ),
)
def undo(
    import_id: Annotated[
        UUID,
        typer.Argument(
            help=both(
                "Id van de import, zoals `imports list` het toont.",
                "Id of the import, as `imports list` shows it.",
            )
        ),
    ],
) -> None:
    """Undo a whole import, if none of its sensors has changed since.

    New sensors are withdrawn; changed and ended sensors get their former content.
    """
    add_grid(GRID)
    lang = current_language()
    with explain_problems(lang), use_session() as session:
        owner_id = lock_applied_import(session, import_id)
        context = act_for(session, get_settings(), *([owner_id] if owner_id else []))
        undone = revert_import(session, context, import_id)
        end_import(session, import_id, "undone")
    withdrawn, restored = format_number(undone.withdrawn, lang), format_number(undone.restored, lang)
    outcome = LocalizedText(
        f"Ongedaan gemaakt: {withdrawn} ingetrokken, {restored} teruggezet.",
        f"Undone: {withdrawn} withdrawn, {restored} restored.",
    )
    console.print(outcome.render(lang))
