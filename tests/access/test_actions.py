from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actions import (
    admit_principal,
    ensure_system_principal,
    grant_role,
    issue_key,
)
from app.access.authentication import authenticate
from app.access.endings import revoke_key
from app.access.keys import make_token
from app.access.principal import Grant
from app.access.queries import find_principal, get_principal, list_keys
from app.audit.queries import list_entries
from app.core.database import sqlalchemy_url
from app.core.errors import InvalidRequest, NotAuthenticated, NotFound
from tests.support.organisations import make_key, make_municipality, make_organisation, make_principal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_key_authenticates_its_principal_with_grants(session: Session) -> None:
    organisation_id = make_municipality(session)
    token = make_key(session, organisation_id, "editor", now=NOW)
    principal = authenticate(session, token, NOW)
    assert principal.name == "An editor"
    assert principal.grants == {Grant("editor", organisation_id, "GM0363")}


def test_only_a_hash_of_the_key_is_stored(session: Session) -> None:
    token = make_key(session, make_organisation(session), now=NOW)
    secret = token[-43:]
    for table in ("register.api_key", "audit.audit_entry", "register.principal"):
        rows = session.scalars(text(f"SELECT t::text FROM {table} AS t")).all()
        assert rows
        assert not any(secret in row for row in rows)


def test_key_expires_after_a_year_by_default(session: Session) -> None:
    principal = make_principal(session, make_organisation(session))
    key = issue_key(session, issued_by=None, principal_id=principal.id, now=NOW)
    assert key.expires_at == NOW + timedelta(days=365)
    authenticate(session, key.token, NOW + timedelta(days=364, hours=23))
    with pytest.raises(NotAuthenticated):
        authenticate(session, key.token, NOW + timedelta(days=365))


def test_expired_key_is_distinguished_from_an_unknown_one(session: Session) -> None:
    token = make_key(session, make_organisation(session), now=NOW, lifetime=timedelta(days=10))
    with pytest.raises(NotAuthenticated) as expired:
        authenticate(session, token, NOW + timedelta(days=11))
    assert expired.value.detail is not None
    assert "1 december 2026" in expired.value.detail.nl
    assert "expired on 1 December 2026" in expired.value.detail.en
    with pytest.raises(NotAuthenticated) as unknown:
        authenticate(session, make_token().text, NOW)
    assert unknown.value.detail is not None
    assert "not known" in unknown.value.detail.en
    for error in (expired.value, unknown.value):
        assert error.headers["WWW-Authenticate"].startswith("Bearer ")
        assert 'error="invalid_token"' in error.headers["WWW-Authenticate"]


def test_prefix_without_the_secret_reveals_nothing(session: Session) -> None:
    token = make_key(session, make_organisation(session), now=NOW, lifetime=timedelta(days=10))
    forged = token[:-43] + "A" * 43
    with pytest.raises(NotAuthenticated) as caught:
        authenticate(session, forged, NOW + timedelta(days=11))
    assert caught.value.detail is not None
    assert "not known" in caught.value.detail.en


def test_revoked_key_is_refused_and_stays_revoked(session: Session) -> None:
    token = make_key(session, make_organisation(session), now=NOW)
    (key,) = list_keys(session)
    revoke_key(session, revoked_by=None, prefix=key.prefix, now=NOW)
    revoke_key(session, revoked_by=None, prefix=key.prefix, now=NOW + timedelta(days=1))
    with pytest.raises(NotAuthenticated) as caught:
        authenticate(session, token, NOW + timedelta(hours=1))
    assert caught.value.detail is not None
    assert "revoked" in caught.value.detail.en
    assert list_keys(session)[0].revoked_at == NOW
    assert [entry.action for entry in list_entries(session, subject_id=key.id)].count("revoke_key") == 1


def test_unknown_key_cannot_be_revoked(session: Session) -> None:
    with pytest.raises(NotFound):
        revoke_key(session, revoked_by=None, prefix="000000000000", now=NOW)


def test_day_of_last_use_is_recorded(session: Session) -> None:
    token = make_key(session, make_organisation(session), now=NOW)
    assert list_keys(session)[0].last_used_on is None
    authenticate(session, token, NOW)
    assert list_keys(session)[0].last_used_on == date(2026, 11, 21)
    authenticate(session, token, NOW + timedelta(days=3))
    assert list_keys(session)[0].last_used_on == date(2026, 11, 24)


