"""Remarks in a review: checked, written, and read as one thread."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.access.context import ActionContext
from app.access.erasure import read_name
from app.access.permissions import may_see_private
from app.access.principal import Principal
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.organisations.queries import list_organisation_names
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import CONTROL
from app.sensors.tables.register import sensor_version
from app.sensors.tables.reviews import MAX_REMARK, RemarkKind, ReviewRemark


@dataclass(frozen=True, slots=True)
class FieldRemark:
    """A text about one field, by its name; about the whole registration where `field` is None."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark of a thread. `author` is the name of a person, shown inside the organisation that it was made for."""

    id: UUID
    version_number: int
    kind: RemarkKind
    field: str | None
    text: str
    organisation_id: UUID
    organisation: str
    author: LocalizedText | None
    recorded_at: datetime


def find_remark_problems(remarks: Sequence[FieldRemark], pointer: str = "/remarks") -> list[Problem]:
    """The problems of remarks: a text that is missing or too long, a field that does not exist."""
    problems = []
    for number, remark in enumerate(remarks):
        place = f"{pointer}/{number}"
        if remark.field is not None and remark.field not in FIELD_BY_NAME:
            detail = LocalizedText("Dit veld bestaat niet.", "There is no such field.")
            problems.append(Problem(ProblemCode.UNKNOWN_FIELD, f"{place}/field", detail, remark.field))
        if (problem := find_text_problem(remark.text, f"{place}/text")) is not None:
            problems.append(problem)
    return problems


def find_text_problem(text: str, pointer: str) -> Problem | None:
    """The problem of a text that must be there and is limited in length; None for a good one."""
    if not text.strip():
        return Problem(
            ProblemCode.REQUIRED, pointer, LocalizedText("Vul hier een tekst in.", "Enter a text here.")
        )
    if CONTROL.search(text):
        detail = LocalizedText(
            "De tekst bevat stuurtekens. Typ de tekst opnieuw, zonder te plakken.",
            "The text holds control characters. Type it again instead of pasting.",
        )
        return Problem(ProblemCode.CONTROL_CHARACTERS, pointer, detail)
    if len(text.strip()) > MAX_REMARK:
        detail = LocalizedText(
            f"Schrijf hoogstens {MAX_REMARK} tekens.", f"Write {MAX_REMARK} characters at most."
        )
        return Problem(ProblemCode.TOO_LONG, pointer, detail)
    return None


def write_remarks(  # noqa: PLR0913, PLR0917 - which version, by whom, and for which organisation
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    version_number: int,
    kind: RemarkKind,
    remarks: Sequence[FieldRemark],
    *,
    organisation_id: UUID,
) -> list[UUID]:
    """Store checked remarks about one version; return their ids."""
    rows = [
        ReviewRemark(
            sensor_id=sensor_id,
            version_number=version_number,
            kind=kind,
            field=remark.field,
            text=remark.text.strip(),
            principal_id=context.principal.id,
            organisation_id=organisation_id,
        )
        for remark in remarks
    ]
    for row in rows:
        session.add(row)
        # One by one: so that they are read in the order in which they were given.
        session.flush()
    return [row.id for row in rows]


def list_remarks(session: Session, principal: Principal, sensor_id: UUID) -> list[Remark]:
    """Every remark about a sensor, oldest first, for a principal who may see the sensor."""
    rows = session.scalars(
        select(ReviewRemark)
        .where(ReviewRemark.sensor_id == sensor_id)
        .order_by(ReviewRemark.recorded_at, ReviewRemark.id)
    ).all()
    organisations = list_organisation_names(session, {row.organisation_id for row in rows})
    authors: Mapping[UUID, LocalizedText] = {
        one: read_name(session, one) for one in sorted({row.principal_id for row in rows})
    }
    return [
        Remark(
            row.id,
            row.version_number,
            RemarkKind(row.kind),
            row.field,
            row.text,
            row.organisation_id,
            organisations[row.organisation_id],
            authors[row.principal_id] if may_see_private(principal, row.organisation_id) else None,
            row.recorded_at,
        )
        for row in rows
    ]


def count_requests(session: Session, sensor_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many changes were asked of each of these sensors the last time; those without are left out."""
    later = aliased(ReviewRemark)
    is_superseded = exists().where(
        later.sensor_id == ReviewRemark.sensor_id,
        later.kind == RemarkKind.CHANGE_REQUEST,
        later.version_number > ReviewRemark.version_number,
    )
    rows = session.execute(
        select(ReviewRemark.sensor_id, func.count().label("requests"))
        .where(
            ReviewRemark.sensor_id.in_(sensor_ids),
            ReviewRemark.kind == RemarkKind.CHANGE_REQUEST,
            ~is_superseded,
        )
        .group_by(ReviewRemark.sensor_id)
    )
    return {row.sensor_id: row.requests for row in rows}


def delete_remarks(session: Session, sensor_id: UUID, version_number: int | None = None) -> None:
    """Erase the remarks about a sensor, or about one version of it: they may repeat what is erased."""
    statement = delete(ReviewRemark).where(ReviewRemark.sensor_id == sensor_id)
    if version_number is not None:
        statement = statement.where(ReviewRemark.version_number == version_number)
    session.execute(statement)


def delete_remarks_of_erased(session: Session, sensor_ids: Collection[UUID]) -> None:
    """Erase the remarks about the versions of these sensors that were erased."""
    statement = delete(ReviewRemark).where(
        ReviewRemark.sensor_id == sensor_version.c.sensor_id,
        ReviewRemark.version_number == sensor_version.c.number,
        ReviewRemark.sensor_id.in_(sensor_ids),
        sensor_version.c.erased,
    )
    session.execute(statement.execution_options(synchronize_session=False))
