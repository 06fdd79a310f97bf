"""Machines that call the API with an access token of the provider, and every token that is refused."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, select

from app.access.actions import admit_principal, grant_role
from app.access.endings import end_grant, end_principal
from app.access.machines import recognise_machine
from app.access.tables import AccessGrant
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import Conflict
from tests.support.oidc_provider import CLIENT_ID, SECRET, OidcProvider, make_rsa_key, serve_provider
from tests.support.organisations import make_municipality
from tests.support.register import Register, make_today_record, open_register

SUBJECT = "application-1"
AUDIENCE = "https://register.example"


@dataclass(slots=True)
class Feed:
    """The register, its provider, and the machine that is editor of the municipality of Utrecht."""

    register: Register
    provider: OidcProvider
    engine: Engine
    principal_id: UUID

    def sign(self, typ: str = "at+jwt", **changed: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.provider.issuer,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 300,
            "sub": SUBJECT,
            "client_id": "utrecht-feed",
            "scope": "openid register",
        }
        return self.provider.sign(claims | changed, typ=typ)

    def register_with(self, token: str, reference: str = "feed-1") -> Any:
        record = make_today_record(
            reference=reference, location={"type": "Point", "coordinates": [5.1195, 52.0913]}
        )
        return self.register.client.post(
            "/v1/sensors", json=record, headers={"Authorization": f"Bearer {token}"}
        )


@pytest.fixture
def feed(fresh_database: str) -> Iterator[Feed]:
    with (
        serve_provider() as provider,
        open_register(
            fresh_database,
            public_url=AUDIENCE,
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=SECRET,
            oidc_allow_private=True,
        ) as register,
    ):
        engine = create_engine(sqlalchemy_url(fresh_database))
        with transaction(engine) as session:
            utrecht = make_municipality(session, "GM0344", "Gemeente Utrecht")
            principal_id = admit_principal(session, admitted_by=None, name="Feed van Utrecht")
            grant_role(
                session, granted_by=None, principal_id=principal_id, role="editor", organisation_id=utrecht
            )
            recognise_machine(
                session, by=None, principal_id=principal_id, issuer=provider.issuer, subject=SUBJECT
            )
        yield Feed(register, provider, engine, principal_id)
        engine.dispose()


def test_machine_registers_with_an_access_token_within_its_role(feed: Feed) -> None:
    answer = feed.register_with(feed.sign())

    assert answer.status_code == 201, answer.text
    assert answer.json()["registrationStatus"] == "published"
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_700_000_000, "iat": 1_699_999_700},
        {"sub": "application-2"},
        {"client_id": None},
        {"typ": "JWT"},
    ],
    ids=["audience", "issuer", "expired", "unknown machine", "no client", "identity token"],
)
def test_token_that_is_not_for_the_register_is_refused_as_invalid(
    feed: Feed, changed: dict[str, Any]
) -> None:
    answer = feed.register_with(feed.sign(**changed))

    assert answer.status_code == 401, answer.text
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_token_signed_by_another_key_is_refused(feed: Feed) -> None:
    feed.provider.answers.signing_key = make_rsa_key("one")

    assert feed.register_with(feed.sign()).status_code == 401


def test_token_without_the_scope_is_refused_with_the_scope_that_it_needs(feed: Feed) -> None:
    answer = feed.register_with(feed.sign(scope="openid"))

    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="register"' in answer.headers["www-authenticate"]


def test_person_of_the_provider_is_no_machine(feed: Feed) -> None:
    assert feed.register_with(feed.sign(sub="person-1")).status_code == 401


def test_valid_token_has_no_rights_once_the_grant_or_the_principal_ended(feed: Feed) -> None:
    token, now = feed.sign(), datetime.now(UTC)
    assert feed.register_with(token).status_code == 201
    with transaction(feed.engine) as session:
        grant = session.scalars(
            select(AccessGrant.id).where(AccessGrant.principal_id == feed.principal_id)
        ).one()
        end_grant(session, ended_by=None, grant_id=grant, now=now, even_last=True)
    assert feed.register_with(token, "feed-2").status_code == 403
    with transaction(feed.engine) as session:
        end_principal(session, ended_by=None, principal_id=feed.principal_id, now=now, even_last=True)
    assert feed.register_with(token, "feed-3").status_code == 401


def test_machine_of_one_principal_is_not_recognised_as_another(feed: Feed) -> None:
    with transaction(feed.engine) as session:
        other = admit_principal(session, admitted_by=None, name="Een ander")
        with pytest.raises(Conflict):
            recognise_machine(
                session, by=None, principal_id=other, issuer=feed.provider.issuer, subject=SUBJECT
            )


def test_signed_token_without_a_provider_is_refused(fresh_database: str) -> None:
    with open_register(fresh_database) as register:
        answer = register.client.post(
            "/v1/sensors", json=make_today_record(), headers={"Authorization": "Bearer a.b.c"}
        )
    assert answer.status_code == 401
