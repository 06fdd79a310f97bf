"""The outbox: what upkeep forgets, and what it shows."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.mail.outbox import delete_old_mail, list_mail, post_mail
from app.mail.tables import OutgoingMail

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def post_one(session: Session) -> None:
    post_mail(
        session,
        "sign_in_link",
        receiver="noor@leiden.nl",
        language="nl",
        now=NOW,
        lifetime=timedelta(minutes=10),
        address="https://register.example/inloggen/link?sleutel=geheim",
        minutes=10,
        site="https://register.example",
    )


def test_upkeep_deletes_the_text_of_mail_that_came_too_late_and_later_the_rest(session: Session) -> None:
    """A register without a worker has no one else who does."""
    post_one(session)
    delete_old_mail(session, NOW + timedelta(minutes=9))
    assert [(one.status, one.receiver) for one in list_mail(session, NOW)] == [("waiting", "noor@leiden.nl")]
    delete_old_mail(session, NOW + timedelta(minutes=10))
    assert [one.status for one in list_mail(session, NOW)] == ["expired"]
    assert "geheim" not in str(session.execute(text("SELECT * FROM register.outgoing_mail")).all())
    delete_old_mail(session, NOW + timedelta(days=29))
    assert session.scalars(select(OutgoingMail)).all()
    delete_old_mail(session, NOW + timedelta(days=31))
    assert session.scalars(select(OutgoingMail)).all() == []
