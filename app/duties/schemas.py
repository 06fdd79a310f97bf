"""Duties and trusted organisations in requests and answers."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from app.core.i18n import LocalizedText
from app.duties.duty import DEFAULT_NOTICE_DAYS, Duty
from app.duties.queries import Trust

LONGEST_TEXT: Final = 4000
MOST_DAYS: Final = 365

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
_Term = Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)]
_Switch = Annotated[bool, Field(strict=True)]


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Words(_Document):
    """A text in Dutch, and in English; without the English one the Dutch text is shown."""

    nl: _Text
    en: _Text | None = None


class DutyRequest(_Document):
    """The rule of a municipality for owners of sensors, from a day on. It replaces the whole rule from that day."""

    valid_from: str = Field(
        description="The first day of this rule, today or later; the first rule of a municipality may be older.",
        json_schema_extra={"format": "date"},
    )
    mandatory: _Switch = Field(description="Whether owners must notify their sensors.")
    sensor_types: list[str] = Field(
        [], max_length=100, description="The kinds of sensors that the rule concerns; empty: every kind."
    )
    owner_types: list[str] = Field(
        [], max_length=100, description="The kinds of owners that the rule concerns; empty: every kind."
    )
    notice_days: int = Field(
        DEFAULT_NOTICE_DAYS,
        ge=0,
        le=MOST_DAYS,
        strict=True,
        description="How many days before it is placed a sensor has to be notified.",
    )
    removal_notified: _Switch = Field(default=False, description="Whether removal has to be notified.")
    change_notified: _Switch = Field(default=False, description="Whether a change has to be notified.")
    exemptions: Words | None = Field(None, description="Which sensors need not be notified.")
    legal_title: Words | None = Field(None, description="The name and article of the rule.")
    legal_text: Words | None = Field(None, description="The text of the rule, or what it says.")
    legal_url: str | None = Field(
        None, description="The address of the rule.", json_schema_extra={"format": "uri"}
    )
    review_term_days: _Term = Field(14, description="Days in which a notification is reviewed.")
    comment_term_days: _Term = Field(
        7, description="Days in which the municipality comments on a sensor of others that touches it."
    )
    report_term_days: _Term = Field(28, description="Days in which a report of a resident is answered.")
    receipt_text: Words | None = Field(None, description="A text on each receipt.")
    objection_text: Words | None = Field(None, description="How to object to a decision.")


class DutyDocument(_Document):
    """The rule of a municipality from a day on; without `validFrom` it has stated none, and nothing is mandatory."""

    municipality_code: str
    valid_from: date | None = None
    mandatory: bool
    sensor_types: list[str]
    owner_types: list[str]
    notice_days: int
    removal_notified: bool
    change_notified: bool
    exemptions: Words | None = None
    legal_title: Words | None = None
    legal_text: Words | None = None
    legal_url: str | None = None
    review_term_days: int
    comment_term_days: int
    report_term_days: int
    receipt_text: Words | None = None
    objection_text: Words | None = None
    example: bool = Field(
        description="Whether it is an example of a demonstration, not the municipality's own."
    )


class DutiesDocument(_Document):
    """The rule of today, and every rule with its first day, the newest first; one may begin later than today."""

    in_force: DutyDocument
    history: list[DutyDocument]


class TrustRequest(_Document):
    """An organisation to trust."""

    organisation: UUID = Field(description="The id of the organisation.")


class TrustDocument(_Document):
    """An organisation whose own registrations in the municipality are published at once, or were."""

    organisation: UUID
    name: str | None = None
    trusted_at: datetime
    trusted_by: UUID | None = Field(None, description="The principal who decided it.")
    ended_at: datetime | None = None


class TrustedDocument(_Document):
    """The organisations that a municipality trusts, and those that it trusted before; the newest first."""

    trusted_organisations: list[TrustDocument]


def describe_duty(duty: Duty) -> DutyDocument:
    """A duty as the API shows it."""
    return DutyDocument(
        municipality_code=duty.municipality_code or "",
        valid_from=duty.valid_from,
        mandatory=duty.is_mandatory,
        sensor_types=list(duty.sensor_types),
        owner_types=list(duty.owner_types),
        notice_days=duty.notice_days,
        removal_notified=duty.removal_notified,
        change_notified=duty.change_notified,
        exemptions=_words(duty.exemptions),
        legal_title=_words(duty.legal_title),
        legal_text=_words(duty.legal_text),
        legal_url=duty.legal_url,
        review_term_days=duty.review_term_days,
        comment_term_days=duty.comment_term_days,
        report_term_days=duty.report_term_days,
        receipt_text=_words(duty.receipt_text),
        objection_text=_words(duty.objection_text),
        example=duty.is_example,
    )


def describe_trust(trust: Trust) -> TrustDocument:
    """A trusted organisation as the API shows it."""
    return TrustDocument(
        organisation=trust.organisation_id,
        name=trust.name,
        trusted_at=trust.since,
        trusted_by=trust.trusted_by,
        ended_at=trust.ended_at,
    )


def _words(text: LocalizedText | None) -> Words | None:
    return Words(nl=text.nl, en=text.en) if text else None
