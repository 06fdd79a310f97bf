"""Options that the import and harvest commands share."""

from typing import Annotated

import typer

from app.core.i18n import Language

OnBehalf = Annotated[
    str | None,
    typer.Option(
        "--as",
        help="Municipality that registers sensors of other owners inside its boundary.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, but change nothing.")]
ValidRows = Annotated[
    bool,
    typer.Option(
        "--valid-rows",
        help="Import the sensors without problems; by default all or none.",
    ),
]
Complete = Annotated[
    bool,
    typer.Option(
        "--complete",
        help="The file or source holds all sensors of the owner: registered sensors that it lacks are ended.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before ending sensors.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the messages: nl or en.")]
