"""Documents of reports on the wire."""

from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.reports.report_kinds import MAX_TEXT, ReportKind, ReportStatus
from app.reports.tables import Report


class WireModel(BaseModel):
    """Names in camel case; unknown names are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ReportedPoint(WireModel):
    """A GeoJSON point: longitude and latitude in degrees."""

    type: Literal["Point"]
    coordinates: tuple[float, float]


class ReportRequest(WireModel):
    """A report about a public sensor or a place: one of the two."""

    kind: ReportKind
    sensor: str | None = Field(
        None, max_length=100, description="The registration number of a public sensor."
    )
    location: ReportedPoint | None = Field(None, description="A place, where no sensor is named.")
    at_home: bool = Field(
        default=False,
        description="Whether a missing sensor is a doorbell or camera at someone's home: that is not taken.",
    )
    # Its length is checked together with the rest, so that all problems come at once.
    text: str = Field(
        "", description=f"At most {MAX_TEXT} characters; may be empty for `gone` and `still_there`."
    )
    email: str | None = Field(None, description="Where the answer goes; stored encrypted.")
    may_publish: bool = Field(
        default=False,
        description="Whether question and answer may be put on the page of the sensor, in other words.",
    )
    language: Literal["nl", "en"] = Field("nl", description="The language of mail and of the private page.")


class ReportDocument(WireModel):
    """Where a report is on its way, for who has its secret."""

    id: str
    kind: ReportKind
    status: ReportStatus
    municipality_code: str | None = None
    created_at: datetime
    due_on: date
    forwarded_at: datetime | None = None
    ended_at: datetime | None = None
    answer: str | None = Field(None, description="The answer, or why the report was not taken up.")


class FiledDocument(ReportDocument):
    """A report that was taken, with its secret, which is given once."""

    secret: str = Field(description="For the header `Report-Secret`; whoever has it reads the report.")
    page: str = Field(description="The private page for people.")


COUNTS_SCHEMA: Final[dict[str, Any]] = {
    "title": "ReportCounts",
    "type": "object",
    "required": ["rows"],
    "properties": {
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["year", "kind", "received", "answered", "rejected", "inTime"],
                "properties": {
                    "municipalityCode": {
                        "type": "string",
                        "description": "Absent outside all municipalities.",
                    },
                    "year": {"type": "integer", "description": "The year in which the reports came."},
                    "kind": {"type": "string", "enum": [kind.value for kind in ReportKind]},
                    **{name: {"type": "integer"} for name in ("received", "answered", "rejected")},
                    "inTime": {
                        "type": "integer",
                        "description": "How many were answered or rejected by their due date.",
                    },
                },
            },
        }
    },
}


def describe_report(report: Report) -> dict[str, Any]:
    """The fields of `ReportDocument`, by their names in Python."""
    return {
        "id": str(report.id),
        "kind": ReportKind(report.kind),
        "status": ReportStatus(report.status),
        "municipality_code": report.municipality_code,
        "created_at": report.created_at.astimezone(UTC),
        "due_on": report.due_on,
        "forwarded_at": report.forwarded_at.astimezone(UTC) if report.forwarded_at else None,
        "ended_at": report.ended_at.astimezone(UTC) if report.ended_at else None,
        "answer": report.answer,
    }
