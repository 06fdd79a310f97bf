"""`sensor-register imports`: what was imported, and taking an import back."""

from collections.abc import Iterator
from datetime import UTC
from typing import Annotated, Final
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy import select

from app.bootstrap.paths import GRID
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.cli.imports.options import Lang
from app.cli.imports.principal import act_for
from app.core.errors import Conflict, NotFound
from app.core.i18n import Language, LocalizedText
from app.core.settings import get_settings
from app.imports.actions import STATUSES
from app.imports.report_storage import end_import
from app.imports.tables import SensorImport
from app.sensors.bulk import revert_import
from app.spatial.crs import add_grid

_COUNTS: Final = {
    "new": LocalizedText("nieuw", "new"),
    "changed": LocalizedText("gewijzigd", "changed"),
    "unchanged": LocalizedText("ongewijzigd", "unchanged"),
    "refused": LocalizedText("geweigerd", "refused"),
    "ended": LocalizedText("beëindigd", "ended"),
}

import_commands = typer.Typer(help="Files of sensors that were imported.", no_args_is_help=True)


@import_commands.command("list")
def print_imports(
    most: Annotated[int, typer.Option("--most", help="How many, newest first.", min=1)] = 20,
    lang: Lang = "nl",
) -> None:
    """Show the newest imports, from the command line and by the API."""
    with use_session() as session:
        kept = session.scalars(select(SensorImport).order_by(SensorImport.id.desc()).limit(most)).all()
    if not kept:
        console.print(
            LocalizedText("Er is nog niets geïmporteerd.", "Nothing has been imported yet.").render(lang)
        )
        return
    # The id whole on the narrowest screen, for other commands ask for it; the rest below each other beside it.
    table = Table(
        Column("id", min_width=36),
        Column(
            LocalizedText("bestand, wanneer (UTC), stand", "file, when (UTC), status").render(lang),
            overflow="fold",
        ),
    )
    for one in kept:
        table.add_row(str(one.id), escape("\n".join(_describe(one, lang))))
    console.print(table)


def _describe(kept: SensorImport, language: Language) -> Iterator[str]:
    yield kept.file_name
    yield f"{kept.created_at.astimezone(UTC):%Y-%m-%d %H:%M}, {STATUSES[kept.status].render(language)}"
    counts = (kept.report or {}).get("counts", {})
    found = (
        f"{counts[name]:,} {word.render(language)}" for name, word in _COUNTS.items() if counts.get(name)
    )
    if line := ", ".join(found):
        yield line


@import_commands.command("undo")
def undo(
    import_id: Annotated[UUID, typer.Argument(help="The id that `imports list` shows.")],
    lang: Lang = "nl",
) -> None:
    """Take a whole import back, as long as nothing of it has changed since."""
    add_grid(GRID)
    with explain_problems(lang), use_session() as session:
        kept = session.get(SensorImport, import_id, with_for_update={"key_share": True})
        if kept is None:
            raise NotFound(
                LocalizedText(
                    "Deze import is niet bekend: zie `imports list`.",
                    "This import is not known: see `imports list`.",
                )
            )
        if kept.status != "applied":
            state = STATUSES[kept.status]
            raise Conflict(
                LocalizedText(
                    f"Deze import is niet toegepast, maar {state.nl}.",
                    f"This import is not applied, but {state.en}.",
                )
            )
        ask = act_for(session, get_settings(), *([kept.owner_id] if kept.owner_id else []))
        undone = revert_import(session, ask, import_id)
        end_import(session, import_id, "undone")
    said = LocalizedText(
        f"Ongedaan gemaakt: {undone.withdrawn:,} ingetrokken, {undone.restored:,} weer zoals het was.",
        f"Undone: {undone.withdrawn:,} withdrawn, {undone.restored:,} as they were before.",
    )
    console.print(said.render(lang))
