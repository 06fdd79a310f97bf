"""Handlers of reports: people of the municipality of the place, and of the owner it was forwarded to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, true

from app.access.permissions import is_administrator
from app.access.principal import Principal, Role
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.reports.report_subject import ReportedSensor
from app.reports.tables import Report

_HANDLING: tuple[Role, ...] = ("editor", "reviewer")


@dataclass(frozen=True, slots=True)
class Handler:
    """Someone who handles reports, with what that person acts for.

    An administrator of the whole register sees all reports: a municipality may take no part in the register.
    """

    principal_id: UUID
    organisation_ids: frozenset[UUID]
    municipality_codes: frozenset[str]
    is_administrator: bool

    @classmethod
    def of_principal(cls, principal: Principal) -> "Handler":
        grants = [grant for grant in principal.grants if grant.role in _HANDLING]
        return cls(
            principal.id,
            frozenset(grant.organisation_id for grant in grants if grant.organisation_id),
            frozenset(grant.municipality_code for grant in grants if grant.municipality_code),
            is_administrator(principal),
        )

    @property
    def handles_any(self) -> bool:
        """Whether there may be reports for this person."""
        return self.is_administrator or bool(self.organisation_ids)

    def select_own(self) -> ColumnElement[bool]:
        """The condition on `Report` of what this person handles."""
        if self.is_administrator:
            return true()
        return or_(
            Report.municipality_code.in_(self.municipality_codes),
            Report.forwarded_to.in_(self.organisation_ids),
        )

    def acts_for_place(self, report: Report) -> bool:
        """Whether this person acts for the municipality of the place, and so may forward."""
        return self.is_administrator or report.municipality_code in self.municipality_codes

    def may_handle(self, report: Report) -> bool:
        return self.acts_for_place(report) or report.forwarded_to in self.organisation_ids

    def may_answer_at(self, report: Report, sensor: ReportedSensor) -> bool:
        """Whether this person may put an answer on the page of a sensor: no one writes on those of others."""
        return (
            self.is_administrator
            or sensor.id == report.sensor_id
            or sensor.owner_id in self.organisation_ids
            or sensor.municipality_code in self.municipality_codes
        )

    def choose_organisation(self, report: Report) -> UUID | None:
        """The organisation in whose name this person acts on a report; None for an administrator of all."""
        if report.forwarded_to in self.organisation_ids:
            return report.forwarded_to
        return next(iter(sorted(self.organisation_ids)), None)


def require_handler(principal: Principal) -> Handler:
    """The handler that a principal is. Raises: NotPermitted."""
    handler = Handler.of_principal(principal)
    if not handler.handles_any:
        raise NotPermitted(
            LocalizedText(
                "Meldingen van bewoners zijn voor redacteuren en beoordelaars van een organisatie.",
                "Reports of residents are for editors and reviewers of an organisation.",
            )
        )
    return handler
