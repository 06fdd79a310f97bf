"""Links by which a person signs in: who gets one, what it opens, and what ends it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.endings import end_access_for, end_principal
from app.access.invitations import Invitation, find_invitation, invite_person, withdraw_invitation
from app.access.links import (
    LIFETIME,
    LinkRefused,
    check_link,
    make_invitation_link,
    make_link,
    sign_in_by_link,
    use_link,
)
from app.access.sessions import find_session
from app.access.tables import SessionRow, SignInLinkRow
from app.access.upkeep import delete_old_access
from tests.support.organisations import make_organisation

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADDRESS = "noor@leiden.nl"
BROWSER = "browser-1"


@pytest.fixture
def organisation(session: Session) -> UUID:
    return make_organisation(session, name="Gemeente Leiden")


def invite(session: Session, organisation: UUID) -> Invitation:
    secret = invite_person(
        session,
        invited_by=None,
        name="Noor de Vries",
        email="Noor@Leiden.nl",
        role="editor",
        organisation_id=organisation,
        now=NOW,
        by_link=True,
    )
    found = find_invitation(session, secret, NOW)
    assert found is not None
    return found


def ask_by_invitation(session: Session, invitation: Invitation, now: datetime = NOW) -> str:
    address, secret = make_invitation_link(
        session, invitation, browser_secret=BROWSER, return_to="/mijn", now=now
    )
    assert address == ADDRESS
    return secret


def sign_in(session: Session, secret: str, now: datetime = NOW, browser: str = BROWSER) -> str:
    return sign_in_by_link(session, use_link(session, secret, browser, now), "Firefox", now)


@pytest.fixture
def person(session: Session, organisation: UUID) -> UUID:
    """Someone who accepted an invitation by a link."""
    token = sign_in(session, ask_by_invitation(session, invite(session, organisation)))
    found = find_session(session, token, NOW)
    assert found is not None
    return found.principal.id


def ask(session: Session, address: str = ADDRESS, now: datetime = NOW, browser: str = BROWSER) -> str | None:
    return make_link(session, address, browser_secret=browser, return_to="/mijn", now=now)


def refuse(session: Session, secret: str, now: datetime = NOW, browser: str = BROWSER) -> str:
    with pytest.raises(LinkRefused) as refused:
        use_link(session, secret, browser, now)
    return refused.value.refusal


def test_invited_person_signs_in_by_a_link_to_the_address_of_the_invitation(
    session: Session, organisation: UUID
) -> None:
    token = sign_in(session, ask_by_invitation(session, invite(session, organisation)))
    found = find_session(session, token, NOW)
    assert found is not None
    assert (found.principal.name, found.organisation_id, found.method) == (
        "Noor de Vries",
        organisation,
        "link",
    )


def test_known_person_signs_in_again_by_a_link_alone(session: Session, person: UUID) -> None:
    secret = ask(session)
    assert secret is not None
    found = find_session(session, sign_in(session, secret, NOW + 9 * MINUTE), NOW + 9 * MINUTE)
    assert found is not None
    assert found.principal.id == person


@pytest.mark.parametrize("address", ["eva@leiden.nl", "noor@leiden.example", "n\u03bfor@leiden.nl"])
def test_address_that_no_one_signs_in_with_gets_no_link(address: str, session: Session, person: UUID) -> None:
    assert person is not None
    assert ask(session, address) is None
    assert len(session.scalars(select(SignInLinkRow)).all()) == 1


def test_invited_person_who_has_not_accepted_gets_no_link_without_the_invitation(
    session: Session, organisation: UUID
) -> None:
    invite(session, organisation)
    assert ask(session) is None


def test_link_serves_once(session: Session, person: UUID) -> None:
    assert person is not None
    secret = ask(session) or ""
    use_link(session, secret, BROWSER, NOW)
    assert refuse(session, secret) == "used_link"


def test_looking_at_a_link_does_not_use_it(session: Session, person: UUID) -> None:
    assert person is not None
    secret = ask(session) or ""
    for _ in range(3):
        check_link(session, secret, BROWSER, NOW)
    use_link(session, secret, BROWSER, NOW)


def test_link_expires_after_ten_minutes(session: Session, person: UUID) -> None:
    assert person is not None
    secret = ask(session) or ""
    assert refuse(session, secret, NOW + LIFETIME) == "expired_link"
    use_link(session, secret, BROWSER, NOW + LIFETIME - timedelta(seconds=1))


@pytest.mark.parametrize("browser", ["browser-2", ""])
def test_link_is_refused_in_another_browser_and_still_serves_its_own(
    browser: str, session: Session, person: UUID
) -> None:
    assert person is not None
    secret = ask(session) or ""
    assert refuse(session, secret, browser=browser) == "other_browser"
    use_link(session, secret, BROWSER, NOW)


@pytest.mark.parametrize("secret", ["", "x", "x" * 10_000])
def test_link_that_was_never_made_is_refused(secret: str, session: Session) -> None:
    assert refuse(session, secret) == "unknown_link"


def test_new_link_ends_the_older_ones_of_its_address_alone(session: Session, person: UUID) -> None:
    assert person is not None
    invitation = invite_person(
        session,
        invited_by=None,
        name="Eva",
        email="eva@leiden.nl",
        role="administrator",
        organisation_id=None,
        now=NOW,
    )
    found = find_invitation(session, invitation, NOW)
    assert found is not None
    _, other = make_invitation_link(session, found, browser_secret=BROWSER, return_to="/mijn", now=NOW)
    first, second = ask(session) or "", ask(session, browser="browser-2") or ""
    assert refuse(session, first) == "replaced_link"
    use_link(session, second, "browser-2", NOW)
    use_link(session, other, BROWSER, NOW)


def test_person_who_ended_meanwhile_is_refused(session: Session, person: UUID) -> None:
    secret = ask(session) or ""
    end_principal(session, ended_by=None, principal_id=person, now=NOW, even_last=True)
    with pytest.raises(LinkRefused) as refused:
        sign_in(session, secret)
    assert refused.value.refusal == "no_role"
    assert ask(session) is None


def test_person_whose_role_ended_meanwhile_is_refused(
    session: Session, person: UUID, organisation: UUID
) -> None:
    assert person is not None
    secret = ask(session) or ""
    end_access_for(session, ended_by=None, organisation_id=organisation, now=NOW)
    with pytest.raises(LinkRefused) as refused:
        sign_in(session, secret)
    assert refused.value.refusal == "no_role"
    assert ask(session) is None


def test_invitation_that_was_withdrawn_meanwhile_is_refused(session: Session, organisation: UUID) -> None:
    invitation = invite(session, organisation)
    secret = ask_by_invitation(session, invitation)
    withdraw_invitation(session, withdrawn_by=None, invitation_id=invitation.id, now=NOW)
    with pytest.raises(LinkRefused) as refused:
        sign_in(session, secret)
    assert refused.value.refusal == "no_role"


def test_upkeep_forgets_links_and_sessions_a_day_after_their_end(session: Session, person: UUID) -> None:
    assert person is not None
    delete_old_access(session, NOW + timedelta(hours=2))
    assert session.scalars(select(SessionRow)).all()
    delete_old_access(session, NOW + timedelta(days=2))
    assert session.scalars(select(SessionRow)).all() == []
    assert session.scalars(select(SignInLinkRow)).all() == []
