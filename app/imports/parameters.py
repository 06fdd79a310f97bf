"""Parameters of an upload: the owner of the sensors, and the options of the import."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.query_string import parse_query_string
from app.core.strict_json import InvalidJson, parse_json
from app.core.suggestions import ask_whether_meant, find_nearest
from app.imports.pipeline import ImportOptions
from app.records.layouts import parse_heading_mapping
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import parse_uuid

T = TypeVar("T")

_MODES: Final[Mapping[str, Literal["all", "valid_rows"]]] = {"all": "all", "valid_rows": "valid_rows"}
_BOOLEANS: Final = {"true": True, "false": False}
_NAME_ENCODINGS: Final = frozenset({"us-ascii", "iso-8859-1", "utf-8"})
"""Encodings of names in `filename*`. Source: RFC 8187, section 3.2; RFC 5987 also required ISO-8859-1."""


def _parameter(name: str, sentence: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": sentence, "schema": {"type": "string", **schema}}


PARAMETERS: Final = [
    _parameter("fileName", "Name of the file; by default that of Content-Disposition."),
    _parameter(
        "owner",
        "Id of the organisation that owns the sensors, where the file does not name one; by default the one "
        "that the key edits for.",
        format="uuid",
    ),
    _parameter(
        "mode", "all: every row or none; valid_rows: the rows without problems.", enum=["all", "valid_rows"]
    ),
    _parameter(
        "complete",
        "Whether the file holds all sensors of the owner: sensors that it lacks are then ended.",
        type="boolean",
        default=False,
    ),
    _parameter(
        "apply",
        "Whether to apply the import at once when every row is valid; by default it is only checked.",
        type="boolean",
        default=False,
    ),
    _parameter(
        "defaults",
        'Values of fields that the file lacks, as a JSON object: {"personalData":"none"}.',
    ),
    _parameter(
        "mapping",
        "What the own headings of the file mean: the name of a mapping that the owner has stored, or a JSON object "
        'such as {"columns":{"objectnr":"reference","X coord.":"rdX","Y coord.":"rdY"},'
        '"values":{"mobility":"fixed"},"words":{"sensorType":{"dome":"optical_camera"}}}. Without it the stored '
        "mapping is used of which the file has all headings, if there is one.",
    ),
]


@dataclass(frozen=True, slots=True)
class ImportParameters:
    """Parameters of an upload."""

    file_name: str
    options: ImportOptions
    apply: bool


def parse_import_parameters(
    query_string: bytes, disposition: str | None, language: Language
) -> ImportParameters:
    """Parse the query; the file name may also be in Content-Disposition. Raises: InvalidRequest."""
    parameters, problems = parse_query_string(query_string, [one["name"] for one in PARAMETERS])
    options = ImportOptions(
        owner=_parse_owner(parameters, problems),
        mode=_choose(parameters, "mode", _MODES, "all", problems),
        complete=_choose(parameters, "complete", _BOOLEANS, default=False, problems=problems),
        defaults=_parse_defaults(parameters.get("defaults"), problems),
        language=language,
        **_parse_mapping(parameters.get("mapping"), problems),
    )
    apply = _choose(parameters, "apply", _BOOLEANS, default=False, problems=problems)
    file_name = parameters.get("fileName") or _parse_file_name(disposition, problems)
    if problems:
        raise InvalidRequest(problems=problems)
    return ImportParameters(file_name, options, apply)


def _parse_file_name(disposition: str | None, problems: list[Problem]) -> str:
    # `email` parses every form of RFC 6266, also those for other alphabets.
    message = Message()
    message["Content-Disposition"] = _read_as_utf8(disposition or "attachment")
    given = message.get_param("filename", "", "content-disposition")
    if isinstance(given, tuple) and (given[0] or "us-ascii").lower() not in _NAME_ENCODINGS:
        # Python has encodings that fail on any text, or give half characters.
        detail = LocalizedText(
            "Schrijf de naam van het bestand in UTF-8, zoals `filename*=UTF-8''sensoren.csv`.",
            "Write the name of the file in UTF-8, such as `filename*=UTF-8''sensors.csv`.",
        )
        problems.append(
            Problem(ProblemCode.INVALID_TEXT, "Content-Disposition", detail, given[0], where="header")
        )
        return ""
    return message.get_filename("") or ""


def _read_as_utf8(header: str) -> str:
    """Headers are decoded as Latin-1, but most programs that send other letters send UTF-8."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _parse_owner(parameters: Mapping[str, str], problems: list[Problem]) -> UUID | None:
    if "owner" not in parameters:
        return None
    owner = parse_uuid(parameters["owner"])
    if owner is None:
        detail = LocalizedText("Geef een id (een UUID).", "Give an id (a UUID).")
        problems.append(
            Problem(ProblemCode.INVALID_UUID, "owner", detail, parameters["owner"][:50], where="query")
        )
    return owner


def _choose(
    parameters: Mapping[str, str], name: str, choice: Mapping[str, T], default: T, problems: list[Problem]
) -> T:
    if name not in parameters:
        return default
    if parameters[name] not in choice:
        names = ", ".join(choice)
        detail = LocalizedText(f"Kies uit: {names}.", f"Choose from: {names}.")
        problems.append(
            Problem(ProblemCode.UNKNOWN_VALUE, name, detail, parameters[name][:50], where="query")
        )
    return choice.get(parameters[name], default)


def _parse_mapping(given: str | None, problems: list[Problem]) -> dict[str, Any]:
    """The mapping as an option: itself, or the name of a stored one."""
    if not given:
        return {}
    if not given.lstrip().startswith("{"):
        return {"mapping_name": given}
    try:
        return {"mapping": parse_heading_mapping(parse_json(given))}
    except InvalidJson as invalid:
        problems.append(Problem(invalid.code, "mapping", invalid.detail, given[:200], where="query"))
    except InvalidRequest as refused:
        problems += [
            replace(problem, location=f"mapping.{problem.location}", where="query")
            for problem in refused.problems
        ]
    return {}


def _parse_defaults(given: str | None, problems: list[Problem]) -> dict[str, Any]:
    try:
        defaults = parse_json(given) if given else {}
    except InvalidJson as invalid:
        problems.append(Problem(invalid.code, "defaults", invalid.detail, (given or "")[:200], where="query"))
        return {}
    if not isinstance(defaults, dict):
        detail = LocalizedText(
            'Geef een JSON-object, zoals {"personalData":"none"}.',
            'Give a JSON object, such as {"personalData":"none"}.',
        )
        problems.append(
            Problem(ProblemCode.INVALID_JSON, "defaults", detail, (given or "")[:200], where="query")
        )
        return {}
    for name in defaults:
        if name not in FIELD_BY_NAME:
            nearest = find_nearest(name, FIELD_BY_NAME.keys())
            meant = ask_whether_meant(nearest)
            detail = LocalizedText(
                f"Het veld `{name[:50]}` bestaat niet.{meant.nl}",
                f"The field `{name[:50]}` does not exist.{meant.en}",
            )
            problems.append(
                Problem(
                    ProblemCode.UNKNOWN_FIELD, "defaults", detail, name[:50], nearest or ABSENT, where="query"
                )
            )
    return defaults
