from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.errors import Conflict, InvalidRequest, NotFound, NotPermitted, PreconditionFailed
from app.core.expected_version import ExpectedVersion
from app.core.i18n import LocalizedText
from app.duties.actions import end_trust, set_duty, take_back_duty, trust_organisation
from app.duties.duty import Duty
from app.duties.queries import find_duties, find_duty, find_trusting, list_trusted, load_duties
from tests.support.organisations import make_municipality, make_organisation, make_principal

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
CODE = "GM0363"
GIVEN: dict[str, Any] = {
    "validFrom": "2026-03-01",
    "mandatory": True,
    "sensorTypes": ["optical_camera"],
    "ownerTypes": ["company"],
    "noticeDays": 10,
    "removalNotified": True,
    "legalTitle": {"nl": "APV", "en": "By-law"},
    "legalText": {"nl": "Meld camera's."},
    "legalUrl": "https://example.org/apv",
    "reviewTermDays": 21,
}


def test_duty_without_a_profile_is_voluntary_with_the_days_of_the_settings(session: Session) -> None:
    assert find_duty(session, CODE, TODAY) == Duty(CODE, notice_days=5)
    assert find_duty(session, None, TODAY, default_days=8) == Duty(None, notice_days=8)


def test_duty_holds_from_its_day_until_the_next(session: Session, amsterdam: UUID) -> None:
    set_duty(session, None, CODE, GIVEN | {"validFrom": "2021-12-01"}, today=TODAY)
    set_duty(session, None, CODE, GIVEN | {"validFrom": "2026-04-01", "noticeDays": 3}, today=TODAY)
    days = [date(2021, 11, 30), date(2021, 12, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [find_duty(session, CODE, day).notice_days for day in days] == [5, 10, 10, 3]
    duty = find_duty(session, CODE, TODAY)
    assert (duty.legal_title, duty.legal_text) == (
        LocalizedText("APV", "By-law"),
        LocalizedText("Meld camera's.", "Meld camera's."),
    )
    assert (duty.is_mandatory, duty.removal_notified, duty.change_notified) == (True, True, False)
    assert (duty.review_term_days, duty.comment_term_days, duty.report_term_days) == (21, 7, 28)
    assert find_duties(session, ["GM0599", CODE, None], TODAY) == [Duty("GM0599"), duty, Duty(None)]


def test_duty_of_the_same_day_takes_the_place_of_the_other_and_leaves_it_stored(session: Session) -> None:
    set_duty(session, None, CODE, GIVEN, today=TODAY)
    set_duty(session, None, CODE, GIVEN | {"noticeDays": 7}, today=TODAY)
    assert [one.notice_days for one in load_duties(session, CODE).profiles] == [7]
    stored = "SELECT notice_days, superseded_at IS NULL FROM publication.duty_profile ORDER BY id"
    assert session.execute(text(stored)).all() == [(10, False), (7, True)]


def test_duty_once_in_force_changes_for_days_to_come_only(session: Session) -> None:
    set_duty(session, None, CODE, GIVEN, today=TODAY)
    with pytest.raises(InvalidRequest) as refused:
        set_duty(session, None, CODE, GIVEN | {"validFrom": "2026-02-28"}, today=TODAY)
    assert [problem.location for problem in refused.value.problems] == ["/validFrom"]


def test_problems_of_a_duty_are_reported_at_once(session: Session) -> None:
    wrong = GIVEN | {
        "validFrom": "1-4-2026",
        "mandatory": "yes",
        "sensorTypes": ["optical_camera", "optical_camara"],
        "ownerTypes": ["companies"],
        "noticeDays": -1,
        "legalUrl": "javascript:alert(1)",
        "legalText": {"nl": "a\x00b"},
        "reviewTermDays": 0,
        "extra": 1,
    }
    with pytest.raises(InvalidRequest) as refused:
        set_duty(session, None, CODE, wrong, today=TODAY)
    assert {problem.location for problem in refused.value.problems} == {
        *("/validFrom", "/mandatory", "/sensorTypes/1", "/ownerTypes/0", "/noticeDays", "/legalUrl"),
        *("/legalText/nl", "/reviewTermDays", "/extra"),
    }


def test_duty_is_set_over_the_version_that_was_read(session: Session) -> None:
    version = load_duties(session, CODE).version_on(TODAY)
    set_duty(session, None, CODE, GIVEN, today=TODAY, expected=ExpectedVersion.exactly(version))
    with pytest.raises(PreconditionFailed):
        set_duty(session, None, CODE, GIVEN, today=TODAY, expected=ExpectedVersion.exactly(version))


def test_duty_that_has_not_begun_is_taken_back(session: Session) -> None:
    set_duty(session, None, CODE, GIVEN, today=TODAY)
    set_duty(session, None, CODE, GIVEN | {"validFrom": "2026-04-01"}, today=TODAY)
    version = load_duties(session, CODE).version_on(TODAY)
    take_back_duty(session, None, CODE, date(2026, 4, 1), today=TODAY)
    after = load_duties(session, CODE)
    assert [one.valid_from for one in after.profiles] == [TODAY]
    assert after.version_on(TODAY) > version
    with pytest.raises(NotFound):
        take_back_duty(session, None, CODE, date(2026, 4, 1), today=TODAY)
    with pytest.raises(Conflict):
        take_back_duty(session, None, CODE, TODAY, today=TODAY)


@pytest.mark.parametrize("role", ["editor", "reviewer", "auditor", "administrator"])
def test_duty_is_set_by_an_administrator_of_the_municipality_alone(
    session: Session, amsterdam: UUID, role: Any
) -> None:
    own = make_principal(session, amsterdam, role)
    other = make_principal(session, make_municipality(session, "GM0599", "Gemeente Rotterdam"), role)
    if role == "administrator":
        assert set_duty(session, own, CODE, GIVEN, today=TODAY).notice_days == 10
        entry = session.execute(
            text("SELECT principal_id, action, subject_ids FROM audit.audit_entry ORDER BY id DESC LIMIT 1")
        ).one()
        assert entry == (own.id, "set_duty", [CODE])
    else:
        with pytest.raises(NotPermitted):
            set_duty(session, own, CODE, GIVEN, today=TODAY)
    with pytest.raises(NotPermitted):
        set_duty(session, other, CODE, GIVEN, today=TODAY)
    with pytest.raises(NotPermitted):
        trust_organisation(session, other, CODE, make_organisation(session), now=NOW)
    with pytest.raises(NotPermitted):
        end_trust(session, other, CODE, amsterdam, now=NOW)


def test_administrator_of_all_sets_every_duty(session: Session) -> None:
    principal = make_principal(session, None, "administrator")
    assert set_duty(session, principal, "GM0599", GIVEN, today=TODAY).municipality_code == "GM0599"


def test_trust_lasts_until_it_ends_and_stays_in_the_list(session: Session, amsterdam: UUID) -> None:
    company = make_organisation(session)
    administrator = make_principal(session, amsterdam, "administrator")
    trust_organisation(session, administrator, CODE, company, now=NOW)
    assert find_trusting(session, company) == {CODE}
    with pytest.raises(Conflict):
        trust_organisation(session, administrator, CODE, company, now=NOW)
    end_trust(session, administrator, CODE, company, now=NOW)
    assert find_trusting(session, company) == frozenset()
    with pytest.raises(NotFound):
        end_trust(session, administrator, CODE, company, now=NOW)
    (trust,) = list_trusted(session, CODE)
    assert (trust.organisation_id, trust.name, trust.trusted_by) == (
        company,
        "Meetbedrijf BV",
        administrator.id,
    )
    assert (trust.since, trust.ended_at) == (NOW, NOW)
    trust_organisation(session, administrator, CODE, company, now=NOW)
    assert find_trusting(session, company) == {CODE}


def test_municipality_trusts_no_one_unknown_and_not_itself(session: Session, amsterdam: UUID) -> None:
    for organisation_id in (amsterdam, UUID(int=1)):
        with pytest.raises(InvalidRequest) as refused:
            trust_organisation(session, None, CODE, organisation_id, now=NOW)
        assert [problem.location for problem in refused.value.problems] == ["/organisation"]
