"""Strict query parameters: unknown and repeated names are errors."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, urlencode

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest

MAX_PARAMETERS = 100

_OTHER_PAGING = frozenset({"offset", "startindex", "skip", "page"})
"""Parameters of paging by number, which other servers and their programs have, in lower case."""
_FOLLOW_NEXT = LocalizedText(
    " Bladeren gaat hier met de link `next` in het antwoord.",
    " To page, follow the link `next` in the answer.",
)


def parse_query_string(query_string: bytes, allowed: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """The parameters of a query by name, and the problems of their names.

    Return the problems together with those of the values: a caller gets all of them at once.
    Empty values are returned; the parser of the parameter checks them.
    """
    if not query_string:
        return {}, []
    values: dict[str, str] = {}
    problems: list[Problem] = []
    given = split_query_string(query_string)
    if len(given) > MAX_PARAMETERS:
        sentence = LocalizedText(
            f"Geef ten hoogste {MAX_PARAMETERS} parameters.", f"Give at most {MAX_PARAMETERS} parameters."
        )
        return {}, [Problem(ProblemCode.TOO_MANY_PARAMETERS, "", sentence, where="query")]
    repeated: set[str] = set()
    # Programs that count pages send it with their first request. Source: decision 0048.
    is_first_page = "cursor" in allowed and all(name != "cursor" for name, _ in given)
    for name, value in given:
        if is_first_page and (name, value) == ("offset", "0"):
            continue
        if (unknown := find_unknown_parameter(name, allowed)) is not None:
            problems.append(unknown)
        elif name in values:
            repeated.add(name)
        else:
            values[name] = value
    problems += [_repeated(name) for name in sorted(repeated)]
    return values, problems


def split_query_string(query_string: bytes) -> list[tuple[str, str]]:
    """The names and values of a query or form; no more than one above the maximum."""
    given = parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True)
    return given[: MAX_PARAMETERS + 1]


def require_no_parameters(query_string: bytes) -> None:
    """Check the query of a route without parameters. Raises: InvalidRequest naming every parameter."""
    _, problems = parse_query_string(query_string, ())
    if problems:
        raise InvalidRequest(problems=problems)


def parse_limit(asked: Mapping[str, str], default: int, most: int, problems: list[Problem]) -> int:
    """The limit, from 1 to `most`; otherwise the default, with a problem added."""
    given = asked.get("limit", str(default))
    # No leading zeros, and no more digits than Python would make a number of.
    if re.fullmatch(r"[1-9][0-9]{0,8}", given) and int(given) <= most:
        return int(given)
    detail = LocalizedText(f"Geef een getal van 1 tot {most}.", f"Give a number from 1 to {most}.")
    problems.append(Problem(ProblemCode.OUT_OF_RANGE, "limit", detail, given[:50], where="query"))
    return default


def find_unknown_parameter(name: str, allowed: Collection[str]) -> Problem | None:
    """The problem of a name that is not allowed, with the nearest allowed name; None when it is allowed."""
    if name in allowed:
        return None
    shown = name[:50]
    pages = "cursor" in allowed and name.lower() in _OTHER_PAGING
    suggestion = None if pages else find_nearest(name, allowed)
    meant = _FOLLOW_NEXT if pages else ask_whether_meant(suggestion and f"`{suggestion}`")
    detail = LocalizedText(
        f"Parameter `{shown}` bestaat niet.{meant.nl}", f"There is no parameter `{shown}`.{meant.en}"
    )
    return Problem(
        ProblemCode.UNKNOWN_PARAMETER, shown, detail, suggestion=suggestion or ABSENT, where="query"
    )


def _repeated(name: str) -> Problem:
    detail = LocalizedText(
        f"Geef `{name}` één keer. Waar meer waarden mogen, staan die achter elkaar met een komma ertussen.",
        f"Give `{name}` once. Where several values are allowed, put a comma between them.",
    )
    return Problem(ProblemCode.REPEATED_PARAMETER, name, detail, where="query")


def write_query(parameters: Mapping[str, str]) -> str:
    """The query string, in alphabetical order, with the commas, slashes and colons that people can read."""
    return urlencode(sorted(parameters.items()), safe=",/:")
