"""The command line: its commands, and how their errors are reported."""

import signal
import sys
from types import FrameType

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
    redactions,
    serve,
)
from app.cli.exports.dump import dump
from app.cli.exports.export import export
from app.cli.imports import list_imports
from app.cli.imports.harvest import harvest
from app.cli.imports.import_file import import_file
from app.cli.job_worker import work
from app.cli.seeding.command import seed
from app.core.collector import settle_collector
from app.core.errors import RegisterError
from app.core.settings import Settings

app = typer.Typer(
    help="The register of sensors in public space.",
    epilog="Settings come from the environment (REGISTER_…); docs/operations.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(serve.serve)
app.command("work")(work)
app.command("migrate")(database.migrate)
app.command("seed")(seed)
app.command("upkeep")(database.keep_up)
app.add_typer(municipalities.municipality_commands, name="municipalities")
app.add_typer(organisations_and_keys.organisations, name="organisations")
app.add_typer(mail.mail_commands, name="mail")
app.add_typer(people.people_commands, name="people")
app.add_typer(principals.principal_commands, name="principals")
app.add_typer(organisations_and_keys.keys, name="keys")
app.add_typer(redactions.sensor_commands, name="sensors")
app.command("import")(import_file)
app.add_typer(list_imports.import_commands, name="imports")
app.command("export")(export)
app.command("harvest")(harvest)
app.command("dump")(dump)
app.command("openapi")(openapi_document.print_openapi)


def run() -> None:
    """Run one command; an error that the user can solve is one sentence, without a stack trace."""
    settle_collector()
    # SIGTERM and SIGHUP leave by SystemExit, so that the private cluster is stopped.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        app()
    except CannotStart as problem:
        sys.exit(f"{problem}")
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        wrong = (
            f"  REGISTER_{str(problem['loc'][0]).upper()}: {problem['msg']}" for problem in error.errors()
        )
        sys.exit("\n".join(["These settings cannot be used:", *wrong]))
    except RegisterError as error:
        sys.exit("\n".join([str(error), *(f"  {problem.detail.en}" for problem in error.problems)]))


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
