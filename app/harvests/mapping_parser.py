"""Parser of mapping files: reports all problems at once, with suggestions for mistyped names."""

import tomllib
from collections.abc import Mapping
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.http_client.addresses import parse_address
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.harvests.item_schema import ENTITY_SCHEMAS, find_item_schema
from app.harvests.mapping import (
    DEFAULT_PAGE_LIMIT,
    KINDS,
    HarvestMapping,
    MappingRule,
    SourceDescription,
    SourceKind,
)
from app.harvests.rule_parser import RuleParser, format_date
from app.records.mapping_errors import MappingErrors
from app.records.value_words import fold_value
from app.sensors.fields import FIELD_BY_NAME

_MAX_LIMIT: Final = 10_000
_KEY_VARIABLE_PREFIX: Final = "HARVEST_"
"""Required prefix of variables that hold a key: a mapping must not send other secrets to a server."""

_TOP: Final = ("owner", "source", "fields", "map")
_SOURCE: Final = ("kind", "url", "collection", "limit", "parameters", "key_variable", "key_header")


def parse_mapping(content: str, *, needs_owner: bool = True) -> tuple[HarvestMapping, list[Problem]]:
    """The mapping, as far as it could be parsed, and its problems.

    `needs_owner` is false where the command names the owner. Raises: InvalidRequest where the file is no TOML.
    """
    try:
        document = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidRequest(
            LocalizedText(
                f"De mapping is geen geldig TOML: {error}", f"The mapping is not valid TOML: {error}"
            )
        ) from error
    errors = MappingErrors()
    errors.check_names(document, _TOP, "")
    source = _parse_source(errors, errors.get_table(document, "source", needed=True))
    fields = errors.get_table(document, "fields", needed=True)
    meanings = _parse_maps(errors, errors.get_table(document, "map"), fields)
    parser = RuleParser(errors, find_item_schema(source.kind, source.collection))
    rules = {
        name: parser.parse(name, raw, meanings.get(name, {}))
        for name, raw in fields.items()
        if _check_field(errors, name, f"fields.{name}")
    }
    owner = errors.get_text(document, "owner", "owner")
    _check_reference(errors, rules)
    if needs_owner and owner is None and "owner" not in fields:
        errors.add(
            ProblemCode.REQUIRED,
            "owner",
            LocalizedText(
                'De eigenaar van de sensoren ontbreekt. Schrijf bovenaan bijvoorbeeld owner = "GM0363".',
                'The owner of the sensors is missing. Write at the top, for instance, owner = "GM0363".',
            ),
        )
    return HarvestMapping(source, owner, rules), errors.problems


def _parse_source(errors: MappingErrors, table: Mapping[str, Any]) -> SourceDescription:
    errors.check_names(table, _SOURCE, "source.")
    kind: SourceKind = "sensorthings" if table.get("kind") == "sensorthings" else "ogc"
    if table.get("kind") not in KINDS:
        errors.add_unknown(table.get("kind", ABSENT), KINDS, "source.kind")
    url = errors.get_text(table, "url", "source.url", needed=True)
    if url is not None:
        try:
            parse_address(url)
        except InvalidRequest as error:
            errors.add(ProblemCode.INVALID_URL, "source.url", error.detail or error.title, url)
    collection = errors.get_text(table, "collection", "source.collection", needed=kind == "ogc")
    if kind == "sensorthings":
        collection = collection or "Things"
        if collection not in ENTITY_SCHEMAS:
            errors.add_unknown(collection, ENTITY_SCHEMAS, "source.collection")
    limit = table.get("limit", DEFAULT_PAGE_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= _MAX_LIMIT:
        detail = LocalizedText(
            f"Geef een geheel getal van 1 tot en met {_MAX_LIMIT}.",
            f"Give a whole number from 1 to {_MAX_LIMIT}.",
        )
        errors.add(ProblemCode.OUT_OF_RANGE, "source.limit", detail, limit)
    return SourceDescription(
        kind,
        url or "",
        collection or "",
        limit if isinstance(limit, int) else DEFAULT_PAGE_LIMIT,
        _parse_parameters(errors, errors.get_table(table, "parameters", location="source.parameters")),
        _parse_key_variable(errors, table),
        errors.get_text(table, "key_header", "source.key_header") or "Authorization",
    )


def _parse_parameters(errors: MappingErrors, table: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters as texts."""
    for name, value in table.items():
        if isinstance(value, list | dict):
            detail = LocalizedText("Geef hier tekst of een getal.", "Give text or a number here.")
            errors.add(ProblemCode.WRONG_TYPE, f"source.parameters.{name}", detail)
    return {
        name: str(value).lower() if isinstance(value, bool) else str(format_date(value))
        for name, value in table.items()
    }


def _parse_key_variable(errors: MappingErrors, table: Mapping[str, Any]) -> str | None:
    name = errors.get_text(table, "key_variable", "source.key_variable")
    if name is not None and not (
        name.startswith(_KEY_VARIABLE_PREFIX) and name.isidentifier() and name.isupper()
    ):
        errors.add(
            ProblemCode.INVALID_KEY_VARIABLE,
            "source.key_variable",
            LocalizedText(
                f"Noem een omgevingsvariabele die met {_KEY_VARIABLE_PREFIX} begint, in hoofdletters; "
                "zet de sleutel zelf niet in de mapping.",
                f"Name an environment variable that starts with {_KEY_VARIABLE_PREFIX}, in capitals; "
                "do not put the key itself into the mapping.",
            ),
        )
        return None
    return name


def _parse_maps(
    errors: MappingErrors, tables: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Meanings of the words of the source, by field and folded word."""
    meanings: dict[str, dict[str, Any]] = {}
    for name in tables:
        location = f"map.{name}"
        table = errors.get_table(tables, name, location=location)
        if not _check_field(errors, name, location):
            continue
        if name not in fields:
            detail = LocalizedText(
                f"Er staat geen {name} onder [fields]. Voeg {name} toe of haal deze vertaling weg.",
                f"There is no {name} under [fields]. Add {name} or remove this map.",
            )
            errors.add(ProblemCode.UNUSED_MAP, location, detail)
        meanings[name] = {fold_value(word): meaning for word, meaning in table.items()}
    return meanings


def _check_field(errors: MappingErrors, name: str, location: str) -> bool:
    if name in FIELD_BY_NAME:
        return True
    errors.add_unknown(name, FIELD_BY_NAME, location)
    return False


def _check_reference(errors: MappingErrors, rules: Mapping[str, MappingRule]) -> None:
    """Check that the reference may differ from item to item: it identifies the sensor at the next harvest."""
    rule = rules.get("reference")
    if rule is None or not rule.paths or rule.default is not None:
        errors.add(
            ProblemCode.REQUIRED,
            "fields.reference",
            LocalizedText(
                'Elke sensor heeft een eigen referentie nodig, zonder default: bijvoorbeeld reference = "id".',
                'Every sensor needs a reference of its own, without a default: for instance reference = "id".',
            ),
        )
