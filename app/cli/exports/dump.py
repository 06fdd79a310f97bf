"""`sensor-register dump`: all that is public in a folder of open formats, and the check of such a folder."""

from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
from sqlalchemy import NullPool, create_engine

from app.cli.database import console, use_database
from app.cli.error_messages import errors, explain_problems
from app.cli.exports.output_files import show_stages
from app.cli.language import both, current_language, t
from app.core.database import sqlalchemy_url
from app.core.migrations import read_revision
from app.core.read_role import may_take_read_role
from app.core.settings import get_settings
from app.exports.dump.verify import check_dump
from app.exports.dump.write import dump_register

Folder = Annotated[
    Path,
    typer.Argument(
        metavar=both("MAP", "FOLDER"),
        help=both(
            "Een nieuwe map; met --verify een bestaande dump.",
            "A new folder; with --verify an existing dump.",
        ),
    ),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help=both(
            "Controleer een bestaande dump; er wordt niets geschreven.",
            "Check an existing dump; nothing is written.",
        ),
    ),
]


def dump(folder: Folder, *, verify: Verify = False) -> None:
    """Write all public data, as it is at one moment: sensors, history, areas, municipalities, organisations, lists.

    GeoParquet and CSV, a manifest, and checksums for `sha256sum -c SHA256SUMS`.
    """
    if verify:
        _verify(folder)
        return
    settings = get_settings()
    with explain_problems(), use_database(settings) as url, show_stages() as report:
        read_url = settings.read_database_url or url
        manifest = dump_register(
            read_url,
            folder,
            as_reader=may_take_read_role(read_url),
            schema_version=_read_schema_version(url),
            report=report,
        )
    for file in manifest["files"]:
        console.print(
            f"{file['rows']:>12,}  {decimal(file['sizeBytes']):>10}  {file['name']}", highlight=False
        )
    console.print(
        t(
            f"{folder} bevat het register tot en met wijziging {manifest['changeNumber']}.",
            f"{folder} holds the register up to change {manifest['changeNumber']}.",
        ),
        highlight=False,
    )


def _verify(folder: Path) -> None:
    if not folder.is_dir():
        raise typer.BadParameter(t(f"de map {folder} bestaat niet", f"there is no folder {folder}"))
    problems = check_dump(folder)
    for problem in problems:
        errors.print(problem.render(current_language()), style="red", markup=False, highlight=False)
    if problems:
        raise typer.Exit(1)
    console.print(t(f"{folder} is compleet.", f"{folder} is complete."), highlight=False)


def _read_schema_version(url: str) -> str | None:
    with create_engine(sqlalchemy_url(url), poolclass=NullPool).connect() as connection:
        return read_revision(connection)
