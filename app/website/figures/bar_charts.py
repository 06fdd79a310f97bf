"""The bar charts of an area, in the words of one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import LocalizedText
from app.places.page_paths import write_subject_path
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import NOT_NEEDED, SOURCES, Dimension, find_item_parameter
from app.sensors.search.grouped_counts import CountRow
from app.statistics.labels import StatisticsLabels
from app.website.figures.areas import Area
from app.website.figures.charts import MAX_BARS, Chart, measure_bars

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

_BY_SIZE: Final = frozenset(
    (Dimension.SENSOR_TYPE, Dimension.OWNER, Dimension.OWNER_TYPE, Dimension.THEME, Dimension.MUNICIPALITY,
     Dimension.PROVINCE, Dimension.LEGAL_GROUND)
)  # fmt: skip
"""Charts with the highest number first; the others are in the order of their list."""


@dataclass(frozen=True, slots=True)
class ChartWriter:
    """Makes the charts of an area; `named` has the labels of values."""

    area: Area
    named: StatisticsLabels
    labels: Labels

    def make_chart(self, dimension: Dimension, rows: Sequence[CountRow], total: int) -> Chart:
        """The chart of counts by a dimension; `total` is the number of sensors that were counted."""
        ordered = self._order(dimension, rows)
        shown, left_out = ordered[:MAX_BARS], ordered[MAX_BARS:]
        bars = [
            (
                self.labels.render(self.named.name_value(dimension, row.values[0])),
                row.count,
                self._find_page(dimension, row.values[0]),
                _find_list(self.area, dimension, row.values[0]),
            )
            for row in shown
        ]
        return Chart(
            _make_chart_id(dimension),
            self.labels.render(TITLES[dimension]),
            measure_bars(bars, total),
            dimension.value,
            len(left_out),
            sum(row.count for row in left_out),
            SOURCES[dimension].overlaps,
            dimension is Dimension.OPERATIONAL_STATUS,
        )

    def _find_page(self, dimension: Dimension, value: str | None) -> str | None:
        path = find_page(dimension, value, self.named)
        return self.area.follow(path) if path else None

    def _order(self, dimension: Dimension, rows: Sequence[CountRow]) -> list[CountRow]:
        def rank(row: CountRow) -> tuple[object, ...]:
            value = row.values[0]
            place = self.named.rank(dimension, value)
            # Values that are no choice, as "not filled in", come last.
            is_none = value in (None, NOT_NEEDED)
            return (is_none, -row.count, place) if dimension in _BY_SIZE else place

        return sorted(rows, key=rank)


def _find_list(area: Area, dimension: Dimension, value: str | None) -> str | None:
    """The Dutch path of the list of the sensors of an area with a value; None where no parameter selects them."""
    parameter = find_item_parameter(dimension, value)
    return area.write_page_path("/sensoren", **{parameter: value}) if parameter and value else None


def _make_chart_id(dimension: Dimension) -> str:
    """The id of a chart on its page, to link to."""
    return f"by-{dimension.value.lower()}"


def find_page(dimension: Dimension, value: str | None, named: StatisticsLabels) -> str | None:
    """The Dutch path of the page about a value; None for one without a page."""
    if value is None:
        return None
    name = named.name_value(dimension, value).nl
    if dimension is Dimension.MUNICIPALITY:
        return write_subject_path("municipality", name=name)
    if dimension is Dimension.PROVINCE:
        return write_subject_path("province", name=name)
    if dimension is Dimension.SENSOR_TYPE:
        return write_subject_path("kind", name=name)
    if dimension is Dimension.OWNER:
        # Owners without a public name have no page.
        return write_subject_path("organisation", name=name) if named.owner_names.get(value) else None
    return None
