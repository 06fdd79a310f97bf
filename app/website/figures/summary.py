"""The figures of one area: totals, charts and trend, in the words of one language."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.app_state import AppState
from app.core.i18n import LocalizedText
from app.sensors.fields import PERSONAL_DATA
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import CONFIRMED, SOURCES, Dimension
from app.sensors.search.grouped_counts import CountRow
from app.sensors.search.reference_data import ReferenceData
from app.statistics.coverage import FieldCompleteness, describe_completeness
from app.statistics.labels import StatisticsLabels
from app.statistics.queries import read_each_count, read_owner_names
from app.website.figures.areas import Area, make_page_path
from app.website.figures.charts import MAX_BARS, Chart, Trend, make_trend, measure_bars

TITLES: Final[Mapping[Dimension, LocalizedText]] = {
    Dimension.SENSOR_TYPE: LocalizedText("Soorten sensoren", "Kinds of sensors"),
    Dimension.OWNER: LocalizedText("Van wie", "Owners"),
    Dimension.OWNER_TYPE: LocalizedText("Soorten eigenaren", "Types of owners"),
    Dimension.PERSONAL_DATA: LocalizedText("Persoonsgegevens", "Personal data"),
    Dimension.LEGAL_GROUND: LocalizedText("Waarom het mag", "Legal grounds"),
    Dimension.SMART_CITY_THEME: LocalizedText("Thema's van de slimme stad", "Smart city themes"),
    Dimension.THEME: LocalizedText("Waarvoor", "Themes"),
    Dimension.OPERATIONAL_STATUS: LocalizedText("Status", "Status"),
    Dimension.MOBILITY: LocalizedText("Vast of mobiel", "Fixed or mobile"),
    Dimension.CONFIRMED: LocalizedText("Bevestigd door de eigenaar", "Confirmed by the owner"),
    Dimension.NOTIFIED_LATE: LocalizedText("Te laat aangemeld", "Notified late"),
    Dimension.MUNICIPALITY: LocalizedText("Per gemeente", "By municipality"),
    Dimension.PROVINCE: LocalizedText("Per provincie", "By province"),
}
"""The charts of a page, in their order, with the titles that a reader sees."""

_COUNTED: Final = (*TITLES, Dimension.PLACED_MONTH, Dimension.ENDED_MONTH, Dimension.FIELD_STATE)

_BY_SIZE: Final = frozenset(
    (Dimension.SENSOR_TYPE, Dimension.OWNER, Dimension.OWNER_TYPE, Dimension.THEME, Dimension.MUNICIPALITY,
     Dimension.PROVINCE, Dimension.LEGAL_GROUND)
)  # fmt: skip
"""Charts with the highest number first; the others are in the order of their list."""


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
    counts: Mapping[Dimension, Sequence[CountRow]]

    def share(self, number: int) -> float | None:
        return round(100 * number / self.total, 1) if self.total else None

    def count_placed(self, years_ago: int) -> int:
        """Sensors placed in the last twelve months, the present one included; or in twelve months before those."""
        end = len(self.trend.months) - 12 * years_ago
        return sum(month.placed for month in self.trend.months[max(end - 12, 0) : end])

    def find_chart(self, dimension: Dimension) -> Chart | None:
        return next((chart for chart in self.charts if chart.by == dimension), None)


async def read_figures(state: AppState, area: Area, reference: ReferenceData, labels: Labels) -> Figures:
    """Count the sensors of an area by everything that its page shows, in one statement."""
    counted = await read_each_count(state, area.search, _COUNTED)
    counts = dict(zip(_COUNTED, counted.rows, strict=True))
    owners = [row.values[0] for row in counts[Dimension.OWNER] if row.values[0]]
    named = StatisticsLabels(reference, await read_owner_names(state, owners))
    charts = tuple(
        _make_chart(dimension, counts[dimension], counted.total, named, labels)
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
        make_trend(counts[Dimension.PLACED_MONTH], counts[Dimension.ENDED_MONTH], area.search.today),
        tuple(_list_filled(describe_completeness(counts[Dimension.FIELD_STATE]), labels)),
        counts,
    )


def _list_filled(fields: Sequence[FieldCompleteness], labels: Labels) -> Iterator[FilledField]:
    for field in fields:
        if field.share is not None:
            label = labels.render(field.label)
            yield FilledField(label, field.applies, field.filled, round(100 * field.share, 1))


def _count_values(rows: Sequence[CountRow], wanted: Collection[str]) -> int:
    return sum(row.count for row in rows if row.values[0] in wanted)


def _make_chart(
    dimension: Dimension, rows: Sequence[CountRow], total: int, named: StatisticsLabels, labels: Labels
) -> Chart:
    if dimension in _BY_SIZE:
        ordered = sorted(
            rows, key=lambda row: (row.values[0] is None, -row.count, named.rank(dimension, row.values[0]))
        )
    else:
        ordered = sorted(rows, key=lambda row: named.rank(dimension, row.values[0]))
    shown, left_out = ordered[:MAX_BARS], ordered[MAX_BARS:]
    bars = [
        (
            labels.render(named.name_value(dimension, row.values[0])),
            row.count,
            find_page(dimension, row.values[0], named),
        )
        for row in shown
    ]
    return Chart(
        _make_chart_id(dimension),
        labels.render(TITLES[dimension]),
        measure_bars(bars, total),
        dimension.value,
        len(left_out),
        sum(row.count for row in left_out),
        SOURCES[dimension].overlaps,
    )


def _make_chart_id(dimension: Dimension) -> str:
    """The id of a chart on its page, to link to."""
    return f"by-{dimension.value.lower()}"


def find_page(dimension: Dimension, value: str | None, named: StatisticsLabels) -> str | None:
    """The Dutch path of the page about a value; None for one without a page."""
    if value is None:
        return None
    name = named.name_value(dimension, value).nl
    if dimension is Dimension.MUNICIPALITY:
        return make_page_path("municipality", name)
    if dimension is Dimension.PROVINCE:
        return make_page_path("province", name)
    if dimension is Dimension.SENSOR_TYPE:
        return make_page_path("kind", name)
    if dimension is Dimension.OWNER:
        # Owners without a public name have no page.
        return make_page_path("organisation", name) if named.owner_names.get(value) else None
    return None
