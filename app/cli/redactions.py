"""`sensor-register sensors`: taking sensors, versions and undone imports out of the public history."""

from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from app.bootstrap.paths import GRID
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.cli.imports.principal import act_for
from app.cli.language import both, t
from app.cli.principals import Reason
from app.core.errors import NotFound
from app.core.settings import get_settings
from app.sensors.registration.queries import SENSOR_UNKNOWN, find_sensor
from app.sensors.registration.redaction import Redacted, redact_sensor, redact_undone_import
from app.spatial.crs import add_grid

sensor_commands = typer.Typer(
    help=both(
        "Sensoren: tonen, en uit de openbare geschiedenis halen.",
        "Sensors: show them, and take them out of the public history.",
    ),
    no_args_is_help=True,
)

SensorArgument = Annotated[
    str,
    typer.Argument(metavar="SENSOR", help=both("Registratienummer of id.", "Its registration number or id.")),
]
VersionOption = Annotated[
    int | None,
    typer.Option(
        help=both(
            "Nummer van één versie; zonder nummer de hele sensor.",
            "Number of one version; without it the sensor as a whole.",
        ),
        min=1,
    ),
]
ImportArgument = Annotated[
    UUID,
    typer.Argument(
        help=both(
            "Id van de import, zoals `imports list` het toont.",
            "Id of the import, as `imports list` shows it.",
        )
    ),
]
EraseOption = Annotated[
    bool,
    typer.Option(
        "--erase",
        help=both(
            "Wis de inhoud ook uit het register. Dit is niet terug te draaien.",
            "Erase the content from the register too. This cannot be taken back.",
        ),
    ),
]


@sensor_commands.command(
    "redact",
    help=both(
        "Verberg een sensor, of één versie ervan, voor het publiek en uit de openbare geschiedenis.",
        "Hide a sensor, or one version of it, from the public and its history.",
    ),
)
def redact(
    named: SensorArgument, *, reason: Reason, version: VersionOption = None, erase: EraseOption = False
) -> None:
    """Hide a sensor, or one version of it, from the public and its history."""
    add_grid(GRID)
    with explain_problems(), use_session() as session:
        sensor_id = _choose_sensor(session, named)
        context = act_for(session, get_settings())
        redacted = redact_sensor(session, context, sensor_id, reason=reason, number=version, erase=erase)
    _print(redacted, erase=erase)


@sensor_commands.command(
    "redact-import",
    help=both(
        "Verberg alles wat een import publiceerde voordat die werd teruggedraaid.",
        "Hide everything that an import published before it was undone.",
    ),
)
def redact_import(import_id: ImportArgument, *, reason: Reason, erase: EraseOption = False) -> None:
    """Hide everything that an import published before it was undone."""
    add_grid(GRID)
    with explain_problems(), use_session() as session:
        context = act_for(session, get_settings())
        redacted = redact_undone_import(session, context, import_id, reason=reason, erase=erase)
    _print(redacted, erase=erase)


def _choose_sensor(session: Session, named: str) -> UUID:
    found = find_sensor(session, named)
    if found is None:
        raise NotFound(SENSOR_UNKNOWN)
    return found


def _print(redacted: Redacted, *, erase: bool) -> None:
    done = t("Gewist", "Erased") if erase else t("Verborgen", "Hidden")
    console.print(
        t(
            f"{done}: {redacted.versions} versies van {redacted.sensors} sensoren.",
            f"{done}: {redacted.versions} versions of {redacted.sensors} sensors.",
        )
    )
    if erase:
        console.print(
            t(
                "Back-ups, eerdere dumps en geüploade bestanden hebben de inhoud nog; `sensor-register "
                "upkeep` verwijdert "
                "bestanden van oude imports.",
                "Backups, dumps that were made, and files that were uploaded still have the content; "
                "`sensor-register upkeep` deletes uploads of old imports.",
            )
        )
