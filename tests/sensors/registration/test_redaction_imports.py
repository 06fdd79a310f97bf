"""An import that was undone leaves the public history as a whole."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import Conflict, NotFound
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.registration.redaction import redact_undone_import
from app.sensors.registration.review import publish_submission, reject_submission
from tests.support.bulk import import_records, read_versions
from tests.support.organisations import make_organisation, make_principal
from tests.support.sensors import make_context, make_record

SECRET = "Pietersen achter de blauwe deur"


def make_records(owner: UUID, *references: str, purpose: str) -> list[dict[str, object]]:
    return [
        make_record(reference=reference, owner=str(owner), placedFrom="2026-01-01", purpose=purpose)
        for reference in references
    ]


def read_past(session: Session) -> list[tuple[int, bool]]:
    rows = session.execute(
        text("SELECT version, feature_properties FROM publication.past_version ORDER BY version, id")
    )
    return [(row.version, SECRET in row.feature_properties) for row in rows]


@pytest.mark.parametrize("erase", [False, True])
def test_undone_import_leaves_the_public_history(
    session: Session, officer: Principal, amsterdam: UUID, erase: bool
) -> None:
    context = make_context(officer)
    import_records(session, context, make_records(amsterdam, "a", purpose="Weten hoe druk het is."))
    import_id, _ = import_records(session, context, make_records(amsterdam, "a", "b", purpose=SECRET))
    with pytest.raises(Conflict):
        redact_undone_import(session, context, import_id, reason="Privacy")
    revert_import(session, context, import_id)
    assert sorted(read_past(session)) == [(1, False), (1, True), (2, True)]
    redacted = redact_undone_import(session, context, import_id, reason="Privacy", erase=erase)
    # Two of b: the version of the import and the copy with which it was withdrawn.
    assert (redacted.versions, redacted.sensors) == (3, 2)
    assert read_past(session) == [(1, False)]
    touched = [(one.number, one.purpose == SECRET) for one in read_versions(session) if one.redacted_at]
    assert sorted(touched) == [(1, not erase), (2, not erase), (2, not erase)]
    kinds = session.scalars(
        text(
            "SELECT kind FROM publication.change WHERE number > (SELECT max(number) - 2 FROM publication.change)"
        )
    ).all()
    assert kinds == ["redacted", "redacted"]
    numbers = session.scalars(text("SELECT number FROM publication.change ORDER BY number")).all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_import_that_wrote_nothing_is_unknown(session: Session, officer: Principal) -> None:
    with pytest.raises(NotFound):
        redact_undone_import(session, make_context(officer), UUID(int=1), reason="Privacy")


def submit_import(session: Session, company: UUID) -> tuple[UUID, UUID]:
    """An import of an organisation that is not trusted; gives the import and its sensor."""
    context = make_context(make_principal(session, company))
    import_id, _ = import_records(session, context, make_records(company, "a", purpose=SECRET))
    return import_id, session.scalars(text("SELECT id FROM register.sensor")).one()


def test_import_that_a_reviewer_published_is_in_force(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    import_id, sensor_id = submit_import(session, make_organisation(session))
    reviewer = make_context(make_principal(session, amsterdam, "reviewer"))
    publish_submission(session, reviewer, sensor_id, expected=ANY_VERSION, mail=None)
    with pytest.raises(Conflict):
        redact_undone_import(session, make_context(officer), import_id, reason="Privacy", erase=True)


def test_rejected_import_is_erased_with_what_was_remarked(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    import_id, sensor_id = submit_import(session, make_organisation(session))
    reviewer = make_context(make_principal(session, amsterdam, "reviewer"))
    reject_submission(session, reviewer, sensor_id, reason=SECRET, expected=ANY_VERSION, mail=None)
    redacted = redact_undone_import(session, make_context(officer), import_id, reason="Privacy", erase=True)
    assert redacted.versions == 2
    assert [one.purpose for one in read_versions(session)] == ["", ""]
    assert session.scalar(text("SELECT count(*) FROM register.review_remark")) == 0
