"""The sentences for what a declared parameter or body does not keep to."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import ABSENT, Problem, Where
from app.core.language import Text

_WHERE: dict[str, Where] = {"body": "body", "query": "query", "path": "path", "header": "header"}

# pydantic's error type → our code and sentence. `{…}` is filled from the error's context.
_SENTENCES: dict[str, tuple[str, Text]] = {
    "missing": ("missing", Text("Dit is verplicht.", "This is required.")),
    "extra_forbidden": ("unknown_field", Text("Dit veld bestaat niet.", "There is no such field.")),
    "json_invalid": ("invalid_json", Text("Dit is geen JSON.", "This is not JSON.")),
    "string_too_short": (
        "too_short",
        Text("Geef ten minste {min_length} tekens.", "Give at least {min_length} characters."),
    ),
    "string_too_long": (
        "too_long",
        Text("Geef ten hoogste {max_length} tekens.", "Give at most {max_length} characters."),
    ),
    "too_short": ("too_few", Text("Geef er ten minste {min_length}.", "Give at least {min_length}.")),
    "too_long": ("too_many", Text("Geef er ten hoogste {max_length}.", "Give at most {max_length}.")),
    "string_pattern_mismatch": (
        "wrong_form",
        Text("Dit heeft niet de juiste vorm: {pattern}.", "This does not have the right form: {pattern}."),
    ),
    "enum": ("unknown_value", Text("Kies uit: {expected}.", "Choose from: {expected}.")),
    "literal_error": ("unknown_value", Text("Kies uit: {expected}.", "Choose from: {expected}.")),
    "greater_than": ("too_small", Text("Geef meer dan {gt}.", "Give more than {gt}.")),
    "greater_than_equal": ("too_small", Text("Geef ten minste {ge}.", "Give at least {ge}.")),
    "less_than": ("too_large", Text("Geef minder dan {lt}.", "Give less than {lt}.")),
    "less_than_equal": ("too_large", Text("Geef ten hoogste {le}.", "Give at most {le}.")),
    "multiple_of": (
        "wrong_step",
        Text("Geef een veelvoud van {multiple_of}.", "Give a multiple of {multiple_of}."),
    ),
    "finite_number": ("not_finite", Text("Geef een eindig getal.", "Give a finite number.")),
    "string_unicode": ("unreadable_text", Text("Dit is geen leesbare tekst.", "This is not readable text.")),
    "timezone_aware": (
        "missing_offset",
        Text("Geef de tijdzone erbij, zoals `Z`.", "Give the time zone along, such as `Z`."),
    ),
}

# The beginnings of the many types that say: not of this kind.
_KINDS: dict[str, Text] = {
    "string": Text("Geef een tekst.", "Give a text."),
    "int": Text("Geef een geheel getal.", "Give a whole number."),
    "float": Text("Geef een getal.", "Give a number."),
    "decimal": Text("Geef een getal.", "Give a number."),
    "bool": Text("Geef true of false.", "Give true or false."),
    "datetime": Text(
        "Geef een tijdstip zoals 2026-03-01T12:00:00Z.", "Give a moment such as 2026-03-01T12:00:00Z."
    ),
    "date": Text("Geef een datum zoals 2026-03-01.", "Give a date such as 2026-03-01."),
    "time_delta": Text("Geef een duur zoals P28D.", "Give a duration such as P28D."),
    "url": Text("Geef een adres dat met http(s):// begint.", "Give an address that begins with http(s)://."),
    "uuid": Text("Geef een UUID.", "Give a UUID."),
    "list": Text("Geef een lijst.", "Give a list."),
    "set": Text("Geef een lijst.", "Give a list."),
    "tuple": Text("Geef een lijst.", "Give a list."),
    "dict": Text("Geef een object.", "Give an object."),
    "model": Text("Geef een object.", "Give an object."),
}


def problem_of_validation(error: Mapping[str, Any]) -> Problem:
    """One error of the framework's validation, in our words and with our place.

    The place in a body is a JSON pointer (RFC 6901), else the name of the parameter or header.
    """
    source, *steps = error["loc"]
    where = _WHERE.get(str(source), "body")
    kind: str = error["type"]
    code, sentence = _find_sentence(kind)
    if kind == "json_invalid":
        location, value = "", ABSENT
    else:
        location = _pointer(steps) if where == "body" else ".".join(map(str, steps))
        value = ABSENT if kind == "missing" else error.get("input", ABSENT)
    return Problem(code, location, _fill(sentence, error.get("ctx", {})), value=value, where=where)


def _find_sentence(kind: str) -> tuple[str, Text]:
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    for beginning, sentence in _KINDS.items():
        if kind.startswith(beginning + "_"):
            return "wrong_type", sentence
    return "invalid", Text("Dit klopt niet.", "This is not right.")


def _fill(sentence: Text, context: Mapping[str, Any]) -> Text:
    if "{" not in sentence.nl:
        return sentence
    try:
        return Text(sentence.nl.format_map(context), sentence.en.format_map(context))
    except KeyError:
        return Text("Dit klopt niet.", "This is not right.")


def _pointer(steps: list[Any]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
