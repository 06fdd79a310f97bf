"""From a mapping file to a harvest that can begin: checked as a whole, with a client that may go where it leads."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ABSENT, InvalidRequest, Problem
from app.core.i18n import Language, LocalizedText
from app.core.settings import Settings
from app.harvests.address_filter import admit_every_address, is_public
from app.harvests.http_client import HarvestClient, RequestLimits, SourceKey, read_address
from app.harvests.mapping import HarvestMapping, MappingRule, SourceDescription
from app.harvests.mapping_parser import parse_mapping
from app.harvests.value_map import FieldValue
from app.organisations.queries import find_organisation
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext, load_context
from app.sensors.fields import FIELD_BY_NAME


@dataclass(frozen=True, slots=True)
class Harvest:
    """A mapping without mistakes, and whose sensors they become; None where each item says so itself."""

    mapping: HarvestMapping
    context: ReadingContext
    owner: UUID | None


def prepare_harvest(
    session: Session, content: str, *, owner: str | None, language: Language, today: date
) -> Harvest:
    """Check a mapping file against itself and against the lists; `owner` goes before that of the mapping.

    Raises: InvalidRequest naming all its mistakes at once.
    """
    mapping, problems = parse_mapping(content, needs_owner=owner is None)
    named = owner or mapping.owner
    owner_id = find_organisation(session, named) if named else None
    if named and owner_id is None:
        detail = LocalizedText(
            f"Er is geen organisatie {named}. `sensor-register organisations list` noemt ze.",
            f"There is no organisation {named}. `sensor-register organisations list` names them.",
        )
        problems.append(Problem("unknown_organisation", "owner", detail))
    context = load_context(session, owner=owner_id, defaults={}, language=language, today=today)
    problems += _check_constants(mapping.rules, context)
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "De mapping klopt niet. Er is niets opgevraagd.",
                "The mapping is not right. Nothing was asked.",
            ),
            problems=problems,
        )
    return Harvest(mapping, context, owner_id)


def open_harvest_client(
    source: SourceDescription, settings: Settings, *, allow_private: bool, limits: RequestLimits | None = None
) -> HarvestClient:
    """A client for this source, with its key where the mapping names one.

    Raises: InvalidRequest where the key is not in the environment, or would be sent over http.
    """
    return HarvestClient(
        agent=f"sensor-register/{version('sensor-register')} (+{settings.public_url}; {settings.contact_email})",
        admit=admit_every_address if allow_private else is_public,
        limits=limits or RequestLimits(),
        key=_find_key(source, allow_private=allow_private),
    )


def _find_key(source: SourceDescription, *, allow_private: bool) -> SourceKey | None:
    if source.key_variable is None:
        return None
    origin = read_address(source.url)
    if origin.scheme == "http" and not allow_private:
        raise InvalidRequest(
            LocalizedText(
                "Een sleutel gaat niet over http: iedereen onderweg kan meelezen. Gebruik het https-adres.",
                "A key is not sent over http, where everybody on the way can read it. Use the https address.",
            )
        )
    value = os.environ.get(source.key_variable, "").strip()
    if not value or not value.isprintable() or not value.isascii():
        name = source.key_variable
        raise InvalidRequest(
            LocalizedText(
                f"De omgevingsvariabele {name} bevat geen sleutel. Zet er de hele kop in, zoals Bearer ….",
                f"The environment variable {name} holds no key. Put the whole header into it, such as Bearer ….",
            )
        )
    return SourceKey(source.key_header, value, origin)


def _check_constants(rules: Mapping[str, MappingRule], context: ReadingContext) -> Iterator[Problem]:
    """What the mapping itself fills in is held against the lists, once instead of at every item."""
    assumptions = AssumptionLog()
    for name, rule in rules.items():
        value = FieldValue(FIELD_BY_NAME[name], rule, context, assumptions)
        for location, raw in _list_constants(name, rule):
            made, problems = value.read_raw(raw)
            for problem in problems:
                yield Problem(problem.code, location, problem.detail, raw, problem.suggestion)
            yield from _check_terms(value, made, location, context)


def _list_constants(name: str, rule: MappingRule) -> Iterator[tuple[str, Any]]:
    for key in ("value", "default"):
        if getattr(rule, key) is not None:
            yield f"fields.{name}.{key}", getattr(rule, key)
    for word, meaning in rule.meanings.items():
        yield f'map.{name}."{word}"', meaning


def _check_terms(value: FieldValue, made: Any, location: str, context: ReadingContext) -> Iterator[Problem]:
    vocabulary = value.field.vocabulary
    if vocabulary is None or made is None:
        return
    for code in made if isinstance(made, list) else [made]:
        if isinstance(code, str) and context.vocabularies.is_valid(vocabulary, code, context.today):
            continue
        nearest = context.vocabularies.nearest(vocabulary, str(code), context.today)
        advice = (
            LocalizedText(f"Bedoelt u {nearest}?", f"Did you mean {nearest}?")
            if nearest
            else LocalizedText(
                f"De lijst staat op /v1/vocabularies/{vocabulary}.",
                f"The list is at /v1/vocabularies/{vocabulary}.",
            )
        )
        detail = LocalizedText(
            f"{code} staat niet in de lijst {vocabulary}. {advice.nl}",
            f"{code} is not in the list {vocabulary}. {advice.en}",
        )
        yield Problem("unknown_term", location, detail, suggestion=nearest or ABSENT)
