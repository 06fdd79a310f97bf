"""Tables of figures side by side: a row for each measure or value, a column for each municipality."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.formatting import format_month, format_number
from app.core.i18n import LocalizedText
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import SOURCES, Dimension, find_item_parameter
from app.statistics.labels import StatisticsLabels
from app.website.figures.bar_charts import TITLES
from app.website.figures.charts import Month
from app.website.figures.summary import Figures

COMPARED: Final = (
    Dimension.SENSOR_TYPE,
    Dimension.OWNER_TYPE,
    Dimension.PERSONAL_DATA,
    Dimension.LEGAL_GROUND,
    Dimension.SMART_CITY_THEME,
    Dimension.MOBILITY,
)
"""Dimensions whose values are compared, municipality by municipality."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One measure and its value in each municipality: a number, or None where there is none, and as text.

    `code` is that of a value in the API. `links` are Dutch paths of the lists of these sensors, None without one.
    """

    label: str
    numbers: tuple[float | None, ...]
    values: tuple[str, ...]
    links: tuple[str | None, ...]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """Rows under one heading; `overlapping` is the dimension where a sensor may be in several rows, else None."""

    id: str
    title: str
    rows: tuple[ComparedRow, ...]
    overlapping: str | None = None


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Makes the tables of these figures, side by side; `named` has the labels of values."""

    figures: Sequence[Figures]
    named: StatisticsLabels
    labels: Labels

    def compare_totals(self, sizes_km2: Sequence[float | None]) -> ComparedTable:
        """The table of totals; the sizes are those of the municipalities, None where not known."""
        size_of = {each.area.code: size for each, size in zip(self.figures, sizes_km2, strict=True)}

        def measure_density(each: Figures) -> float | None:
            size = size_of[each.area.code]
            return round(each.total / size, 2) if size else None

        personal = LocalizedText(
            "Met persoonsgegevens, volgens de eigenaar", "With personal data, according to the owner"
        )
        percent = LocalizedText(f"{personal.nl}, in procenten", f"{personal.en}, in percent")
        density = LocalizedText("Sensoren per vierkante kilometer", "Sensors per square kilometre")
        confirmed = LocalizedText("Bevestigd in procenten", "Confirmed, in percent")
        this_year = LocalizedText(
            "Geplaatst in de laatste twaalf maanden", "Placed in the last twelve months"
        )
        year_before = LocalizedText(
            "Geplaatst in de twaalf maanden daarvoor", "Placed in the twelve months before"
        )
        rows = (
            self._measure(
                LocalizedText("Sensoren", "Sensors"),
                lambda each: each.total,
                lambda each: each.area.write_page_path("/sensoren"),
            ),
            self._measure(density, measure_density),
            self._measure(LocalizedText("Eigenaren", "Owners"), lambda each: each.owners),
            self._measure(personal, lambda each: each.personal, lambda each: each.personal_list),
            self._measure(percent, lambda each: each.share(each.personal)),
            self._measure(confirmed, lambda each: each.share(each.confirmed)),
            self._measure(LocalizedText("Te laat aangemeld", "Notified late"), lambda each: each.late),
            self._measure(this_year, lambda each: each.count_placed(0)),
            self._measure(year_before, lambda each: each.count_placed(1)),
        )
        return ComparedTable("totals", self.labels.render(LocalizedText("In het kort", "In short")), rows)

    def compare_values(self, dimension: Dimension) -> ComparedTable | None:
        """The table of a dimension with every value that occurs; None without one."""
        counts = [{row.values[0]: row.count for row in each.counts[dimension]} for each in self.figures]
        values = sorted(
            {value for each in counts for value in each}, key=lambda value: self.named.rank(dimension, value)
        )
        rows = tuple(
            self._make_row(
                self.labels.render(self.named.name_value(dimension, value)),
                [each.get(value, 0) for each in counts],
                self._list_links(dimension, value),
                value,
            )
            for value in values
        )
        title = self.labels.render(TITLES[dimension])
        overlapping = dimension.value if SOURCES[dimension].overlaps else None
        return ComparedTable(f"by-{dimension.value.lower()}", title, rows, overlapping) if rows else None

    def compare_months(self) -> tuple[ComparedTable, ComparedTable]:
        """The tables of placed and of ended sensors by month, oldest first."""
        placed = LocalizedText("Geplaatst, per maand", "Placed, by month")
        ended = LocalizedText("Weg, of had weg moeten zijn, per maand", "Gone, or should have gone, by month")
        return (
            self._compare_months("placed", placed, lambda month: month.placed),
            self._compare_months("ended", ended, lambda month: month.ended),
        )

    def _compare_months(
        self, identifier: str, title: LocalizedText, count: Callable[[Month], int]
    ) -> ComparedTable:
        trends = [each.trend.months for each in self.figures]
        rows = tuple(
            self._make_row(
                format_month(months[0].month, self.labels.language),
                [count(month) for month in months],
                code=f"{months[0].month:%Y-%m}",
            )
            for months in zip(*trends, strict=True)
        )
        return ComparedTable(identifier, self.labels.render(title), rows)

    def _measure(
        self,
        label: LocalizedText,
        measure: Callable[[Figures], float | None],
        link: Callable[[Figures], str] | None = None,
    ) -> ComparedRow:
        links = [link(each) if link and measure(each) else None for each in self.figures]
        return self._make_row(self.labels.render(label), [measure(each) for each in self.figures], links)

    def _list_links(self, dimension: Dimension, value: str | None) -> list[str | None]:
        parameter = find_item_parameter(dimension, value)
        if parameter is None or value is None:
            return [None] * len(self.figures)
        return [each.area.write_page_path("/sensoren", **{parameter: value}) for each in self.figures]

    def _make_row(
        self,
        label: str,
        numbers: Sequence[float | None],
        links: Sequence[str | None] = (),
        code: str | None = None,
    ) -> ComparedRow:
        language = self.labels.language
        texts = ("–" if number is None else format_number(number, language) for number in numbers)
        return ComparedRow(label, tuple(numbers), tuple(texts), tuple(links) or (None,) * len(numbers), code)
