"""Charts: the rows of a bar chart, which is a table too, and the months of a column chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.sensors.search.grouped_counts import CountRow

MAX_BARS: Final = 40
MAX_UNFOLDED: Final = 8
FIRST_BARS: Final = 6
MONTHS: Final = 24
"""The months of a trend, the present one included."""
LAST_LABELLED_MONTH: Final = 8
"""The last month in which a trend may begin with its year: the next year is then far enough."""
CHART_WIDTH: Final = 720
CHART_HEIGHT: Final = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: `length` is its share of the longest in percent, `percentage` its share of all sensors.

    `link` is the Dutch path of a page about it, `list_link` that of the list of these sensors; None without one.
    """

    label: str
    count: int
    length: float
    percentage: float
    link: str | None = None
    list_link: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart; `other_rows` are the rows that it leaves out, with `other_count` sensors together.

    `by` is the dimension as the API has it. `overlaps` tells that a sensor can be in several rows, `in_any_status`
    that sensors count which the other charts leave out: those that are gone.
    """

    id: str
    title: str
    bars: tuple[Bar, ...]
    by: str
    other_rows: int = 0
    other_count: int = 0
    overlaps: bool = False
    in_any_status: bool = False

    @property
    def first_bars(self) -> tuple[Bar, ...]:
        """The bars that a page shows at once; it folds the others, unless they are few."""
        return self.bars if len(self.bars) <= MAX_UNFOLDED else self.bars[:FIRST_BARS]

    @property
    def further_bars(self) -> tuple[Bar, ...]:
        return self.bars[len(self.first_bars) :]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a trend: new and ended sensors, with the rectangles of both columns in the drawing."""

    month: date
    placed: int
    ended: int
    left: float
    placed_height: float
    ended_height: float
    year: int | None = None
    """The year below the drawing; None where its text would touch the next."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Numbers per month, oldest first; `top` is the highest number, which is as high as the drawing.

    The last month counts until the day of the trend; `planned` sensors are to be placed after it.
    """

    months: tuple[Month, ...]
    top: int
    column_width: float
    planned: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was placed or ended in these months: a drawing would show nothing."""
        return not any(month.placed or month.ended for month in self.months)


def list_months(today: date, number: int = MONTHS) -> list[date]:
    """The first days of the last months, oldest first; the last is that of today."""
    last = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(last - number + 1, last + 1)]


def make_trend(placed: Sequence[CountRow], ended: Sequence[CountRow], today: date) -> Trend:
    """The trend of the last months from counts by `YYYY-MM`, or None for what is yet to come."""
    placed_by, ended_by = ({row.values[0]: row.count for row in rows} for rows in (placed, ended))
    months = list_months(today)
    numbers = [(placed_by.get(f"{month:%Y-%m}", 0), ended_by.get(f"{month:%Y-%m}", 0)) for month in months]
    top = max((max(pair) for pair in numbers), default=0)
    scale = CHART_HEIGHT / top if top else 0.0
    step = CHART_WIDTH / len(months)
    return Trend(
        tuple(
            Month(
                month,
                new,
                gone,
                round(place * step, 1),
                round(new * scale, 1),
                round(gone * scale, 1),
                month.year
                if month.month == 1 or (place == 0 and month.month <= LAST_LABELLED_MONTH)
                else None,
            )
            for place, (month, (new, gone)) in enumerate(zip(months, numbers, strict=True))
        ),
        top,
        round(step * 0.38, 1),
    )


def scale_trend(trend: Trend, top: int) -> Trend:
    """The same trend drawn to a scale on which `top` is as high as the drawing."""
    scale = CHART_HEIGHT / top if top else 0.0
    months = tuple(
        replace(
            month,
            placed_height=round(month.placed * scale, 1),
            ended_height=round(month.ended * scale, 1),
        )
        for month in trend.months
    )
    return replace(trend, months=months, top=top)


def measure_bars(rows: Sequence[tuple[str, int, str | None, str | None]], total: int) -> tuple[Bar, ...]:
    """Bars of (label, count, link, list_link), in their order; `total` is the number of sensors of the search."""
    longest = max((row[1] for row in rows), default=0)
    return tuple(
        Bar(
            label,
            count,
            round(100 * count / longest, 1) if longest else 0.0,
            round(100 * count / total, 1) if total else 0.0,
            link,
            list_link,
        )
        for label, count, link, list_link in rows
    )
