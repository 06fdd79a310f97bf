"""Commands whose help and errors are in the chosen language, the words of the library for commands among them."""

import re
from typing import Any, Final

from typer import rich_utils

# Typer exports neither the errors that its own parser raises nor its formatter.
from typer._click.core import Context
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

from app.cli.language import choose, parse_language, set_language, t
from app.core.i18n import Language

OPTION: Final = "--lang"
DEFAULT: Language = "nl"

_PANELS: Final = {
    "ARGUMENTS_PANEL_TITLE": ("Argumenten", "Arguments"),
    "OPTIONS_PANEL_TITLE": ("Opties", "Options"),
    "COMMANDS_PANEL_TITLE": ("Opdrachten", "Commands"),
    "ERRORS_PANEL_TITLE": ("Fout", "Error"),
    "DEFAULT_STRING": ("[standaard: {}]", "[default: {}]"),
    "REQUIRED_LONG_STRING": ("[verplicht]", "[required]"),
    "ABORTED_TEXT": ("Afgebroken.", "Aborted."),
    "RICH_HELP": (
        "Met [blue]'{command_path} {help_option}'[/] ziet u de uitleg.",
        "Try [blue]'{command_path} {help_option}'[/] for help.",
    ),
}
"""Words of the library by the names of its constants."""

_ERRORS: Final = (
    (r"Missing argument '(.+?)'\.", r"Argument '\1' ontbreekt."),
    (r"Missing option '(.+?)'\.", r"Optie '\1' ontbreekt."),
    (r"Missing command\.", "Noem een opdracht."),
    (r"No such command '(.+?)'\.", r"De opdracht '\1' bestaat niet."),
    (r"No such option: (\S+)", r"De optie \1 bestaat niet."),
    (r" \(Possible options: (.+)\)", r" Bedoelt u \1?"),
    (r" Did you mean (.+)\?", r" Bedoelt u \1?"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"Dit is te veel: \1."),
    (r"Option '(.+?)' requires an argument\.", r"Achter de optie '\1' hoort een waarde."),
    (r"Option '(.+?)' does not take a value\.", r"Achter de optie '\1' hoort geen waarde."),
    (r"Invalid value for (.+?): ", r"Onjuiste waarde voor \1: "),
    (r"Invalid value: ", "Onjuiste waarde: "),
    (r"(?:Value error, )?('.*?') is not one of (.+)\.", r"\1 is niet een van \2."),
    (r"Input should be greater than or equal to (\S+)", r"Dit moet minstens \1 zijn"),
    (r"Input should be less than or equal to (\S+)", r"Dit mag hoogstens \1 zijn"),
    (r"Input should be a valid integer.*", "Dit moet een heel getal zijn"),
    (r"Input should be a valid number.*", "Dit moet een getal zijn"),
    (r"Input should be a valid UUID.*", "Dit is geen id"),
)
"""Errors of the library, as patterns of its English and what stands for it in Dutch."""


class LocalisedGroup(TyperGroup):
    """The outermost command: takes `--lang` from anywhere on the line before anything else is read or printed."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Context:
        """The context of the command, with help in the chosen language. Raises: UsageError."""
        rest, given = self._take_language(args)
        set_language(given or DEFAULT)
        for name, (dutch, english) in _PANELS.items():
            setattr(rich_utils, name, t(dutch, english))
        _localise(self)
        try:
            return super().make_context(info_name, rest, parent, **extra)
        except UsageError as error:
            raise _translate(error) from error

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named. Raises: UsageError."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise _translate(error) from error

    def _take_language(self, args: list[str]) -> tuple[list[str], Language | None]:
        """The words without the language, and the language; an option of a command that has its own stays there."""
        command: Any = self
        rest: list[str] = []
        language = None
        words = iter(args)
        for word in words:
            if word == "--":
                rest += [word, *words]
                break
            name, equals, value = word.partition("=")
            if name != OPTION:
                command = getattr(command, "commands", {}).get(word, command)
                rest.append(word)
                continue
            given = value if equals else next(words, "")
            language = parse_language(given)
            if language is None or any(
                OPTION in param.opts for param in command.params if command is not self
            ):
                rest += [OPTION, given]
        return rest, language


def _localise(command: Any) -> None:
    """Choose the language of every help text below a command."""
    command.context_class = _Context
    command.options_metavar = t("[OPTIES]", "[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = t("OPDRACHT [ARGUMENTEN]...", "COMMAND [ARGS]...")
    for name in ("help", "short_help", "epilog"):
        setattr(command, name, choose(getattr(command, name) or "") or None)
    for param in command.params:
        if getattr(param, "help", None):
            param.help = choose(param.help)
        if param.metavar:
            param.metavar = choose(param.metavar)
    for inner in getattr(command, "commands", {}).values():
        _localise(inner)


class _Formatter(HelpFormatter):
    """The first line of help."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or t("Gebruik: ", "Usage: "))


class _Context(Context):
    formatter_class = _Formatter

    def __init__(self, command: Any, *given: Any, **options: Any) -> None:
        super().__init__(command, *given, **options)
        if option := command.get_help_option(self):
            option.help = t("Toon deze uitleg.", "Show this message and exit.")


def _translate(error: Any) -> Any:
    """The error with its message in the chosen language. Help that was asked for by no words is no error."""
    if isinstance(error, NoArgsIsHelpError):
        return error
    return UsageError(translate_words(error.format_message()), error.ctx)


def translate_words(message: str) -> str:
    """An English message of the libraries in the chosen language; what the table lacks stays English."""
    for pattern, dutch in _ERRORS:
        message = re.sub(pattern, t(dutch, r"\g<0>"), message)
    return message
