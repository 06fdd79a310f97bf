"""Options that the import and harvest commands share."""

from typing import Annotated

import typer

from app.cli.language import both

OnBehalf = Annotated[
    str | None,
    typer.Option(
        "--as",
        help=both(
            "De gemeente die sensoren van anderen binnen haar grens registreert.",
            "Municipality that registers sensors of other owners inside its boundary.",
        ),
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help=both("Controleer alles, maar wijzig niets.", "Check everything, but change nothing."),
    ),
]
ValidRows = Annotated[
    bool,
    typer.Option(
        "--valid-rows",
        help=both(
            "Importeer de sensoren zonder fouten; anders alle of geen.",
            "Import the sensors without problems; by default all or none.",
        ),
    ),
]
Complete = Annotated[
    bool,
    typer.Option(
        "--complete",
        help=both(
            "Het bestand of de bron heeft alle sensoren van de eigenaar: wat ontbreekt, wordt beëindigd.",
            "The file or source holds all sensors of the owner: registered sensors that it lacks are ended.",
        ),
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        help=both("Vraag niet of er sensoren mogen worden beëindigd.", "Do not ask before ending sensors."),
    ),
]
