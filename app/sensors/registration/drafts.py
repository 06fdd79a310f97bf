"""Drafts of registrations: started, saved a step at a time, listed and thrown away by the editors of one organisation.

A draft holds text as it was typed, right or wrong. It becomes a registration by `register_sensor` or `amend_sensor`,
which check it as any other request. Source: decision 0065.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.erasure import read_name
from app.access.permissions import may_edit, require_editor
from app.access.principal import Principal
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.sensors.tables.drafts import SensorDraft

Answers = Mapping[str, str | list[str]]
"""Texts as they were typed, by the names of fields; the codes of a list are several."""

_UNKNOWN = LocalizedText(
    "Dit concept is er niet meer. Misschien is het al ingediend of weggegooid.",
    "This draft is not there any more. Perhaps it was submitted or thrown away already.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `sensor_id` and `version_number` are of the registration that it changes; both None for a new one.

    `last_step` is the step that was saved last; None where none was. `warned_at` is when its maker got a mail that it
    will be deleted.
    """

    id: UUID
    organisation_id: UUID
    sensor_id: UUID | None
    version_number: int | None
    answers: Answers
    revision: int
    last_step: str | None
    saved_at: datetime
    warned_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """The same step of a draft was saved by someone else: by whom, and the draft as it is now."""

    name: LocalizedText
    draft: Draft


def start_draft(  # noqa: PLR0913 - whose, and of what
    session: Session,
    principal: Principal,
    organisation_id: UUID,
    answers: Answers,
    *,
    sensor_id: UUID | None = None,
    version_number: int | None = None,
) -> UUID:
    """Start a draft, of a new registration or of a change of one. Raises: NotPermitted."""
    require_editor(principal, organisation_id)
    row = SensorDraft(
        organisation_id=organisation_id,
        sensor_id=sensor_id,
        version_number=version_number,
        answers=dict(answers),
        created_by=principal.id,
    )
    session.add(row)
    session.flush()
    return row.id


def get_draft(session: Session, principal: Principal, draft_id: UUID) -> Draft:
    """The draft. Raises: NotFound, also for a draft of an organisation that the principal does not edit for."""
    return _make_draft(_get_row(session, principal, draft_id))


def list_drafts(session: Session, principal: Principal, organisation_id: UUID) -> list[Draft]:
    """The drafts of an organisation, the last saved one first. Raises: NotPermitted."""
    require_editor(principal, organisation_id)
    statement = (
        select(SensorDraft)
        .where(SensorDraft.organisation_id == organisation_id)
        .order_by(SensorDraft.saved_at.desc(), SensorDraft.id.desc())
    )
    return [_make_draft(row) for row in session.scalars(statement)]


def save_step(  # noqa: PLR0913 - who saves what, and what that person has seen
    session: Session,
    principal: Principal,
    draft_id: UUID,
    step: str,
    answers: Answers,
    *,
    seen: int,
    now: datetime,
) -> Draft | ChangedMeanwhile:
    """Replace the answers of one step; an empty answer is removed. `seen` is the revision that the form was made from.

    Nothing is saved where someone else has saved other answers to the same step after that revision. Raises: NotFound.
    """
    row = _get_row(session, principal, draft_id, locked=True)
    kept = {name: answer for name, answer in answers.items() if answer}
    former = {name: row.answers[name] for name in answers if name in row.answers}
    last = row.saves.get(step)
    if last and last["revision"] > seen and last["by"] != str(principal.id) and kept != former:
        return ChangedMeanwhile(read_name(session, UUID(last["by"])), _make_draft(row))
    if kept == former:
        return _make_draft(row)
    row.answers = {name: answer for name, answer in row.answers.items() if name not in answers} | kept
    row.revision += 1
    row.saves = {**row.saves, step: {"revision": row.revision, "by": str(principal.id)}}
    row.saved_at = now
    session.flush()
    return _make_draft(row)


def move_to_version(  # noqa: PLR0913 - whose draft, and to which version
    session: Session,
    principal: Principal,
    draft_id: UUID,
    answers: Mapping[str, Any],
    *,
    version_number: int,
    now: datetime,
) -> None:
    """Let a draft change a later version of its registration, with all of its answers replaced. Raises: NotFound."""
    row = _get_row(session, principal, draft_id, locked=True)
    row.answers = dict(answers)
    row.version_number = version_number
    row.revision += 1
    row.saved_at = now
    session.flush()


def delete_draft(session: Session, principal: Principal, draft_id: UUID) -> None:
    """Throw a draft away. Raises: NotFound."""
    row = _get_row(session, principal, draft_id, locked=True)
    session.execute(delete(SensorDraft).where(SensorDraft.id == row.id))


def _get_row(session: Session, principal: Principal, draft_id: UUID, *, locked: bool = False) -> SensorDraft:
    statement = select(SensorDraft).where(SensorDraft.id == draft_id)
    row = session.scalars(statement.with_for_update() if locked else statement).one_or_none()
    if row is None or not may_edit(principal, row.organisation_id):
        raise NotFound(_UNKNOWN)
    return row


def _make_draft(row: SensorDraft) -> Draft:
    return Draft(
        id=row.id,
        organisation_id=row.organisation_id,
        sensor_id=row.sensor_id,
        version_number=row.version_number,
        answers=dict(row.answers),
        revision=row.revision,
        last_step=max(row.saves, key=lambda step: row.saves[step]["revision"], default=None),
        saved_at=row.saved_at,
        warned_at=row.warned_at,
    )
