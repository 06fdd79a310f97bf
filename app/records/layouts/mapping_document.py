"""Documents of mappings (JSON, or TOML or JSON in a file), parsed with all problems at once."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.core.strict_json import InvalidJson, parse_json
from app.records.coordinates import name_coordinate
from app.records.layouts.heading_mapping import HeadingMapping
from app.records.layouts.headings import (
    PUBLIC_CODE,
    find_field,
    find_numbered,
    is_public_code,
)
from app.records.mapping_errors import MappingErrors
from app.records.value_words import fold_value
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FIELDS

MAX_COLUMNS: Final = 500
"""Maximum number of own headings of a mapping; a file has no more columns."""

MAX_WORDS: Final = 1_000
"""Maximum number of own words of one field."""

COORDINATES: Final[Mapping[str, LocalizedText]] = {
    "latitude": LocalizedText("Breedtegraad", "Latitude"),
    "longitude": LocalizedText("Lengtegraad", "Longitude"),
    "rdX": LocalizedText("RD x", "RD x"),
    "rdY": LocalizedText("RD y", "RD y"),
    "x": LocalizedText("x, in graden of RD", "x, in degrees or RD"),
    "y": LocalizedText("y, in graden of RD", "y, in degrees or RD"),
    "location": LocalizedText("Locatie in één cel", "Location in one cell"),
}
"""Targets of columns with a place, and their labels."""

_KEYS: Final = ("sheet", "columns", "values", "words")


@cache
def list_targets() -> Mapping[str, LocalizedText]:
    """Every target that a column can have, with its label; a list can also have numbered ones (`themes 2`)."""
    found = {
        "reference": FIELD_BY_NAME["reference"].label,
        PUBLIC_CODE: DERIVED_LABELS[PUBLIC_CODE],
        **COORDINATES,
    }
    return found | {field.name: field.label for field in FIELDS if field.name not in found}


def find_target(heading: str) -> str | None:
    """The target that a heading of the register means, in either language; None for any other."""
    if coordinate := name_coordinate(heading):
        return coordinate
    if is_public_code(heading):
        return PUBLIC_CODE
    if name := find_field(heading):
        return name
    numbered = find_numbered(heading)
    return f"{numbered[0]} {numbered[1]}" if numbered else None


def parse_mapping_file(content: bytes) -> HeadingMapping:
    """The mapping of a file of TOML, or of JSON as the API writes it. Raises: InvalidRequest with every problem."""
    try:
        text = content.decode("utf-8-sig")
        # No document of TOML begins with a brace.
        document = parse_json(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidRequest(
            LocalizedText(
                f"De koppeling is geen TOML in UTF-8: {error}", f"The mapping is not TOML in UTF-8: {error}"
            )
        ) from error
    except InvalidJson as invalid:
        raise InvalidRequest(invalid.detail) from invalid
    return parse_heading_mapping(document)


def parse_heading_mapping(document: Any, name: str | None = None) -> HeadingMapping:
    """The mapping of a document. Raises: InvalidRequest with every problem."""
    errors = MappingErrors()
    if not isinstance(document, dict):
        document = {}
    errors.check_names(document, _KEYS, "")
    columns = _parse_columns(errors, errors.get_table(document, "columns", needed=True))
    values = {
        field: _plain(value)
        for field, value in errors.get_table(document, "values").items()
        if _check_field(errors, field, f"values.{field}")
    }
    words = _parse_words(errors, errors.get_table(document, "words"))
    sheet = errors.get_text(document, "sheet", "sheet")
    if not errors.problems:
        _check_targets(errors, columns)
    if errors.problems:
        raise InvalidRequest(
            LocalizedText("De koppeling kan niet worden gebruikt.", "The mapping cannot be used."),
            problems=errors.problems,
        )
    return HeadingMapping(columns, values, words, sheet, name)


def _parse_columns(errors: MappingErrors, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    if len(table) > MAX_COLUMNS:
        detail = LocalizedText(f"Hoogstens {MAX_COLUMNS} kolommen.", f"At most {MAX_COLUMNS} columns.")
        errors.add(ProblemCode.OUT_OF_RANGE, "columns", detail)
        return {}
    columns: dict[str, tuple[str, ...]] = {}
    for heading, raw in table.items():
        targets: list[str] = []
        for one in raw if isinstance(raw, list) else [raw]:
            target = find_target(one) if isinstance(one, str) and one else None
            if target is not None:
                targets.append(target)
            elif one not in ("", None):
                errors.add_unknown(one, list_targets(), f"columns.{heading}")
        columns[heading] = tuple(dict.fromkeys(targets))
    return columns


def _check_targets(errors: MappingErrors, columns: Mapping[str, Iterable[str]]) -> None:
    """Check that no two columns are the same field, and that a row can name its sensor."""
    first: dict[str, str] = {}
    for heading, targets in columns.items():
        for target in targets:
            if target in first:
                label = name_target(target)
                detail = LocalizedText(
                    f"Deze kolom en {first[target]} zijn allebei {label.nl}. Kies voor één van de twee iets anders.",
                    f"This column and {first[target]} are both {label.en}. Choose another for one of them.",
                )
                errors.add(ProblemCode.INVALID_VALUE, f"columns.{heading}", detail)
            first.setdefault(target, heading)
    if not first.keys() & {"reference", PUBLIC_CODE}:
        detail = LocalizedText(
            "Kies de kolom met de referentie: het eigen nummer van elke sensor. Daaraan herkent het register de sensor "
            "bij de volgende import.",
            "Choose the column with the reference: your own number of each sensor. By it the register recognises the "
            "sensor at the next import.",
        )
        errors.add(ProblemCode.REQUIRED, "columns", detail)


def _parse_words(errors: MappingErrors, tables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = {}
    for name in tables:
        location = f"words.{name}"
        table = errors.get_table(tables, name, location=location)
        if not _check_field(errors, name, location):
            continue
        if len(table) > MAX_WORDS:
            detail = LocalizedText(f"Hoogstens {MAX_WORDS} woorden.", f"At most {MAX_WORDS} words.")
            errors.add(ProblemCode.OUT_OF_RANGE, location, detail)
        words[name] = {fold_value(word): _plain(meaning) for word, meaning in table.items()}
    return words


def _check_field(errors: MappingErrors, name: str, location: str) -> bool:
    if name in FIELD_BY_NAME:
        return True
    errors.add_unknown(name, FIELD_BY_NAME, location)
    return False


def name_target(target: str) -> LocalizedText:
    """The label of a target."""
    if target in (known := list_targets()):
        return known[target]
    numbered = find_numbered(target)
    if numbered is None:
        return LocalizedText(target, target)
    label = FIELD_BY_NAME[numbered[0]].label
    return LocalizedText(f"{label.nl} {numbered[1]}", f"{label.en} {numbered[1]}")


def _plain(value: Any) -> Any:
    """A value as JSON has it: TOML has dates."""
    return value.isoformat() if isinstance(value, date | datetime | time) else value
