"""Strict query parameters: what is not known, or is given twice, is an error and never passed over."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from urllib.parse import parse_qsl

from app.core.errors import InvalidRequest, Problem
from app.core.i18n import LocalizedText

MAX_PARAMETERS = 100


def read_parameters(query_string: bytes, allowed: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """The parameters of a query by name, and what is wrong with their names.

    Return the problems together with those of the values: a caller gets all of them at once.
    An empty value is kept, and is for the reader of that parameter to judge.
    """
    if not query_string:
        return {}, []
    values: dict[str, str] = {}
    problems: list[Problem] = []
    given = parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True)[: MAX_PARAMETERS + 1]
    if len(given) > MAX_PARAMETERS:
        sentence = LocalizedText(
            f"Geef ten hoogste {MAX_PARAMETERS} parameters.", f"Give at most {MAX_PARAMETERS} parameters."
        )
        return {}, [Problem("too_many_parameters", "", sentence, where="query")]
    repeated: set[str] = set()
    for name, value in given:
        if name not in allowed:
            problems.append(_unknown(name, allowed))
        elif name in values:
            repeated.add(name)
        else:
            values[name] = value
    problems += [_repeated(name) for name in sorted(repeated)]
    return values, problems


def require_parameters(query_string: bytes, allowed: Collection[str] = ()) -> Mapping[str, str]:
    """The parameters of a query whose values need no further checks.

    Raises: InvalidRequest naming every unknown and repeated parameter.
    """
    values, problems = read_parameters(query_string, allowed)
    if problems:
        raise InvalidRequest(problems=problems)
    return values


def read_limit(asked: Mapping[str, str], default: int, most: int, problems: list[Problem]) -> int:
    """How many are asked for, from 1 to `most`; what is wrong with it is added to the problems."""
    given = asked.get("limit", str(default))
    # No leading zeros, and no more digits than Python would make a number of.
    if re.fullmatch(r"[1-9][0-9]{0,8}", given) and int(given) <= most:
        return int(given)
    detail = LocalizedText(f"Geef een getal van 1 tot {most}.", f"Give a number from 1 to {most}.")
    problems.append(Problem("limit", "limit", detail, given[:50], where="query"))
    return default


def _unknown(name: str, allowed: Collection[str]) -> Problem:
    by_folded = {candidate.casefold(): candidate for candidate in allowed}
    near = get_close_matches(name.casefold(), by_folded, n=1)
    shown = name[:50]
    if near:
        suggestion = by_folded[near[0]]
        detail = LocalizedText(
            f"Parameter `{shown}` bestaat niet. Bedoelt u `{suggestion}`?",
            f"There is no parameter `{shown}`. Did you mean `{suggestion}`?",
        )
        return Problem("unknown_parameter", shown, detail, suggestion=suggestion, where="query")
    detail = LocalizedText(f"Parameter `{shown}` bestaat niet.", f"There is no parameter `{shown}`.")
    return Problem("unknown_parameter", shown, detail, where="query")


def _repeated(name: str) -> Problem:
    detail = LocalizedText(
        f"Geef `{name}` één keer. Waar meer waarden mogen, staan die achter elkaar met een komma ertussen.",
        f"Give `{name}` once. Where several values are allowed, put a comma between them.",
    )
    return Problem("repeated_parameter", name, detail, where="query")
