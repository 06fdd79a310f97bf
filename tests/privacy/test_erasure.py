"""Export and erasure of one person: complete, and the history stays."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.access.erasure import FORMER, read_name
from app.access.invitations import find_invitation, invite_person
from app.access.oidc.tokens import Identity
from app.access.queries import get_principal, read_principal
from app.access.sessions import SignedIn, find_session, open_session
from app.access.sign_in import recognise_person
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import Conflict, NotFound, NotPermitted
from app.mail.outbox import post_mail
from app.privacy.columns import TABLES
from app.privacy.erasure import erase_person
from app.privacy.export import count_rows, export_person
from app.sensors.registration.drafts import save_step, start_draft
from tests.support.organisations import make_key, make_municipality
from tests.support.people import make_person

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ADDRESS = "noor.de.vries@leiden.nl"
IDENTITY = Identity("https://provider.example", "subject-of-noor", None, "Noor de Vries", ADDRESS)


def invite_noor(session: Session, leiden: UUID) -> UUID:
    """A person who accepted an invitation, signed in, made a draft and got a mail."""
    secret = invite_person(
        session,
        invited_by=None,
        name="Noor de Vries",
        email=ADDRESS,
        role="editor",
        organisation_id=leiden,
        now=NOW,
    )
    invitation = find_invitation(session, secret, NOW)
    assert invitation is not None
    noor = recognise_person(session, IDENTITY, invitation.id, NOW)
    open_session(
        session,
        principal_id=noor,
        signed_in=SignedIn("provider", "Firefox van Noor", IDENTITY.issuer, IDENTITY.subject),
        now=NOW,
    )
    start_draft(session, get_principal(session, noor), leiden, {"name": "Camera van Noor"})
    post_mail(
        session,
        "sign_in_link",
        receiver=ADDRESS.upper(),
        language="nl",
        now=NOW,
        address="https://register.example",
        minutes=10,
        site="https://register.example",
    )
    return noor


def read_register(session: Session) -> str:
    """Every row of the schema that can hold something of a person, as one text."""
    return "".join(str(session.execute(text(f"SELECT * FROM register.{name}")).all()) for name in TABLES)


def test_export_has_what_is_stored_and_can_be_written_as_json(session: Session) -> None:
    leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    noor = invite_noor(session, leiden)
    make_person(session, "Fatima", ("administrator", leiden))
    exported = export_person(session, noor, NOW)
    written = json.dumps(exported)
    for mark in (
        "Noor de Vries",
        ADDRESS,
        "subject-of-noor",
        "Firefox van Noor",
        "Camera van Noor",
        "editor",
    ):
        assert mark in written
    assert "Fatima" not in written
    names = dict(count_rows(exported))
    assert names["outgoing_mail by address"] == 1
    assert names["audit_entry about this person"] >= 2
    with pytest.raises(NotFound):
        export_person(session, UUID(int=1), NOW)


def test_erased_person_leaves_a_number_and_no_name(session: Session) -> None:
    leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    boss = make_person(session, "Fatima", ("administrator", leiden))
    noor = invite_noor(session, leiden)
    before = session.scalars(text("SELECT count(*) FROM audit.audit_entry")).one()
    erase_person(session, erased_by=boss, principal_id=noor, now=NOW, reason="verzoek")
    stored = read_register(session)
    for mark in ("Noor", ADDRESS, ADDRESS.upper(), "subject-of-noor", "Firefox"):
        assert mark not in stored, mark
    assert str(noor) in stored
    found = read_principal(session, noor)
    assert (found.name, found.ended_at) == (FORMER.nl, NOW)
    assert read_name(session, noor) == FORMER
    assert session.scalars(text("SELECT count(*) FROM audit.audit_entry")).one() > before
    with pytest.raises(NotPermitted):
        recognise_person(session, IDENTITY, None, NOW)


def test_draft_that_a_colleague_works_in_stays(session: Session) -> None:
    leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    noor = invite_noor(session, leiden)
    omar = get_principal(session, make_person(session, "Omar", ("editor", leiden), ("administrator", leiden)))
    shared = start_draft(session, get_principal(session, noor), leiden, {"name": "Gedeeld"})
    save_step(session, omar, shared, "wat", {"name": "Samen"}, seen=1, now=NOW)
    erase_person(session, erased_by=omar.id, principal_id=noor, now=NOW)
    assert session.scalars(text("SELECT id FROM register.sensor_draft")).all() == [shared]


def test_last_administrator_is_not_erased_and_it_is_said_what_to_do(session: Session) -> None:
    boss = make_person(session, "Fatima", ("administrator", None))
    with pytest.raises(Conflict) as refused:
        erase_person(session, erased_by=boss, principal_id=boss, now=NOW)
    assert "Maak eerst iemand anders beheerder" in str(refused.value.detail)
    assert read_principal(session, boss).name == "Fatima"
    make_person(session, "Noor", ("administrator", None))
    erase_person(session, erased_by=boss, principal_id=boss, now=NOW)
    assert read_principal(session, boss).name == FORMER.nl


def test_application_is_no_person(session: Session) -> None:
    leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    make_key(session, leiden)
    application = session.scalars(text("SELECT principal_id FROM register.api_key")).one()
    with pytest.raises(NotFound):
        erase_person(session, erased_by=None, principal_id=application, now=NOW)


def test_no_audit_entry_of_the_people_of_an_organisation_has_a_name(session: Session) -> None:
    leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    invite_noor(session, leiden)
    entries = str(session.execute(text("SELECT * FROM audit.audit_entry")).all())
    for mark in ("Noor", ADDRESS, "subject-of-noor"):
        assert mark not in entries


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def test_second_of_two_who_erase_a_person_is_told(engine: Engine) -> None:
    with transaction(engine) as session:
        leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
        make_person(session, "Fatima", ("administrator", leiden))
        noor = invite_noor(session, leiden)

    def erase(_: int) -> str:
        try:
            with transaction(engine) as session:
                erase_person(session, erased_by=None, principal_id=noor, now=NOW)
        except Conflict as refused:
            return refused.detail.nl if refused.detail else ""
        return "erased"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(erase, range(2))) == ["Deze gegevens zijn al gewist.", "erased"]


def test_session_that_is_open_ends(session: Session) -> None:
    leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    make_person(session, "Fatima", ("administrator", leiden))
    noor = make_person(session, "Noor", ("editor", leiden))
    token = open_session(session, principal_id=noor, signed_in=SignedIn("demo", "Firefox"), now=NOW)
    assert find_session(session, token, NOW) is not None
    erase_person(session, erased_by=None, principal_id=noor, now=NOW + timedelta(minutes=1))
    assert find_session(session, token, NOW + timedelta(minutes=2)) is None
