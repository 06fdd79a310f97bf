"""Output of an export: standard output, or a file that appears when it is complete."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.cli.error_messages import errors
from app.cli.language import t
from app.files.writers.atomic_write import write_atomically
from app.files.writers.schema import CSV, FORMATS, GEOJSON_FORMAT, Format

STANDARD_OUTPUT: Final = "-"

FORMAT_BY_SUFFIX: Final = {one.suffix: one for one in (*FORMATS, GEOJSON_FORMAT)}
"""The formats by what their files are called."""


def choose_format(named: str | None, output: str) -> Format:
    """The format by its name, else by the name of the file, else CSV. Raises: typer.BadParameter."""
    suffix = Path(output).suffix.removeprefix(".").lower()
    wanted = named or (suffix if suffix in FORMAT_BY_SUFFIX else None)
    if wanted is None and output != STANDARD_OUTPUT:
        raise typer.BadParameter(
            t(
                f"--format is nodig: {output} zegt niet welk formaat. Kies uit: {_NAMES}.",
                f"--format is needed: {output} does not tell. Choose from: {_NAMES}.",
            )
        )
    form = FORMAT_BY_SUFFIX.get(wanted or CSV.suffix)
    if form is None:
        raise typer.BadParameter(
            t(
                f"--format {named} bestaat niet. Kies uit: {_NAMES}.",
                f"--format {named} is not known. Choose from: {_NAMES}.",
            )
        )
    return form


_NAMES: Final = ", ".join(FORMAT_BY_SUFFIX)


@contextmanager
def open_output(output: str, form: Format) -> Iterator[BinaryIO]:
    """Standard output or a new file, which takes the place of an older one when all of it is written.

    Raises: typer.BadParameter for binary output to a terminal, or where the folder does not exist.
    """
    if output == STANDARD_OUTPUT:
        if form.spooled and sys.stdout.isatty():
            raise typer.BadParameter(
                t(
                    "dit formaat is niet voor een scherm; noem een bestand met --output",
                    "this format is not for a screen; name a file with --output",
                )
            )
        with _exit_on_broken_pipe():
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise typer.BadParameter(
            t(f"--output: de map {path.parent} bestaat niet", f"--output: there is no folder {path.parent}")
        )
    with write_atomically(path) as unfinished, unfinished.open("wb") as file:
        yield file


@contextmanager
def _exit_on_broken_pipe() -> Iterator[None]:
    """Exit quietly where the reader of a pipe stops, as `head` does."""
    try:
        yield
    except BrokenPipeError:
        # Python would write what is left in its buffer at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


@contextmanager
def show_stages() -> Iterator[Callable[[str, int], None]]:
    """Show a progress line on a terminal; yields a function for a file name and its number of rows."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
        transient=True,
        console=errors,
        disable=not errors.is_terminal,
    ) as progress:
        task = progress.add_task("", total=None)
        yield lambda name, done: progress.update(task, description=name, completed=done)
