"""Reviews in requests and answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from shapely.geometry.base import BaseGeometry

from app.core.i18n import Language
from app.sensors.bulk.many import Outcome, Refusal
from app.sensors.registration.remarks import FieldRemark, Remark
from app.sensors.registration.review_queue import QueuePart, SubmissionFilter, SubmissionKind, SubmissionRow
from app.sensors.registration.schemas import write_registration
from app.sensors.registration.submission import Submission
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.reviews import RemarkKind
from app.spatial.crs import Crs
from app.spatial.geojson import write_geometry

MAX_MANY: Final = 20_000
"""Maximum number of submissions decided about in one request."""


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Decision(StrEnum):
    """Decision of a reviewer about a submission."""

    PUBLISH = "publish"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"


class RemarkRequest(_Document):
    """A text about one field, or about the whole registration."""

    text: str
    field: str | None = Field(None, description="The name of the field; without it, the whole registration.")

    def read(self) -> FieldRemark:
        """The remark as the register takes it."""
        return FieldRemark(self.text, self.field)


_Remarks = Annotated[list[RemarkRequest], Field(max_length=100)]


class DecisionRequest(_Document):
    """A decision, with its reason: needed to reject, and to ask for changes without remarks."""

    decision: Decision
    reason: str = Field("", description="Why; the submitter reads it.")
    remarks: _Remarks = Field([], description="Texts about fields; not with `publish`.")


class RemarksRequest(_Document):
    """Comments of a municipality that is touched, or answers of the owner."""

    remarks: Annotated[list[RemarkRequest], Field(min_length=1, max_length=100)]


class ResubmissionRequest(_Document):
    """The answers with which a registration is submitted again as it is."""

    remarks: _Remarks = []


class ReasonRequest(_Document):
    """Why a registration is withdrawn, or restored."""

    reason: str = Field("", description="Why; it is written in the audit trail.")


class FilterRequest(_Document):
    """Which submissions of the queue; each condition narrows it."""

    municipality: str | None = Field(
        None, description="One municipality that the caller reviews for, by code (GM0363) or name."
    )
    owner: UUID | None = None
    sensor_type: str | None = None
    kind: SubmissionKind | None = None
    late: bool | None = Field(None, strict=True, description="Whether it was notified late.")
    overdue: bool | None = Field(None, strict=True, description="Whether the term of review has passed.")
    min_age_days: int | None = Field(None, ge=0, le=36_500, strict=True)
    q: str = Field("", max_length=100, description="Words, as in the parameter `q` of the queue.")

    def read(self, part: QueuePart = QueuePart.REVIEW) -> SubmissionFilter:
        """The filter of the queue."""
        return SubmissionFilter(
            part=part,
            municipality_code=self.municipality,
            sensor_type=self.sensor_type,
            owner_id=self.owner,
            kind=self.kind,
            is_late=self.late,
            is_overdue=self.overdue,
            min_age_days=self.min_age_days,
            words=self.q,
        )


class ManyRequest(DecisionRequest):
    """One decision about many submissions: those of `sensors`, or everything that `filter` finds."""

    sensors: Annotated[list[UUID], Field(max_length=MAX_MANY)] | None = None
    filter: FilterRequest | None = None
    seen_at: datetime | None = Field(
        None,
        description="What changed after this moment is left as it is: the moment at which the queue was read.",
    )


class SubmissionDocument(_Document):
    """A submission in the queue."""

    id: UUID = Field(description="The sensor.")
    version: int
    public_code: str
    reference: str
    name: str | None = None
    sensor_type: str
    owner: UUID
    owner_name: str
    municipality: str = Field(description="The code of the municipality that reviews.")
    municipality_codes: list[str]
    registration_status: RegistrationStatus
    kind: SubmissionKind
    submitted_at: datetime
    due_on: date = Field(description="The last day of the term of review.")
    overdue: bool
    comment_due_on: date = Field(description="The last day until which the reviewer waits for comments.")
    notified_late: bool
    placed_from: date
    removed_on: date | None = None
    warnings: int
    own: bool = Field(
        description="Whether you sent it, or register for its owner: then another reviewer decides."
    )


class PageLink(_Document):
    """A link to another page of a list."""

    rel: str
    href: str


class QueueDocument(_Document):
    """One page of the queue; `total` counts every page."""

    reviews: list[SubmissionDocument]
    total: int
    links: list[PageLink]


class RemarkDocument(_Document):
    """A remark. `author` is there for people of the same organisation."""

    version: int
    kind: RemarkKind
    field: str | None = None
    text: str
    organisation: UUID
    organisation_name: str
    author: str | None = None
    recorded_at: datetime


class DifferenceDocument(_Document):
    """A field of which the submitted value is not the published one."""

    field: str
    before: Any = None
    after: Any = None


class ReviewDocument(_Document):
    """A registration in review: its current version, the published one, their differences and what was said."""

    sensor: dict[str, Any] = Field(
        description="The registration as it was submitted, as `/v1/sensors/{sensorId}`."
    )
    published: dict[str, Any] | None = Field(None, description="The published version, likewise.")
    kind: SubmissionKind
    municipality: str | None = Field(None, description="The code of the municipality that reviews.")
    commenting_municipalities: list[str]
    submitted_at: datetime
    due_on: date
    overdue: bool
    comment_due_on: date
    may_decide: bool
    may_comment: bool
    may_answer: bool
    differences: list[DifferenceDocument]
    remarks: list[RemarkDocument]
    earlier_remarks: list[RemarkDocument]


class RefusedDocument(_Document):
    """A submission that was left as it is."""

    public_code: str
    reason: Refusal


class OutcomeDocument(_Document):
    """The registration numbers that were decided about, and those that were not."""

    decided: list[str]
    refused: list[RefusedDocument]


def describe_row(row: SubmissionRow) -> SubmissionDocument:
    """A row of the queue as the API shows it."""
    return SubmissionDocument(
        id=row.sensor_id,
        version=row.version_number,
        public_code=row.public_code,
        reference=row.reference,
        name=row.name,
        sensor_type=row.sensor_type,
        owner=row.owner_id,
        owner_name=row.owner,
        municipality=row.municipality_code,
        municipality_codes=list(row.municipality_codes),
        registration_status=row.status,
        kind=row.kind,
        submitted_at=row.submitted_at,
        due_on=row.due_on,
        overdue=row.is_overdue,
        comment_due_on=row.comment_due_on,
        notified_late=row.is_late,
        placed_from=row.placed_from,
        removed_on=row.removed_on,
        warnings=row.warnings,
        own=row.is_own,
    )


def describe_submission(submission: Submission, language: Language, today: date) -> ReviewDocument:
    """A submission as the API shows it, with geometries in longitude and latitude."""
    published = submission.published
    return ReviewDocument(
        sensor=write_registration(submission.version, language, today),
        published=write_registration(published, language, today) if published else None,
        kind=submission.kind,
        municipality=submission.municipality_code,
        commenting_municipalities=list(submission.commenting_codes),
        submitted_at=submission.submitted_at,
        due_on=submission.due_on,
        overdue=submission.is_overdue,
        comment_due_on=submission.comment_due_on,
        may_decide=submission.may_decide,
        may_comment=submission.may_comment,
        may_answer=submission.may_answer,
        differences=[
            DifferenceDocument(field=one.field.name, before=_write(one.before), after=_write(one.after))
            for one in submission.differences
        ],
        remarks=[describe_remark(one, language) for one in submission.remarks],
        earlier_remarks=[describe_remark(one, language) for one in submission.earlier_remarks],
    )


def describe_remark(remark: Remark, language: Language) -> RemarkDocument:
    """A remark as the API shows it."""
    return RemarkDocument(
        version=remark.version_number,
        kind=remark.kind,
        field=remark.field,
        text=remark.text,
        organisation=remark.organisation_id,
        organisation_name=remark.organisation,
        author=remark.author.render(language) if remark.author else None,
        recorded_at=remark.recorded_at,
    )


def describe_outcome(outcome: Outcome) -> OutcomeDocument:
    """The outcome of many decisions as the API shows it."""
    return OutcomeDocument(
        decided=list(outcome.changed),
        refused=[RefusedDocument(public_code=code, reason=why) for code, why in outcome.refused],
    )


def _write(value: Any) -> Any:
    return write_geometry(value, Crs.CRS84) if isinstance(value, BaseGeometry) else value


def describe_body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """The body of a request in the API document."""
    schema = model.model_json_schema(by_alias=True)
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}
