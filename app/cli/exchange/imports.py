"""`sensor-register imports`: what was imported, and taking an import back."""

from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy import select

from app.bootstrap.places import GRID
from app.cli.database import console, use_session
from app.cli.exchange.acting import act_for
from app.cli.problems import explain_problems
from app.core.errors import Conflict, NotFound
from app.core.language import Text
from app.core.settings import get_settings
from app.exchange.actions import STATUSES
from app.exchange.keeping import end_import
from app.exchange.models import SensorImport
from app.sensors.bulk import undo_import
from app.spatial.crs import add_grid

commands = typer.Typer(help="Files of sensors that were imported.", no_args_is_help=True)


@commands.command("list")
def print_imports(
    most: Annotated[int, typer.Option("--most", help="How many, newest first.", min=1)] = 20,
) -> None:
    """Show the newest imports, from the command line and by the API."""
    with use_session() as session:
        kept = session.scalars(select(SensorImport).order_by(SensorImport.id.desc()).limit(most)).all()
    # Whole on the narrowest screen: it is what other commands ask for.
    table = Table(
        Column("id", min_width=36),
        "when (UTC)",
        "file",
        "status",
        "new",
        "changed",
        "unchanged",
        "refused",
        "ended",
    )
    for one in kept:
        counts = (one.report or {}).get("counts", {})
        numbers = (counts.get(name) for name in ("new", "changed", "unchanged", "refused", "ended"))
        table.add_row(
            str(one.id),
            f"{one.created_at:%Y-%m-%d %H:%M}",
            escape(one.file_name),
            STATUSES[one.status].en,
            *("" if number is None else f"{number:,}" for number in numbers),
        )
    console.print(table if kept else "Nothing has been imported yet.")


@commands.command("undo")
def undo(
    import_id: Annotated[UUID, typer.Argument(help="The id that `imports list` shows.")],
) -> None:
    """Take a whole import back, as long as nothing of it has changed since."""
    add_grid(GRID)
    with explain_problems(), use_session() as session:
        kept = session.get(SensorImport, import_id, with_for_update={"key_share": True})
        if kept is None:
            raise NotFound(
                Text("Deze import is hier niet bekend.", "This import is not known: see `imports list`.")
            )
        if kept.status != "applied":
            state = STATUSES[kept.status]
            raise Conflict(
                Text(
                    f"Deze import is niet toegepast, maar {state.nl}.",
                    f"This import is not applied, but {state.en}.",
                )
            )
        ask = act_for(session, get_settings(), *([kept.owner_id] if kept.owner_id else []))
        undone = undo_import(session, ask, import_id)
        end_import(session, import_id, "undone")
    console.print(f"Undone: {undone.withdrawn:,} withdrawn, {undone.restored:,} as they were before.")
