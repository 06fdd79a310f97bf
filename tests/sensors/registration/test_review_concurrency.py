"""Reviews with real commits: of two reviewers one decides, and none decides about what was not seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine

from app.access.principal import Principal
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import Conflict, PreconditionFailed
from app.core.expected_version import ANY_VERSION, ExpectedVersion
from app.sensors.bulk.many_reviews import publish_many
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.queries import list_versions
from app.sensors.registration.review import publish_submission, reject_submission
from tests.sensors.registration.test_actions_concurrency import run_at_once
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.sensors import load_cities, make_context, make_record


@dataclass(frozen=True, slots=True)
class Office:
    """A database with two reviewers and a company, which submitted a sensor."""

    engine: Engine
    reviewers: tuple[Principal, Principal]
    company: Principal
    sensor_id: UUID

    def publish(self) -> str:
        with transaction(self.engine) as session:
            publish_submission(
                session,
                make_context(self.reviewers[0]),
                self.sensor_id,
                expected=ExpectedVersion.exactly(1),
                mail=None,
            )
            return "published"

    def publish_all(self) -> str:
        with transaction(self.engine) as session:
            done = publish_many(session, make_context(self.reviewers[0]), [self.sensor_id], mail=None)
            return "published" if done.changed else "left"

    def reject(self) -> str:
        with transaction(self.engine) as session:
            reject_submission(
                session,
                make_context(self.reviewers[1]),
                self.sensor_id,
                reason="Nee",
                expected=ExpectedVersion.exactly(1),
                mail=None,
            )
            return "rejected"

    def amend(self) -> str:
        with transaction(self.engine) as session:
            amend_sensor(
                session, make_context(self.company), self.sensor_id, {"name": "Anders"}, expected=ANY_VERSION
            )
            return "amended"


@pytest.fixture
def office(fresh_database: str) -> Iterator[Office]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session)
        amsterdam = make_municipality(session)
        reviewers = (
            make_principal(session, amsterdam, "reviewer"),
            make_principal(session, amsterdam, "reviewer"),
        )
        company = make_principal(session, make_organisation(session))
        sensor_id = register_sensor(session, make_context(company), make_record()).sensor_id
    yield Office(engine, reviewers, company, sensor_id)
    engine.dispose()


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_reviewers_one_decides(office: Office, attempt: int) -> None:
    outcomes = run_at_once(office.publish, office.reject)
    (lost,) = [one for one in outcomes if isinstance(one, Exception)]
    (won,) = [one for one in outcomes if isinstance(one, str)]
    assert isinstance(lost, Conflict)
    assert lost.detail is not None
    assert {"published": "gepubliceerd", "rejected": "afgewezen"}[won] in lost.detail.nl
    assert office.reviewers[0].name in lost.detail.nl
    with transaction(office.engine) as session:
        newest = list_versions(session, office.sensor_id)[0]
    assert (newest.number, newest.registration_status) == (2, won)


@pytest.mark.parametrize("attempt", range(3))
def test_one_of_many_is_decided_about_once(office: Office, attempt: int) -> None:
    outcomes = run_at_once(office.publish_all, office.reject)
    with transaction(office.engine) as session:
        newest = list_versions(session, office.sensor_id)[0]
    assert newest.number == 2
    if newest.registration_status == "rejected":
        assert outcomes == ["left", "rejected"]
    else:
        assert outcomes[0] == "published"
        assert isinstance(outcomes[1], Conflict)


@pytest.mark.parametrize("attempt", range(3))
def test_reviewer_never_publishes_what_was_not_seen(office: Office, attempt: int) -> None:
    published, amended = run_at_once(office.publish, office.amend)
    assert amended == "amended"
    with transaction(office.engine) as session:
        versions = list_versions(session, office.sensor_id)
    if isinstance(published, PreconditionFailed):
        assert [one.registration_status for one in versions] == ["submitted", "submitted"]
    else:
        assert published == "published"
        public = next(one for one in versions if one.registration_status == "published")
        assert (public.name, public.number) == (None, 2)
