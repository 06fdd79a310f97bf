"""The figures of one area: totals, charts and trend, in the words of one language."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.app_state import AppState
from app.sensors.fields import PERSONAL_DATA
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import CONFIRMED, Dimension
from app.sensors.search.grouped_counts import CountRow
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, OperationalStatus
from app.sensors.search.reference_data import ReferenceData
from app.statistics.coverage import FieldCompleteness, describe_completeness
from app.statistics.labels import StatisticsLabels
from app.statistics.queries import read_each_count, read_owner_names
from app.website.figures.areas import Area
from app.website.figures.bar_charts import TITLES, ChartWriter
from app.website.figures.charts import Chart, Trend, make_trend

_COUNTED: Final = (*TITLES, Dimension.FIELD_STATE)
_COUNTED_IN_ANY_STATUS: Final = (
    Dimension.OPERATIONAL_STATUS,
    Dimension.PLACED_MONTH,
    Dimension.ENDED_MONTH,
)
"""Dimensions of events, which sensors that are gone by now had too."""


@dataclass(frozen=True, slots=True)
class FilledField:
    """A field that applies to some sensors, and how many of these filled it in."""

    label: str
    applies: int
    filled: int
    percentage: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of an area. Shares are in percent of its sensors; None where it has none."""

    area: Area
    total: int
    owners: int
    personal: int
    confirmed: int
    late: int
    kinds: int
    charts: tuple[Chart, ...]
    trend: Trend
    completeness: tuple[FilledField, ...]
    hidden: int
    """Sensors that only the chart of the status counts: removed ones, and those that long should have been."""
    counts: Mapping[Dimension, Sequence[CountRow]]

    def share(self, number: int) -> float | None:
        return round(100 * number / self.total, 1) if self.total else None

    def count_placed(self, years_ago: int) -> int:
        """Sensors placed in the last twelve months, the present one included; or in twelve months before those."""
        end = len(self.trend.months) - 12 * years_ago
        return sum(month.placed for month in self.trend.months[max(end - 12, 0) : end])

    @property
    def personal_list(self) -> str:
        """The Dutch path of the list of its sensors that process personal data."""
        return self.area.write_page_path("/sensoren", personalData=",".join(sorted(PERSONAL_DATA)))

    def find_chart(self, dimension: Dimension) -> Chart | None:
        return next((chart for chart in self.charts if chart.by == dimension), None)


async def read_figures(state: AppState, area: Area, reference: ReferenceData, labels: Labels) -> Figures:
    """Count the sensors of an area by everything that its page shows, in one statement."""
    in_any_status = replace(area.search, statuses=tuple(map(OperationalStatus, OPERATIONAL_STATUSES)))
    counted, every = await asyncio.gather(
        read_each_count(state, area.search, _COUNTED),
        read_each_count(state, in_any_status, _COUNTED_IN_ANY_STATUS),
    )
    counts = dict(zip(_COUNTED, counted.rows, strict=True))
    counts |= dict(zip(_COUNTED_IN_ANY_STATUS, every.rows, strict=True))
    owners = [row.values[0] for row in counts[Dimension.OWNER] if row.values[0]]
    named = StatisticsLabels(reference, await read_owner_names(state, owners))
    writer = ChartWriter(area, named, labels)
    totals = {Dimension.OPERATIONAL_STATUS: every.total}
    charts = tuple(
        writer.make_chart(dimension, counts[dimension], totals.get(dimension, counted.total))
        for dimension in TITLES
        if dimension not in area.own and counts[dimension]
    )
    return Figures(
        area,
        counted.total,
        len(owners),
        _count_values(counts[Dimension.PERSONAL_DATA], PERSONAL_DATA),
        _count_values(counts[Dimension.CONFIRMED], (CONFIRMED,)),
        _count_values(counts[Dimension.NOTIFIED_LATE], ("true",)),
        sum(row.values[0] is not None for row in counts[Dimension.SENSOR_TYPE]),
        charts,
        replace(
            make_trend(counts[Dimension.PLACED_MONTH], counts[Dimension.ENDED_MONTH], area.search.today),
            planned=_count_values(counts[Dimension.OPERATIONAL_STATUS], (OperationalStatus.PLANNED,)),
        ),
        tuple(_list_filled(describe_completeness(counts[Dimension.FIELD_STATE]), labels)),
        every.total - counted.total,
        counts,
    )


def _list_filled(fields: Sequence[FieldCompleteness], labels: Labels) -> Iterator[FilledField]:
    for field in fields:
        if field.share is not None:
            label = labels.render(field.label)
            yield FilledField(label, field.applies, field.filled, round(100 * field.share, 1))


def _count_values(rows: Sequence[CountRow], wanted: Collection[str]) -> int:
    return sum(row.count for row in rows if row.values[0] in wanted)
