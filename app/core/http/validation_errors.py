"""Messages for violations of declared parameters and bodies."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode, Where

Body = TypeVar("Body", bound=BaseModel)

_WHERE: dict[str, Where] = {"body": "body", "query": "query", "path": "path", "header": "header"}

# Code and sentence by error type of pydantic. `{…}` is filled from the context of the error.
_SENTENCES: dict[str, tuple[ProblemCode, LocalizedText]] = {
    "missing": (ProblemCode.REQUIRED, LocalizedText("Dit is verplicht.", "This is required.")),
    "extra_forbidden": (
        ProblemCode.UNKNOWN_FIELD,
        LocalizedText("Dit veld bestaat niet.", "There is no such field."),
    ),
    "json_invalid": (ProblemCode.INVALID_JSON, LocalizedText("Dit is geen JSON.", "This is not JSON.")),
    "string_too_short": (
        ProblemCode.TOO_SHORT,
        LocalizedText("Geef ten minste {min_length} tekens.", "Give at least {min_length} characters."),
    ),
    "string_too_long": (
        ProblemCode.TOO_LONG,
        LocalizedText("Geef ten hoogste {max_length} tekens.", "Give at most {max_length} characters."),
    ),
    "too_short": (
        ProblemCode.TOO_FEW,
        LocalizedText("Geef er ten minste {min_length}.", "Give at least {min_length}."),
    ),
    "too_long": (
        ProblemCode.TOO_MANY,
        LocalizedText("Geef er ten hoogste {max_length}.", "Give at most {max_length}."),
    ),
    "string_pattern_mismatch": (
        ProblemCode.WRONG_PATTERN,
        LocalizedText("Gebruik deze vorm: {pattern}.", "Use this form: {pattern}."),
    ),
    "enum": (ProblemCode.UNKNOWN_VALUE, LocalizedText("Kies uit: {expected}.", "Choose from: {expected}.")),
    "literal_error": (
        ProblemCode.UNKNOWN_VALUE,
        LocalizedText("Kies uit: {expected}.", "Choose from: {expected}."),
    ),
    "greater_than": (ProblemCode.OUT_OF_RANGE, LocalizedText("Geef meer dan {gt}.", "Give more than {gt}.")),
    "greater_than_equal": (
        ProblemCode.OUT_OF_RANGE,
        LocalizedText("Geef ten minste {ge}.", "Give at least {ge}."),
    ),
    "less_than": (ProblemCode.OUT_OF_RANGE, LocalizedText("Geef minder dan {lt}.", "Give less than {lt}.")),
    "less_than_equal": (
        ProblemCode.OUT_OF_RANGE,
        LocalizedText("Geef ten hoogste {le}.", "Give at most {le}."),
    ),
    "multiple_of": (
        ProblemCode.WRONG_STEP,
        LocalizedText("Geef een veelvoud van {multiple_of}.", "Give a multiple of {multiple_of}."),
    ),
    "finite_number": (
        ProblemCode.INVALID_NUMBER,
        LocalizedText("Geef een eindig getal.", "Give a finite number."),
    ),
    "string_unicode": (
        ProblemCode.INVALID_TEXT,
        LocalizedText("Dit is geen leesbare tekst.", "This is not readable text."),
    ),
    "timezone_aware": (
        ProblemCode.MISSING_OFFSET,
        LocalizedText("Geef ook de tijdzone, bijvoorbeeld `Z`.", "Add the time zone, for example `Z`."),
    ),
}

# Sentences by the start of the error types for a value of another type.
_KINDS: dict[str, LocalizedText] = {
    "string": LocalizedText("Geef een tekst.", "Give a text."),
    "int": LocalizedText("Geef een geheel getal.", "Give a whole number."),
    "float": LocalizedText("Geef een getal.", "Give a number."),
    "decimal": LocalizedText("Geef een getal.", "Give a number."),
    "bool": LocalizedText("Geef true of false.", "Give true or false."),
    "datetime": LocalizedText(
        "Geef een tijdstip zoals 2026-03-01T12:00:00Z.", "Give a moment such as 2026-03-01T12:00:00Z."
    ),
    "date": LocalizedText("Geef een datum zoals 2026-03-01.", "Give a date such as 2026-03-01."),
    "time_delta": LocalizedText(
        "Geef een duur, bijvoorbeeld P28D voor 28 dagen.", "Give a duration, for example P28D for 28 days."
    ),
    "url": LocalizedText(
        "Geef een adres dat met http(s):// begint.", "Give an address that begins with http(s)://."
    ),
    "uuid": LocalizedText("Geef een UUID.", "Give a UUID."),
    "list": LocalizedText("Geef een lijst.", "Give a list."),
    "set": LocalizedText("Geef een lijst.", "Give a list."),
    "tuple": LocalizedText("Geef een lijst.", "Give a list."),
    "dict": LocalizedText("Geef een object.", "Give an object."),
    "model": LocalizedText("Geef een object.", "Give an object."),
}


def validate_body(model: type[Body], given: Mapping[str, Any]) -> Body:
    """The body of a request as this model. Raises: InvalidRequest with every problem."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = [
            problem_of_validation({**found, "loc": ("body", *found["loc"])}) for found in error.errors()
        ]
        raise InvalidRequest(problems=problems) from None


def problem_of_validation(error: Mapping[str, Any]) -> Problem:
    """The problem for one validation error of the framework.

    Its location in a body is a JSON pointer (RFC 6901), else the name of the parameter or header.
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


def _find_sentence(kind: str) -> tuple[ProblemCode, LocalizedText]:
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    for beginning, sentence in _KINDS.items():
        if kind.startswith(beginning + "_"):
            return ProblemCode.WRONG_TYPE, sentence
    return ProblemCode.INVALID_VALUE, LocalizedText("Deze waarde is niet geldig.", "This value is not valid.")


def _fill(sentence: LocalizedText, context: Mapping[str, Any]) -> LocalizedText:
    if "{" not in sentence.nl:
        return sentence
    try:
        return LocalizedText(sentence.nl.format_map(context), sentence.en.format_map(context))
    except KeyError:
        return LocalizedText("Deze waarde is niet geldig.", "This value is not valid.")


def _pointer(steps: list[Any]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