def test_use_is_recorded_once_a_day_without_waiting(fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database), connect_args={"options": "-c lock_timeout=200"})
    with Session(engine) as session, session.begin():
        token = make_key(session, make_organisation(session), now=NOW)
    with Session(engine) as first, Session(engine) as second:
        authenticate(first, token, NOW)
        # The first has not committed: its row is locked, and this would fail after 0.2 s if it waited.
        authenticate(second, token, NOW)
        first.commit()
        second.commit()
        version = second.scalar(text("SELECT xmin FROM register.api_key"))
        authenticate(second, token, NOW + timedelta(hours=1))
        second.commit()
        assert second.scalar(text("SELECT xmin FROM register.api_key")) == version
    engine.dispose()


def test_role_is_granted_once(session: Session) -> None:
    organisation_id = make_organisation(session)
    principal = make_principal(session, organisation_id, "editor")
    for organisation in (organisation_id, None):
        for _ in range(2):
            grant_role(
                session,
                granted_by=None,
                principal_id=principal.id,
                role="auditor",
                organisation_id=organisation,
            )
    assert get_principal(session, principal.id).grants == {
        Grant("editor", organisation_id),
        Grant("auditor", organisation_id),
        Grant("auditor", None),
    }
    entries = list_entries(session, subject_kind="principal", subject_id=principal.id)
    assert [entry.action for entry in entries].count("grant_role") == 3


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_editor_or_reviewer_of_all_organisations_is_refused(session: Session, role: str) -> None:
    principal_id = admit_principal(session, admitted_by=None, name="Iemand")
    with pytest.raises(InvalidRequest):
        grant_role(
            session,
            granted_by=None,
            principal_id=principal_id,
            role=role,  # type: ignore[arg-type]
            organisation_id=None,
        )
    with pytest.raises(IntegrityError, match="ck_access_grant_organisation_named"), session.begin_nested():
        session.execute(
            text("INSERT INTO register.access_grant (principal_id, role) VALUES (:principal_id, :role)"),
            {"principal_id": principal_id, "role": role},
        )


def test_principals_of_one_name_are_found_by_id_and_handle_alone(session: Session) -> None:
    first = admit_principal(session, admitted_by=None, name="J. de Vries", handle="j.devries@example.org")
    second = admit_principal(session, admitted_by=None, name="J. de Vries")
    assert first != second
    assert find_principal(session, "J. de Vries") is None
    assert find_principal(session, "J.deVries@Example.ORG") == first
    assert find_principal(session, str(second)) == second


def test_key_of_a_namesake_changes_no_rights_of_the_first(session: Session) -> None:
    ours, theirs = make_organisation(session), make_organisation(session, name="Ander Bedrijf BV")
    tokens = []
    for organisation in (ours, theirs):
        principal_id = admit_principal(session, admitted_by=None, name="J. de Vries")
        grant = grant_role(
            session, granted_by=None, principal_id=principal_id, role="editor", organisation_id=organisation
        )
        key = issue_key(session, issued_by=None, principal_id=principal_id, now=NOW, grant_id=grant)
        tokens.append(key.token)
    assert authenticate(session, tokens[0], NOW).grants == {Grant("editor", ours)}
    assert authenticate(session, tokens[1], NOW).grants == {Grant("editor", theirs)}


def test_key_of_one_grant_gains_nothing_by_later_grants(session: Session) -> None:
    organisation_id = make_organisation(session)
    principal_id = admit_principal(session, admitted_by=None, name="J. de Vries")
    grant = grant_role(
        session, granted_by=None, principal_id=principal_id, role="editor", organisation_id=organisation_id
    )
    key = issue_key(session, issued_by=None, principal_id=principal_id, now=NOW, grant_id=grant)
    grant_role(
        session, granted_by=None, principal_id=principal_id, role="administrator", organisation_id=None
    )
    assert authenticate(session, key.token, NOW).grants == {Grant("editor", organisation_id)}
    assert get_principal(session, principal_id, key.id).grants == {Grant("editor", organisation_id)}


def test_taken_handle_is_refused_in_any_case(session: Session) -> None:
    admit_principal(session, admitted_by=None, name="Jan", handle="jan@example.org")
    with pytest.raises(IntegrityError, match="uq_principal_handle"), session.begin_nested():
        admit_principal(session, admitted_by=None, name="Jan", handle="JAN@example.org")


@pytest.mark.parametrize(
    "handle", ["system:command-line", "System:x", "jan de vries", "jän@example.org", "a" * 255]
)
def test_handle_that_cannot_be_is_refused_with_an_empty_name(session: Session, handle: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        admit_principal(session, admitted_by=None, name=" ", handle=handle)
    assert [problem.location for problem in refused.value.problems] == ["/name", "/handle"]


def test_principal_of_the_register_itself_is_not_a_person_of_its_name(session: Session) -> None:
    person = admit_principal(session, admitted_by=None, name="Command line")
    own = ensure_system_principal(session, "Command line")
    assert own != person
    assert ensure_system_principal(session, "Command line") == own
