"""Vocabularies and terms in an answer."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.vocabularies.terms import Term, Vocabulary


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class BothLanguages(_Document):
    """One text in Dutch and in English."""

    nl: str
    en: str


class TermDocument(_Document):
    """One value of a list."""

    uri: str = Field(description="The stable identifier of the term, which is also its web address.")
    code: str = Field(description="The value in records.")
    label: BothLanguages
    alternative_labels: tuple[str, ...] = Field(
        description="Other words for it, in Dutch or English, by which people find it."
    )
    definition: BothLanguages
    parent: str | None = Field(None, description="The sensorType of a sensorSubtype.")
    broader: str | None = Field(None, description="The smartCityTheme of a theme.")
    valid_from: date = Field(description="The first day on which the term may be used.")
    valid_until: date | None = Field(
        None, description="The first day on which the term may no longer be used."
    )


class _Given(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class GivenTexts(_Given):
    """One text in both languages, as it is given; a change may give one of them."""

    nl: str | None = None
    en: str | None = None


class TermChange(_Given):
    """Fields of a term that change, by merge patch: what is left out stays, and null takes back an end."""

    label: GivenTexts = Field(default_factory=GivenTexts)
    definition: GivenTexts = Field(default_factory=GivenTexts)
    alternative_labels: list[str] | None = Field(
        None, description="All other words for it, in Dutch or English; those that are left out are removed."
    )
    order: int | None = Field(None, ge=1, le=10_000, description="The place in the list, counted from 1.")
    valid_until: date | None = Field(
        None, description="The first day on which the term may no longer be used."
    )


class NewTerm(TermChange):
    """A term that a list gets."""

    parent: str | None = Field(None, description="The sensorType of a sensorSubtype.")
    broader: str | None = Field(None, description="The smartCityTheme of a theme.")
    valid_from: date | None = Field(
        None, description="The first day on which the term may be used; today where it is left out."
    )


class VocabularySummary(_Document):
    """One list, without its terms."""

    uri: str = Field(description="The address of the list with its terms.")
    name: str = Field(description="The field that takes its values from this list.")
    label: BothLanguages
    definition: BothLanguages


class VocabularyDocument(VocabularySummary):
    """One list with its terms, in display order."""

    terms: list[TermDocument]


class VocabulariesDocument(_Document):
    """All lists."""

    vocabularies: list[VocabularySummary]


def describe_change(model: type[TermChange]) -> dict[str, Any]:
    """The body of a request in the API document; texts in both languages are written out where they occur."""
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    for name, described in schema["properties"].items():
        if reference := described.get("$ref"):
            schema["properties"][name] = definitions[reference.rpartition("/")[2]]
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def describe_term(term: Term, public_url: str) -> TermDocument:
    """The term, with its URI at the register's public address."""
    return TermDocument(
        uri=public_url + term.path,
        code=term.code,
        label=BothLanguages(**term.label._asdict()),
        alternative_labels=term.alternative_labels,
        definition=BothLanguages(**term.definition._asdict()),
        parent=term.parent,
        broader=term.broader,
        valid_from=term.valid_from,
        valid_until=term.valid_until,
    )


def summarise_vocabulary(vocabulary: Vocabulary, public_url: str) -> VocabularySummary:
    """The list with its name and definition."""
    return VocabularySummary(
        uri=f"{public_url}/v1/vocabularies/{vocabulary.name}",
        name=vocabulary.name,
        label=BothLanguages(**vocabulary.label._asdict()),
        definition=BothLanguages(**vocabulary.definition._asdict()),
    )


def describe_vocabulary(vocabulary: Vocabulary, public_url: str) -> VocabularyDocument:
    """The list with all its terms, ended terms included."""
    return VocabularyDocument(
        **dict(summarise_vocabulary(vocabulary, public_url)),
        terms=[describe_term(term, public_url) for term in vocabulary.terms.values()],
    )
