"""Bars and months of charts."""

from datetime import date

from app.sensors.search.grouped_counts import CountRow
from app.website.figures.charts import CHART_HEIGHT, list_months, make_trend, measure_bars


def test_months_end_with_the_present_one_and_cross_the_year() -> None:
    assert list_months(date(2026, 2, 28), 4) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip


def test_trend_has_a_month_without_sensors_and_scales_by_the_highest() -> None:
    placed = [CountRow(("2026-01",), 4), CountRow(("1999-01",), 90), CountRow((None,), 7)]

    trend = make_trend(placed, [CountRow(("2026-02",), 2)], date(2026, 2, 10))

    assert [(month.placed, month.ended) for month in trend.months[-3:]] == [(0, 0), (4, 0), (0, 2)]
    assert trend.top == 4
    assert trend.months[-2].placed_height == CHART_HEIGHT
    assert trend.months[-1].ended_height == CHART_HEIGHT / 2


def test_trend_without_sensors_is_flat_and_empty() -> None:
    trend = make_trend([], [CountRow(("1999-01",), 9)], date(2026, 2, 10))

    assert {month.placed_height for month in trend.months} == {0}
    assert trend.is_empty
    assert not make_trend([CountRow(("2026-02",), 1)], [], date(2026, 2, 10)).is_empty


def test_bars_are_as_long_as_their_share_of_the_longest_and_tell_the_share_of_all() -> None:
    bars = measure_bars([("camera", 30, "/soort/camera", "/sensoren"), ("geluid", 10, None, None)], total=80)

    assert [(bar.length, bar.percentage) for bar in bars] == [(100.0, 37.5), (33.3, 12.5)]
    assert measure_bars([], total=0) == ()
