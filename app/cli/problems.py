"""Saying on the command line what is wrong, instead of a stack trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from app.core.database_errors import translate_database_error
from app.core.errors import ABSENT, RegisterError

errors = Console(stderr=True)


@contextmanager
def explain_problems() -> Iterator[None]:
    """Name every problem on a line of its own, with its field, and leave with 1."""
    try:
        yield
    except RegisterError as error:
        _explain(error)
        raise typer.Exit(1) from error
    except SQLAlchemyError as error:
        translated = translate_database_error(error)
        if translated is None:
            raise
        _explain(translated)
        raise typer.Exit(1) from error


def _explain(error: RegisterError) -> None:
    errors.print(f"[red]{escape(str(error))}[/red]")
    for problem in error.problems:
        given = "" if problem.value is ABSENT else f" (given: {problem.value})"
        errors.print(f"  {escape(problem.location.removeprefix('/'))}: {escape(problem.detail.en + given)}")
