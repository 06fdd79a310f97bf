"""The command line: its commands, and how their errors are reported."""

import signal
import sys
from types import FrameType
from typing import Annotated

import typer
from pydantic import ValidationError

from app.bootstrap.cannot_start import CannotStart
from app.cli import (
    database,
    mail,
    municipalities,
    openapi_document,
    organisations_and_keys,
    people,
    principals,
    privacy,
    serve,
)
from app.cli.exports import sensors
from app.cli.exports.dump import dump
from app.cli.exports.export import export
from app.cli.imports import list_imports
from app.cli.imports.harvest import harvest
from app.cli.imports.import_file import import_file
from app.cli.job_worker import work
from app.cli.language import both, current_language, t
from app.cli.localised_commands import LocalisedGroup, translate_words
from app.cli.seeding.command import seed
from app.core.collector import settle_collector
from app.core.errors import RegisterError
from app.core.i18n import Language
from app.core.settings import Settings

Lang = Annotated[
    Language,
    typer.Option(
        help=both(
            "Taal van uitleg, meldingen en tabellen; mag ook achter de opdracht staan.",
            "Language of help, messages and tables; it may also follow the command.",
        )
    ),
]

app = typer.Typer(
    cls=LocalisedGroup,
    help=both("Het register van sensoren in de openbare ruimte.", "The register of sensors in public space."),
    epilog=both(
        "Instellingen komen uit de omgeving (REGISTER_…); docs/operations.md noemt ze. Elke opdracht "
        "eindigt met 0 als het "
        "goed ging, 1 als iets is geweigerd, 2 als de opdracht niet klopt.",
        "Settings come from the environment (REGISTER_…); docs/operations.md lists them. Each command "
        "ends with 0 where all "
        "went well, 1 where something was refused, 2 where the command is wrong.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def begin(*, lang: Lang = "nl") -> None:
    """Take the options of every command; `LocalisedGroup` has read the language already."""


app.command(
    "serve",
    help=both(
        """Open het register, tot Ctrl-C.

        Zonder REGISTER_DATABASE_URL start het een eigen database in .local/, en stopt die aan het eind.
        """,
        """Serve the register until Ctrl-C.

        Without REGISTER_DATABASE_URL it starts a private database in .local/, and stops it at the end.
        """,
    ),
)(serve.serve)
app.command(
    "work",
    help=both(
        """Doe het werk dat wacht, zoals imports, en verstuur mail, tot Ctrl-C.

        `sensor-register serve` doet dit zelf, tenzij REGISTER_JOB_WORKER `separate` is. Er mogen er meer tegelijk
        draaien, op elke machine die bij de database kan.
        """,
        """Run the jobs of the register, such as imports, and send its mail, until Ctrl-C.

        `sensor-register serve` runs them itself, unless REGISTER_JOB_WORKER is `separate`. Any number of workers may
        run, on any machine that reaches the database.
        """,
    ),
)(work)
app.command(
    "migrate",
    help=both(
        "Werk de database bij naar het nieuwste schema; het kan opnieuw.",
        "Update the database to the newest schema; it can be repeated.",
    ),
)(database.migrate)
app.command(
    "seed",
    help=both(
        "Voeg de weerstations van het KNMI en voorbeelden toe; een tweede keer komt er niets bij.",
        "Add the weather stations of the KNMI and example sensors; repeating it adds nothing.",
    ),
)(seed)
app.command(
    "upkeep",
    help=both(
        """Sorteer de gepubliceerde sensoren op plaats, en werk de groepen van de kaart bij tot vandaag.

        Doe dit 's nachts: lezen wacht zolang. Het verwijdert ook bestanden van oude imports, beëindigde sessies met de
        namen van hun browsers, tellingen van limieten, verzoeken om mee te doen, adressen van melders, en wat er een
        maand geleden van mail werd.
        """,
        """Sort the published sensors by location, and update the clusters of the map to today.

        Run it at night: reading waits meanwhile. It also deletes uploaded files of old imports, ended sessions with the
        names of their browsers, counts of rate limits, requests to join, addresses of reporters, and what became of
        mail a month ago.
        """,
    ),
)(database.keep_up)
app.add_typer(municipalities.municipality_commands, name="municipalities")
app.add_typer(organisations_and_keys.organisations, name="organisations")
app.add_typer(mail.mail_commands, name="mail")
app.add_typer(people.people_commands, name="people")
app.add_typer(principals.principal_commands, name="principals")
app.add_typer(privacy.privacy_commands, name="privacy")
app.add_typer(organisations_and_keys.keys, name="keys")
app.add_typer(sensors.sensor_commands, name="sensors")
app.command(
    "import",
    help=both(
        """Importeer een bestand met sensoren. Een sensor wordt herkend aan eigenaar en referentie, dus een bestand
        mag vaker worden geïmporteerd.

        Bijvoorbeeld: sensor-register import sensoren.xlsx --owner GM0363 --dry-run

        Eindigt met 0 als elke rij klopt, 1 als rijen zijn geweigerd, 2 als de opdracht niet klopt.
        """,
        """Import a file of sensors. A sensor is recognised by its owner and reference, so a file can be imported again.

        For example: sensor-register import sensors.xlsx --owner GM0363 --dry-run

        Exit code: 0 where every row is valid, 1 where rows are refused, 2 where the command is wrong.
        """,
    ),
)(import_file)
app.add_typer(list_imports.import_commands, name="imports")
app.command(
    "export",
    help=both(
        """Schrijf sensoren naar een bestand: een openbare vraag of, met --registrations, alles wat een organisatie
        heeft geregistreerd.

        Bijvoorbeeld: sensor-register export --municipality Utrecht --output utrecht.gpkg

        Eindigt met 0 als het bestand er is, 1 als er iets mis is, 2 als de opdracht niet klopt.
        """,
        """Write sensors to a file: a public search or, with --registrations, all registered sensors of an organisation.

        For example: sensor-register export --municipality Utrecht --output utrecht.gpkg

        Exit code: 0 where the file is written, 1 where something is wrong, 2 where the command is wrong.
        """,
    ),
)(export)
app.command(
    "harvest",
    help=both(
        """Importeer de sensoren van een OGC API Features of een SensorThings-server. Het kan opnieuw.

        Eindigt met 0 als elke sensor klopt, 1 als er zijn geweigerd of de bron geen bruikbaar antwoord geeft, 2 als de
        opdracht niet klopt.
        """,
        """Import the sensors of an OGC API Features collection or a SensorThings server. It can be repeated.

        Exit code: 0 where every sensor is valid, 1 where sensors are refused or the source returns no usable answer,
        2 where the command is wrong.
        """,
    ),
)(harvest)
app.command(
    "dump",
    help=both(
        """Schrijf alles wat openbaar is, op één moment: sensoren, geschiedenis, gebieden, gemeenten,
        organisaties, lijsten.

        GeoParquet en CSV, een manifest, en controlegetallen voor `sha256sum -c SHA256SUMS`.
        """,
        """Write all public data, as it is at one moment: sensors, history, areas, municipalities,
        organisations, lists.

        GeoParquet and CSV, a manifest, and checksums for `sha256sum -c SHA256SUMS`.
        """,
    ),
)(dump)
app.command(
    "openapi",
    help=both(
        "Toon de beschrijving van de API (OpenAPI) als JSON; zonder database.",
        "Print the OpenAPI document as JSON; needs no database.",
    ),
)(openapi_document.print_openapi)


def run() -> None:
    """Run one command; an error that the user can solve is one sentence, without a stack trace."""
    settle_collector()
    # SIGTERM and SIGHUP leave by SystemExit, so that the private cluster is stopped.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        app()
    except CannotStart as problem:
        sys.exit(t(problem.dutch, str(problem)))
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        wrong = (
            f"  REGISTER_{str(problem['loc'][0]).upper()}: {translate_words(problem['msg'])}"
            for problem in error.errors()
        )
        sys.exit(
            "\n".join(
                [t("Deze instellingen zijn niet te gebruiken:", "These settings cannot be used:"), *wrong]
            )
        )
    except RegisterError as error:
        language = current_language()
        lines = [(error.detail or error.title), *(problem.detail for problem in error.problems)]
        sys.exit("\n  ".join(line.render(language) for line in lines))


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
