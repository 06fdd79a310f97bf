from datetime import date, timedelta

import pytest

from app.duties.duty import Duty, choose_duty

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(("days", "is_late"), [(-3, True), (0, True), (4, True), (5, False), (90, False)])
def test_sensor_is_late_when_placed_within_the_notice(days: int, is_late: bool) -> None:
    placed = TODAY + timedelta(days=days)
    duty = Duty("GM0363", TODAY, is_mandatory=True, notice_days=5)
    for owner in ("company", "province"):
        late = duty.is_late(sensor_type="sound", owner_type=owner, placed_from=placed, notified_on=TODAY)
        assert late is is_late


@pytest.mark.parametrize(
    ("sensor_type", "owner_type", "is_covered"),
    [
        ("optical_camera", "company", True),
        ("sound", "company", False),
        ("optical_camera", "municipality", False),
    ],
)
def test_duty_concerns_its_kinds_alone(sensor_type: str, owner_type: str, is_covered: bool) -> None:
    duty = Duty("GM0344", TODAY, sensor_types=("optical_camera",), owner_types=("company",))
    assert duty.covers(sensor_type, owner_type) is is_covered
    late = duty.is_late(sensor_type=sensor_type, owner_type=owner_type, placed_from=TODAY, notified_on=TODAY)
    assert late is is_covered


def test_newest_duty_that_has_begun_is_in_force() -> None:
    duties = tuple(Duty("GM0363", date(year, 1, 1), notice_days=year - 2020) for year in (2022, 2027, 2024))
    assert choose_duty(duties, "GM0363", TODAY).notice_days == 4
    assert not choose_duty(duties, "GM0363", date(2021, 1, 1)).has_profile
