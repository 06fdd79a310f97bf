"""Drafts: whose they are, what two people at once see of each other, and what becomes of them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import NotFound, NotPermitted
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.drafts import (
    ChangedMeanwhile,
    Draft,
    delete_draft,
    get_draft,
    list_drafts,
    move_to_version,
    save_step,
    start_draft,
)
from tests.support.organisations import make_principal
from tests.support.sensors import make_context, make_record

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def save(session: Session, by: Principal, draft: UUID, seen: int, **answers: str) -> Draft | ChangedMeanwhile:
    return save_step(session, by, draft, "wat", answers, seen=seen, now=NOW)


def test_draft_is_of_the_editors_of_its_organisation(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    draft = start_draft(session, officer, amsterdam, {"name": "Camera"})
    assert get_draft(session, officer, draft).answers == {"name": "Camera"}
    assert [one.id for one in list_drafts(session, officer, amsterdam)] == [draft]
    auditor = make_principal(session, amsterdam, "auditor")
    for other in (company, auditor):
        with pytest.raises(NotFound):
            get_draft(session, other, draft)
        with pytest.raises(NotFound):
            delete_draft(session, other, draft)
        with pytest.raises(NotPermitted):
            list_drafts(session, other, amsterdam)
        with pytest.raises(NotPermitted):
            start_draft(session, other, amsterdam, {})
    with pytest.raises(NotFound):
        get_draft(session, officer, uuid4())


def test_saving_replaces_the_answers_of_its_step_alone(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    draft = start_draft(session, officer, amsterdam, {"name": "Camera", "model": "X", "purpose": "Veilig"})
    saved = save(session, officer, draft, 1, name="", model="Y")
    assert isinstance(saved, Draft)
    assert saved.answers == {"model": "Y", "purpose": "Veilig"}
    assert saved.revision == 2
    again = save(session, officer, draft, 2, name="", model="Y")
    assert isinstance(again, Draft)
    assert again.revision == 2


def test_second_of_two_people_at_once_sees_what_the_first_did(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    colleague = make_principal(session, amsterdam)
    draft = start_draft(session, officer, amsterdam, {})
    save(session, colleague, draft, 1, name="Van de collega")
    refused = save(session, officer, draft, 1, name="Van mij")
    assert isinstance(refused, ChangedMeanwhile)
    assert refused.name == (colleague.name, colleague.name)
    assert refused.draft.answers == {"name": "Van de collega"}
    # Someone who has seen it may replace it.
    assert isinstance(save(session, officer, draft, refused.draft.revision, name="Van mij"), Draft)
    assert get_draft(session, officer, draft).answers == {"name": "Van mij"}


def test_earlier_page_of_the_same_person_saves_too(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    draft = start_draft(session, officer, amsterdam, {})
    save(session, officer, draft, 1, name="Een")
    assert isinstance(save(session, officer, draft, 1, name="Twee"), Draft)
    colleague = make_principal(session, amsterdam)
    # Nothing of another step was lost.
    other = save_step(session, colleague, draft, "waarom", {"purpose": "Meten"}, seen=1, now=NOW)
    assert isinstance(other, Draft)
    assert other.answers == {"name": "Twee", "purpose": "Meten"}


def test_draft_moves_to_a_later_version_and_is_thrown_away(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    version = register_sensor(session, make_context(officer), make_record())
    draft = start_draft(
        session, officer, amsterdam, {"name": "Mijn"}, sensor_id=version.sensor_id, version_number=1
    )
    move_to_version(session, officer, draft, {"name": "Onze"}, version_number=2, now=NOW)
    moved = get_draft(session, officer, draft)
    assert (moved.answers, moved.version_number, moved.revision) == ({"name": "Onze"}, 2, 2)
    delete_draft(session, officer, draft)
    with pytest.raises(NotFound):
        get_draft(session, officer, draft)
