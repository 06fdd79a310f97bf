"""What is asked beside an uploaded file: whose it is, and how it is to be taken."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from app.core.errors import InvalidRequest, Problem
from app.core.i18n import Language, LocalizedText
from app.core.query_string import read_parameters
from app.imports.pipeline import ImportOptions
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import parse_uuid

T = TypeVar("T")

_MODES: Final[Mapping[str, Literal["all", "valid_rows"]]] = {"all": "all", "valid_rows": "valid_rows"}
_TRUTHS: Final = {"true": True, "false": False}


def _parameter(name: str, sentence: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": sentence, "schema": {"type": "string", **schema}}


PARAMETERS: Final = [
    _parameter("fileName", "What the file is called; else from Content-Disposition."),
    _parameter(
        "owner",
        "The organisation (by its id) whose sensors they are, where the file does not say; by default the one "
        "that the key edits for.",
        format="uuid",
    ),
    _parameter(
        "mode", "all: every row or none; valid_rows: the rows without problems.", enum=["all", "valid_rows"]
    ),
    _parameter(
        "complete",
        "Whether the file is the whole of the owner's register: sensors that it lacks are then ended.",
        type="boolean",
        default=False,
    ),
    _parameter(
        "apply",
        "Whether to apply it at once when it is sound; else only checked.",
        type="boolean",
        default=False,
    ),
    _parameter(
        "defaults",
        'Values for what the file does not give, as a JSON object by field: {"personalData":"none"}.',
    ),
]


@dataclass(frozen=True, slots=True)
class ImportParameters:
    """What the query of an upload says."""

    file_name: str
    options: ImportOptions
    apply: bool


def parse_import_parameters(
    query_string: bytes, disposition: str | None, language: Language
) -> ImportParameters:
    """Read the query; the file's name may also be in the Content-Disposition. Raises: InvalidRequest."""
    asked, problems = read_parameters(query_string, [one["name"] for one in PARAMETERS])
    options = ImportOptions(
        owner=_read_owner(asked, problems),
        mode=_choose(asked, "mode", _MODES, "all", problems),
        complete=_choose(asked, "complete", _TRUTHS, default=False, problems=problems),
        defaults=_read_defaults(asked.get("defaults"), problems),
        language=language,
    )
    apply = _choose(asked, "apply", _TRUTHS, default=False, problems=problems)
    if problems:
        raise InvalidRequest(problems=problems)
    return ImportParameters(asked.get("fileName") or _read_name(disposition), options, apply)


def _read_name(disposition: str | None) -> str:
    # The library knows the forms of RFC 6266, also those for other alphabets.
    message = Message()
    message["Content-Disposition"] = disposition or "attachment"
    return message.get_filename("") or ""


def _read_owner(asked: Mapping[str, str], problems: list[Problem]) -> UUID | None:
    if "owner" not in asked:
        return None
    owner = parse_uuid(asked["owner"])
    if owner is None:
        detail = LocalizedText("Geef een id (een UUID).", "Give an id (a UUID).")
        problems.append(Problem("uuid", "owner", detail, asked["owner"][:50], where="query"))
    return owner


def _choose(
    asked: Mapping[str, str], name: str, choice: Mapping[str, T], default: T, problems: list[Problem]
) -> T:
    if name not in asked:
        return default
    if asked[name] not in choice:
        names = ", ".join(choice)
        detail = LocalizedText(f"Kies uit: {names}.", f"Choose from: {names}.")
        problems.append(Problem("unknown_value", name, detail, asked[name][:50], where="query"))
    return choice.get(asked[name], default)


def _read_defaults(given: str | None, problems: list[Problem]) -> dict[str, Any]:
    try:
        defaults = json.loads(given) if given else {}
    except (ValueError, RecursionError):
        defaults = None
    if not isinstance(defaults, dict):
        detail = LocalizedText(
            'Geef een JSON-object, zoals {"personalData":"none"}.',
            'Give a JSON object, such as {"personalData":"none"}.',
        )
        problems.append(Problem("json", "defaults", detail, (given or "")[:200], where="query"))
        return {}
    for name in defaults:
        if name not in FIELD_BY_NAME:
            detail = LocalizedText(
                f"Het veld `{name[:50]}` kennen wij niet.", f"We do not know the field `{name[:50]}`."
            )
            problems.append(Problem("unknown_field", "defaults", detail, name[:50], where="query"))
    return defaults
