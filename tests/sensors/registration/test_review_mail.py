"""Mail about a review: to the organisation and to who submitted, in one mail for many sensors."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.invitations import accept_invitation, find_invitation, invite_person
from app.access.principal import Principal
from app.access.queries import get_principal
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk.many_reviews import publish_many
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.registration.review_mail import MailSite
from app.sensors.registration.review_thread import comment_on_submission
from tests.support.organisations import make_organisation, make_principal
from tests.support.sensors import make_context, make_record

NOW = datetime.now(UTC)
MAIL = MailSite("https://register.example", NOW)
REMARKS = [FieldRemark("Welk plein?\nBcc: x@example.org", "name")]


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


@pytest.fixture
def person(session: Session, amsterdam: UUID) -> Principal:
    """An editor of a company who was invited by mail."""
    assert amsterdam is not None
    company = make_organisation(session)
    secret = invite_person(
        session,
        invited_by=None,
        email="anna@bedrijf.example.org",
        name="Anna",
        role="editor",
        organisation_id=company,
        now=NOW,
    )
    invitation = find_invitation(session, secret, NOW)
    assert invitation is not None
    return get_principal(session, accept_invitation(session, invitation.id, None, NOW))


def submit(session: Session, principal: Principal, reference: str = "nr 1", **fields: object) -> UUID:
    record = make_record(reference=reference, **fields)
    sensor_id: UUID = register_sensor(session, make_context(principal), record).sensor_id
    return sensor_id


def read_mail(session: Session) -> list[tuple[str, str, str]]:
    """Receiver, subject and text of each mail, in the order of the receivers."""
    statement = "SELECT receiver, subject, body FROM register.outgoing_mail ORDER BY receiver"
    return [(row.receiver, row.subject, row.body) for row in session.execute(text(statement))]


def test_request_for_changes_goes_to_the_organisation_and_the_person(
    session: Session, person: Principal, reviewer: Principal
) -> None:
    sensor_id = submit(session, person)
    request_changes(
        session,
        make_context(reviewer),
        sensor_id,
        reason="Zie hieronder.",
        remarks=REMARKS,
        expected=ANY_VERSION,
        mail=MAIL,
    )
    found = read_mail(session)
    assert [receiver for receiver, _, _ in found] == ["anna@bedrijf.example.org", "info@example.org"]
    for _, subject, body in found:
        assert subject.startswith("Wijzigingen gevraagd")
        assert "- Zie hieronder." in body
        assert "- Naam: Welk plein? Bcc: x@example.org" in body
        assert "https://register.example/mijn/beoordeling/" in body
        assert reviewer.name not in body


def test_each_decision_and_comment_has_its_words(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    context = make_context(reviewer)
    first, second = submit(session, company), submit(session, company, "nr 2")
    comment_on_submission(session, context, first, [FieldRemark("Mooi")], mail=MAIL)
    publish_submission(session, context, first, expected=ANY_VERSION, mail=MAIL)
    reject_submission(session, context, second, reason="Nee", expected=ANY_VERSION, mail=MAIL)
    subjects = {subject.split(" in ")[0].split(":")[0] for _, subject, _ in read_mail(session)}
    assert subjects == {"Opmerking bij uw registratie", "Gepubliceerd", "Afgewezen"}


def test_mail_says_that_it_is_about_a_removal(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    context, ids = (
        make_context(reviewer),
        [submit(session, company, f"nr {number}", placedFrom="2025-01-01") for number in (1, 2)],
    )
    publish_many(session, context, ids, mail=None)
    for sensor_id in ids:
        remove_sensor(session, make_context(company), sensor_id, {}, expected=ANY_VERSION)
    reject_submission(session, context, ids[0], reason="Hij hangt er nog.", expected=ANY_VERSION, mail=MAIL)
    publish_many(session, context, [ids[1], submit(session, company, "nr 3")], mail=MAIL)
    mails = {subject.partition(" ")[0]: (subject, body) for _, subject, body in read_mail(session)}
    subject, body = mails["Afgewezen"]
    assert subject.endswith("(verwijdering)")
    assert "Het gaat om de melding dat de sensor is verwijderd." in body
    subject, body = mails["Gepubliceerd"]
    assert subject.endswith("2 registraties")
    assert "(nr 2, verwijdering)" in body
    assert "(nr 3)" in body
    assert "dat de sensor" not in body


def test_many_sensors_of_one_owner_are_one_mail(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    other = make_principal(
        session, make_organisation(session, name="Ander Bedrijf BV", publicEmail="info@ander.example.org")
    )
    ids = [submit(session, company, f"nr {number}") for number in range(7)] + [submit(session, other)]
    publish_many(session, make_context(reviewer), ids, mail=MAIL)
    (one, several) = read_mail(session)
    assert one[0] == "info@ander.example.org"
    assert several[1].endswith("7 registraties")
    assert "en nog 2" in several[2]


def test_person_who_left_and_a_register_without_mail_get_none(
    session: Session, person: Principal, reviewer: Principal
) -> None:
    first, second = submit(session, person), submit(session, person, "nr 2")
    publish_submission(session, make_context(reviewer), first, expected=ANY_VERSION, mail=None)
    assert read_mail(session) == []
    session.execute(
        text("UPDATE register.access_grant SET ended_at = now() WHERE principal_id = :id"), {"id": person.id}
    )
    publish_submission(session, make_context(reviewer), second, expected=ANY_VERSION, mail=MAIL)
    assert [receiver for receiver, _, _ in read_mail(session)] == ["info@example.org"]
