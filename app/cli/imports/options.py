"""Options that the commands of taking in share."""

from typing import Annotated

import typer

from app.core.i18n import Language

OnBehalf = Annotated[
    str | None,
    typer.Option("--as", help="The municipality that enters them, for owners inside its boundary."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")]
ValidRows = Annotated[
    bool, typer.Option("--valid-rows", help="Take the sensors without problems; without this, all or none.")
]
Complete = Annotated[
    bool, typer.Option("--complete", help="This is all the owner has: what it lacks is ended.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before ending sensors.")]
Lang = Annotated[Language, typer.Option("--lang", help="The language of what is said.")]
