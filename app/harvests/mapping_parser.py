"""Reading a mapping file: all of its mistakes at once, each with the name that was probably meant."""

import tomllib
from collections.abc import Mapping
from typing import Any, Final

from app.core.errors import ABSENT, InvalidRequest, Problem
from app.core.i18n import LocalizedText
from app.harvests.http_client import read_address
from app.harvests.item_schema import ENTITY_SCHEMAS, find_item_schema
from app.harvests.mapping import (
    DEFAULT_PAGE_LIMIT,
    KINDS,
    HarvestMapping,
    MappingRule,
    SourceDescription,
    SourceKind,
    fold_value,
)
from app.harvests.mapping_errors import MappingErrors
from app.harvests.rule_parser import RuleParser, write_date
from app.sensors.fields import FIELD_BY_NAME

_MAX_LIMIT: Final = 10_000
_KEY_VARIABLE: Final = "HARVEST_"
"""The beginning of the variables that may hold a key, so that a mapping cannot have other secrets sent away."""

_TOP: Final = ("owner", "source", "fields", "map")
_SOURCE: Final = ("kind", "url", "collection", "limit", "parameters", "key_variable", "key_header")


def parse_mapping(content: str, *, needs_owner: bool = True) -> tuple[HarvestMapping, list[Problem]]:
    """What a mapping file says as far as it can be understood, and what is wrong with it.

    `needs_owner` is false where the owner is told otherwise. Raises: InvalidRequest where it is no TOML.
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
    source = _parse_source(errors, errors.take_table(document, "source", needed=True))
    fields = errors.take_table(document, "fields", needed=True)
    meanings = _parse_maps(errors, errors.take_table(document, "map"), fields)
    parser = RuleParser(errors, find_item_schema(source.kind, source.collection))
    rules = {
        name: parser.parse(name, raw, meanings.get(name, {}))
        for name, raw in fields.items()
        if _check_field(errors, name, f"fields.{name}")
    }
    owner = errors.take_text(document, "owner", "owner")
    _check_reference(errors, rules)
    if needs_owner and owner is None and "owner" not in fields:
        errors.refuse(
            "required",
            "owner",
            LocalizedText(
                'Van wie zijn de sensoren? Schrijf bovenaan bijvoorbeeld owner = "GM0363".',
                'Whose sensors are they? Write at the top, for instance, owner = "GM0363".',
            ),
        )
    return HarvestMapping(source, owner, rules), errors.problems


def _parse_source(errors: MappingErrors, table: Mapping[str, Any]) -> SourceDescription:
    errors.check_names(table, _SOURCE, "source.")
    kind: SourceKind = "sensorthings" if table.get("kind") == "sensorthings" else "ogc"
    if table.get("kind") not in KINDS:
        errors.refuse_unknown(table.get("kind", ABSENT), KINDS, "source.kind")
    url = errors.take_text(table, "url", "source.url", needed=True)
    if url is not None:
        try:
            read_address(url)
        except InvalidRequest as error:
            errors.refuse("url", "source.url", error.detail or error.title, url)
    collection = errors.take_text(table, "collection", "source.collection", needed=kind == "ogc")
    if kind == "sensorthings":
        collection = collection or "Things"
        if collection not in ENTITY_SCHEMAS:
            errors.refuse_unknown(collection, ENTITY_SCHEMAS, "source.collection")
    limit = table.get("limit", DEFAULT_PAGE_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= _MAX_LIMIT:
        detail = LocalizedText(
            f"Geef een geheel getal van 1 tot en met {_MAX_LIMIT}.",
            f"Give a whole number from 1 to {_MAX_LIMIT}.",
        )
        errors.refuse("out_of_range", "source.limit", detail, limit)
    return SourceDescription(
        kind,
        url or "",
        collection or "",
        limit if isinstance(limit, int) else DEFAULT_PAGE_LIMIT,
        _parse_parameters(errors, errors.take_table(table, "parameters", location="source.parameters")),
        _parse_key_variable(errors, table),
        errors.take_text(table, "key_header", "source.key_header") or "Authorization",
    )


def _parse_parameters(errors: MappingErrors, table: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as they go into an address."""
    for name, value in table.items():
        if isinstance(value, list | dict):
            detail = LocalizedText("Geef hier tekst of een getal.", "Give text or a number here.")
            errors.refuse("type", f"source.parameters.{name}", detail)
    return {
        name: str(value).lower() if isinstance(value, bool) else str(write_date(value))
        for name, value in table.items()
    }


def _parse_key_variable(errors: MappingErrors, table: Mapping[str, Any]) -> str | None:
    name = errors.take_text(table, "key_variable", "source.key_variable")
    if name is not None and not (name.startswith(_KEY_VARIABLE) and name.isidentifier() and name.isupper()):
        errors.refuse(
            "key_variable",
            "source.key_variable",
            LocalizedText(
                f"Noem een omgevingsvariabele die met {_KEY_VARIABLE} begint, in hoofdletters; "
                "de sleutel zelf hoort hier niet.",
                f"Name an environment variable that starts with {_KEY_VARIABLE}, in capitals; "
                "the key itself does not belong here.",
            ),
        )
        return None
    return name


def _parse_maps(
    errors: MappingErrors, tables: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """What the words of the source mean, by field and folded word."""
    meanings: dict[str, dict[str, Any]] = {}
    for name in tables:
        location = f"map.{name}"
        table = errors.take_table(tables, name, location=location)
        if not _check_field(errors, name, location):
            continue
        if name not in fields:
            detail = LocalizedText(
                f"Er staat geen {name} onder [fields]; deze vertaling wordt nooit gebruikt.",
                f"There is no {name} under [fields]; this map is never used.",
            )
            errors.refuse("unused_map", location, detail)
        meanings[name] = {fold_value(word): meaning for word, meaning in table.items()}
    return meanings


def _check_field(errors: MappingErrors, name: str, location: str) -> bool:
    if name in FIELD_BY_NAME:
        return True
    errors.refuse_unknown(name, FIELD_BY_NAME, location)
    return False


def _check_reference(errors: MappingErrors, rules: Mapping[str, MappingRule]) -> None:
    """A sensor is known again by its reference, so it must differ from item to item."""
    rule = rules.get("reference")
    if rule is None or not rule.paths or rule.default is not None:
        errors.refuse(
            "required",
            "fields.reference",
            LocalizedText(
                'Elke sensor heeft een eigen referentie nodig, zonder default: bijvoorbeeld reference = "id".',
                'Every sensor needs a reference of its own, without a default: for instance reference = "id".',
            ),
        )
