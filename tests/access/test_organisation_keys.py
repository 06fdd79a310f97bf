"""Keys of an organisation, as its administrators see and issue them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.authentication import authenticate
from app.access.organisation_keys import (
    issue_organisation_key,
    list_organisation_keys,
    revoke_organisation_key,
)
from app.access.principal import Grant
from app.core.errors import InvalidRequest, NotAuthenticated, NotFound
from tests.support.organisations import make_municipality, make_organisation
from tests.support.people import make_person

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def ours(session: Session) -> UUID:
    return make_organisation(session)


@pytest.fixture
def boss(session: Session, ours: UUID) -> UUID:
    return make_person(session, "Fatima", ("administrator", ours))


def issue(session: Session, by: UUID, organisation_id: UUID | None, **changed: Any) -> str:
    given = {"name": "Meetnet", "scopes": ["read", "register"], "last_day": None}
    key = issue_organisation_key(
        session, issued_by=by, organisation_id=organisation_id, now=NOW, **given | changed
    )
    return key.token


def test_key_acts_for_its_organisation_until_the_end_of_its_last_day(
    session: Session, ours: UUID, boss: UUID
) -> None:
    token = issue(session, boss, ours, last_day=date(2026, 11, 30))
    principal = authenticate(session, token, NOW)
    assert principal.name == "Meetnet"
    assert principal.scopes == {"read", "register"}
    assert principal.grants == {Grant("editor", ours)}
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert authenticate(session, token, midnight - timedelta(seconds=1)).grants
    with pytest.raises(NotAuthenticated, match="expired"):
        authenticate(session, token, midnight)
    (listed,) = list_organisation_keys(session, ours)
    assert (listed.made_by, listed.key.prefix) == ("Fatima", token[4:16])


def test_key_of_a_municipality_may_be_that_of_a_reviewer(session: Session, boss: UUID) -> None:
    city = make_municipality(session, "GM0546", "Gemeente Leiden")
    principal = authenticate(session, issue(session, boss, city, role="reviewer"), NOW)
    assert principal.grants == {Grant("reviewer", city, "GM0546")}
    assert [one.role for one in list_organisation_keys(session, city)] == ["reviewer"]


def test_key_without_a_last_day_works_a_year(session: Session, ours: UUID, boss: UUID) -> None:
    issue(session, boss, ours)
    (listed,) = list_organisation_keys(session, ours)
    assert listed.key.expires_at == NOW + timedelta(days=365)


@pytest.mark.parametrize(
    ("changed", "location"),
    [
        ({"name": " "}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"last_day": date(2026, 11, 20)}, "/lastDay"),
        ({"last_day": date(2037, 1, 1)}, "/lastDay"),
        ({"role": "reviewer", "scopes": ["read", "import"]}, "/scopes"),
    ],
)
def test_key_with_a_problem_is_refused(
    session: Session, ours: UUID, boss: UUID, changed: dict[str, Any], location: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        issue(session, boss, ours, **changed)
    assert [one.location for one in refused.value.problems] == [location]


def test_key_for_the_whole_register_only_reads(session: Session, boss: UUID) -> None:
    with pytest.raises(InvalidRequest):
        issue(session, boss, None)
    principal = authenticate(session, issue(session, boss, None, scopes=["read"]), NOW)
    assert principal.grants == {Grant("auditor", None)}


def test_only_a_key_of_the_own_organisation_is_revoked(session: Session, ours: UUID, boss: UUID) -> None:
    theirs = make_organisation(session, name="Ander Bedrijf BV")
    token = issue(session, boss, ours)
    with pytest.raises(NotFound):
        revoke_organisation_key(session, revoked_by=boss, organisation_id=theirs, prefix=token[4:16], now=NOW)
    assert authenticate(session, token, NOW).grants
    revoke_organisation_key(session, revoked_by=boss, organisation_id=ours, prefix=token[4:16], now=NOW)
    with pytest.raises(NotAuthenticated, match="revoked"):
        authenticate(session, token, NOW)
