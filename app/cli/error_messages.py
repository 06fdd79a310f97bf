"""Saying on the command line what is wrong, instead of a stack trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import SameFileError
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from app.cli.language import current_language
from app.core.database_errors import translate_database_error
from app.core.errors import RegisterError
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT

errors = Console(stderr=True)

_MISTYPED: Final[dict[type[OSError], LocalizedText]] = {
    FileNotFoundError: LocalizedText("Dit bestand of deze map is er niet", "There is no such file or folder"),
    IsADirectoryError: LocalizedText("Dit is een map; noem een bestand", "This is a folder; name a file"),
    NotADirectoryError: LocalizedText("Dit ligt niet in een map", "This does not lie in a folder"),
    PermissionError: LocalizedText(
        "Dit mag hier niet gelezen of geschreven worden", "This may not be read or written"
    ),
    SameFileError: LocalizedText(
        "Dit is het bestand zelf, dat blijft zoals het is; noem een ander",
        "This is the file itself, which stays as it is; name another",
    ),
}
_GIVEN: Final = LocalizedText("gegeven", "given")


@contextmanager
def explain_problems(language: Language | None = None) -> Iterator[None]:
    """Name every problem on a line of its own, with its field, and leave with 1.

    With 2 where a file was named that cannot be used: the command was typed wrongly. By default in the language of the
    command.
    """
    language = language or current_language()
    try:
        yield
    except RegisterError as error:
        _explain(error, language)
        raise typer.Exit(1) from error
    except SQLAlchemyError as error:
        translated = translate_database_error(error)
        if translated is None:
            raise
        _explain(translated, language)
        raise typer.Exit(1) from error
    except tuple(_MISTYPED) as error:
        sentence = next(text for kind, text in _MISTYPED.items() if isinstance(error, kind))
        _print_red(f"{sentence.render(language)}: {error.filename}")
        raise typer.Exit(2) from error


def _explain(error: RegisterError, language: Language) -> None:
    _print_red((error.detail or error.title).render(language))
    for problem in error.problems:
        given = "" if problem.value is ABSENT else f" ({_GIVEN.render(language)}: {problem.value})"
        detail = problem.detail.render(language) + given
        errors.print(f"  {escape(problem.location.removeprefix('/'))}: {escape(detail)}")


def _print_red(sentence: str) -> None:
    errors.print(sentence, style="red", markup=False)
