"""The language of the command line: Dutch, or English by `--lang en`. It holds for help, messages and tables."""

from contextvars import ContextVar
from typing import Final, get_args

from app.core.i18n import Language, LocalizedText

_language: ContextVar[Language] = ContextVar("language_of_the_command_line", default="nl")
_BETWEEN: Final = "\x1f"
"""Separator of two languages within one help text; a terminal would print nothing for it."""


def current_language() -> Language:
    """The language of the command that runs."""
    return _language.get()


def set_language(language: Language) -> None:
    """Choose the language of the command that starts."""
    _language.set(language)


def t(dutch: str, english: str) -> str:
    """A sentence in the language of the command that runs."""
    return LocalizedText(dutch, english).render(_language.get())


def both(dutch: str, english: str) -> str:
    """A help text in both languages, of which `choose` takes one: help is declared before the language is known."""
    return f"{dutch}{_BETWEEN}{english}"


def split(text: str) -> LocalizedText | None:
    """Both languages of a help text; None for a text that `both` did not make."""
    dutch, separator, english = text.partition(_BETWEEN)
    return LocalizedText(dutch.strip(), english.strip()) if separator else None


def choose(text: str) -> str:
    """A help text in the language of the command that runs; a text that is in one language stays as it is."""
    found = split(text)
    return found.render(_language.get()) if found else text


def parse_language(text: str) -> Language | None:
    """The language of a code; None for another text."""
    return next((one for one in get_args(Language) if one == text), None)
