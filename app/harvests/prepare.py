"""Preparation of a harvest: the mapping is checked as a whole, and the client is opened."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import InvalidRequest, NotFound
from app.core.http_client.address_filter import admit_every_address, is_public
from app.core.http_client.addresses import parse_address
from app.core.http_client.client import GuardedClient, RequestLimits, SourceKey
from app.core.http_client.libraries import USER_AGENT
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.settings import Settings
from app.core.suggestions import ask_whether_meant
from app.harvests.mapping import HarvestMapping, MappingRule, SourceDescription
from app.harvests.mapping_parser import parse_mapping
from app.harvests.value_map import FieldValue
from app.organisations.queries import choose_organisation
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext, load_context
from app.sensors.fields import FIELD_BY_NAME


@dataclass(frozen=True, slots=True)
class Harvest:
    """A valid mapping, and the owner of the sensors; None where each item names its owner."""

    mapping: HarvestMapping
    context: ReadingContext
    owner: UUID | None


def prepare_harvest(
    session: Session, content: str, *, owner: str | None, language: Language, today: date
) -> Harvest:
    """Check a mapping file and its constants; `owner` takes precedence over the owner in the mapping.

    Raises: InvalidRequest with all problems at once.
    """
    mapping, problems = parse_mapping(content, needs_owner=owner is None)
    named = owner or mapping.owner
    owner_id = None
    if named:
        try:
            owner_id = choose_organisation(session, named)
        except NotFound as unknown:
            detail = unknown.detail or unknown.title
            problems.append(Problem(ProblemCode.UNKNOWN_ORGANISATION, "owner", detail))
    context = load_context(session, owner=owner_id, defaults={}, language=language, today=today)
    problems += _check_constants(mapping.rules, context)
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "De mapping bevat fouten. De bron is niet geraadpleegd. Verbeter deze regels:",
                "The mapping has problems. The source was not called. Correct these lines:",
            ),
            problems=problems,
        )
    return Harvest(mapping, context, owner_id)


def open_harvest_client(
    source: SourceDescription, settings: Settings, *, allow_private: bool, limits: RequestLimits | None = None
) -> GuardedClient:
    """A client for this source, with its key where the mapping names one.

    Raises: InvalidRequest where the environment lacks the key, or it would be sent over http.
    """
    return GuardedClient(
        agent=f"{USER_AGENT} (+{settings.public_url}; {settings.contact_email})",
        admit=admit_every_address if allow_private else is_public,
        limits=limits or RequestLimits(),
        key=_find_key(source, allow_private=allow_private),
    )


def _find_key(source: SourceDescription, *, allow_private: bool) -> SourceKey | None:
    if source.key_variable is None:
        return None
    origin = parse_address(source.url)
    if origin.scheme == "http" and not allow_private:
        raise InvalidRequest(
            LocalizedText(
                "Wij sturen geen sleutel over http, want anderen kunnen dan meelezen. Gebruik het https-adres.",
                "A key is not sent over http, where others can read it. Use the https address.",
            )
        )
    value = os.environ.get(source.key_variable, "").strip()
    if not value or not value.isprintable() or not value.isascii():
        name = source.key_variable
        raise InvalidRequest(
            LocalizedText(
                f"De omgevingsvariabele {name} bevat geen sleutel. Zet er de hele header in, zoals Bearer ….",
                f"The environment variable {name} holds no key. Put the whole header into it, such as Bearer ….",
            )
        )
    return SourceKey(source.key_header, value, origin)


def _check_constants(rules: Mapping[str, MappingRule], context: ReadingContext) -> Iterator[Problem]:
    """Problems of the constants of the mapping, checked once instead of for every item."""
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
        advice = ask_whether_meant(
            nearest,
            LocalizedText(
                f" De lijst staat op /v1/vocabularies/{vocabulary}.",
                f" The list is at /v1/vocabularies/{vocabulary}.",
            ),
        )
        detail = LocalizedText(
            f"{code} staat niet in de lijst {vocabulary}.{advice.nl}",
            f"{code} is not in the list {vocabulary}.{advice.en}",
        )
        yield Problem(ProblemCode.UNKNOWN_VALUE, location, detail, suggestion=nearest or ABSENT)
