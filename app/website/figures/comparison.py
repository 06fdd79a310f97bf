"""Up to five municipalities side by side."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.app_state import AppState
from app.core.i18n import LocalizedText
from app.files.writers.csv import write_lines, write_number
from app.sensors.presentation import Labels
from app.sensors.search.reference_data import ReferenceData
from app.statistics.coverage import read_area_km2
from app.statistics.labels import StatisticsLabels
from app.website.figures.areas import Area, describe_municipality
from app.website.figures.charts import Trend, scale_trend
from app.website.figures.compared_tables import COMPARED, ComparedTable, TableWriter
from app.website.figures.comparison_choice import choose_municipalities
from app.website.figures.moment import PageMoment
from app.website.figures.summary import read_figures


@dataclass(frozen=True, slots=True)
class Comparison:
    """The municipalities, their tables and trends, sentences about names left out, and the names not known.

    The trends have one scale. `months` are the tables of the trends.
    """

    names: tuple[str, ...]
    areas: tuple[Area, ...]
    tables: tuple[ComparedTable, ...]
    trends: tuple[Trend, ...]
    months: tuple[ComparedTable, ...]
    notices: tuple[str, ...]
    unknown: tuple[str, ...]


async def compare_municipalities(
    state: AppState, asked: Sequence[str], moment: PageMoment, reference: ReferenceData, labels: Labels
) -> Comparison:
    """The figures of the municipalities with these names or codes, side by side."""
    choice = choose_municipalities(asked, labels)
    areas = tuple(describe_municipality(one, moment.today).at(moment) for one in choice.municipalities)
    figures = await asyncio.gather(*(read_figures(state, area, reference, labels) for area in areas))
    sizes = await asyncio.gather(*(read_area_km2(state, one.code) for one in choice.municipalities))
    tables: list[ComparedTable] = []
    months: tuple[ComparedTable, ...] = ()
    if figures:
        writer = TableWriter(figures, StatisticsLabels(reference, {}), labels)
        compared = (writer.compare_values(dimension) for dimension in COMPARED)
        tables = [writer.compare_totals(sizes), *(table for table in compared if table)]
        months = writer.compare_months()
    top = max((each.trend.top for each in figures), default=0)
    return Comparison(
        tuple(one.name for one in choice.municipalities),
        areas,
        tuple(tables),
        tuple(scale_trend(each.trend, top) for each in figures),
        months,
        tuple(labels.render(notice) for notice in (*choice.notices, *moment.notices)),
        choice.unknown,
    )


def write_comparison(comparison: Comparison, labels: Labels) -> bytes:
    """All tables as CSV: a column of numbers for each municipality, its decimals written as in the language."""
    headings = (
        LocalizedText("Onderwerp", "Subject"),
        LocalizedText("Waarde", "Value"),
        LocalizedText("Code", "Code"),
    )
    rows = [
        (
            table.title,
            row.label,
            row.code,
            *(write_number(number, labels.language) for number in row.numbers),
        )
        for table in (*comparison.tables, *comparison.months)
        for row in table.rows
    ]
    names = [*(labels.render(heading) for heading in headings), *comparison.names]
    return write_lines(names, rows, header=True, language=labels.language)
