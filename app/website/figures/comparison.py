"""Up to five municipalities side by side."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.app_state import AppState
from app.core.errors import InvalidRequest
from app.core.formatting import format_number
from app.core.i18n import LocalizedText
from app.files.writers.csv import write_lines
from app.municipalities.directory import NamedMunicipality
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import Dimension
from app.sensors.search.reference_data import ReferenceData
from app.statistics.coverage import read_area_km2
from app.website.figures.areas import describe_municipality
from app.website.figures.summary import Figures, read_figures

MAX_COMPARED: Final = 5

COMPARED_CHARTS: Final = (
    Dimension.SENSOR_TYPE,
    Dimension.OWNER_TYPE,
    Dimension.PERSONAL_DATA,
    Dimension.SMART_CITY_THEME,
)
"""Charts whose rows are compared, municipality by municipality."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One measure and its value in each municipality, as text."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """Rows under one heading."""

    id: str
    title: str
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The names and Dutch paths of municipalities, the tables, and sentences about names that were not used."""

    names: tuple[str, ...]
    paths: tuple[str, ...]
    tables: tuple[ComparedTable, ...]
    notices: tuple[str, ...]


def choose_municipalities(
    asked: Sequence[str], labels: Labels
) -> tuple[list[NamedMunicipality], list[LocalizedText]]:
    """The municipalities with these names or codes, each once, and a sentence for each that is not found.

    A former municipality is replaced by its successor.
    """
    chosen: dict[str, NamedMunicipality] = {}
    notices = []
    for name in dict.fromkeys(each.strip()[:100] for each in asked if each.strip()):
        try:
            found = labels.directory.get_municipality(name)
        except InvalidRequest as unknown:
            notices.append(unknown.problems[0].detail)
            continue
        if found.successor is not None:
            successor = labels.directory.get_municipality(found.successor.code)
            notices.append(
                LocalizedText(
                    f"{found.name} is opgegaan in {successor.name}.",
                    f"{found.name} became part of {successor.name}.",
                )
            )
            found = successor
        chosen[found.code] = found
    if len(chosen) > MAX_COMPARED:
        notices.append(
            LocalizedText(
                f"U ziet de eerste {MAX_COMPARED} gemeenten. Haal er een weg om een andere te vergelijken.",
                f"The first {MAX_COMPARED} municipalities are shown. Remove one to compare another.",
            )
        )
    return list(chosen.values())[:MAX_COMPARED], notices


async def compare_municipalities(
    state: AppState, asked: Sequence[str], today: date, reference: ReferenceData, labels: Labels
) -> Comparison:
    """The figures of the municipalities with these names or codes, side by side."""
    municipalities, notices = choose_municipalities(asked, labels)
    areas = [describe_municipality(one, today) for one in municipalities]
    figures = list(await asyncio.gather(*(read_figures(state, area, reference, labels) for area in areas)))
    sizes = await asyncio.gather(*(read_area_km2(state, one.code) for one in municipalities))
    tables = [_compare_totals(figures, sizes, labels), *_compare_charts(figures, labels)] if figures else []
    return Comparison(
        tuple(one.name for one in municipalities),
        tuple(area.path for area in areas),
        tuple(tables),
        tuple(labels.render(notice) for notice in notices),
    )


def write_comparison(comparison: Comparison, labels: Labels) -> bytes:
    """The tables as CSV: a column for each municipality."""
    subject = labels.render(LocalizedText("Onderwerp", "Subject"))
    value = labels.render(LocalizedText("Waarde", "Value"))
    rows = [(table.title, row.label, *row.values) for table in comparison.tables for row in table.rows]
    return write_lines([subject, value, *comparison.names], rows, header=True)


def _compare_totals(
    figures: Sequence[Figures], sizes: Sequence[float | None], labels: Labels
) -> ComparedTable:
    areas_km2 = dict(zip([each.area.code for each in figures], sizes, strict=True))

    def row(label: LocalizedText, measure: Callable[[Figures], str]) -> ComparedRow:
        return ComparedRow(labels.render(label), tuple(measure(each) for each in figures))

    def number(value: float) -> str:
        return format_number(value, labels.language)

    def share(each: Figures, value: int) -> str:
        percentage = each.share(value)
        return number(value) if percentage is None else f"{number(value)} ({number(percentage)}%)"

    rows = (
        row(LocalizedText("Sensoren", "Sensors"), lambda each: number(each.total)),
        row(
            LocalizedText("Sensoren per vierkante kilometer", "Sensors per square kilometre"),
            lambda each: number(round(each.total / (areas_km2[each.area.code] or math.inf), 2)),
        ),
        row(LocalizedText("Eigenaren", "Owners"), lambda each: number(each.owners)),
        row(
            LocalizedText(
                "Met persoonsgegevens, volgens de eigenaar", "With personal data, according to the owner"
            ),
            lambda each: share(each, each.personal),
        ),
        row(LocalizedText("Bevestigd", "Confirmed"), lambda each: share(each, each.confirmed)),
        row(LocalizedText("Te laat aangemeld", "Notified late"), lambda each: share(each, each.late)),
        row(
            LocalizedText("Geplaatst in de laatste twaalf maanden", "Placed in the last twelve months"),
            lambda each: number(each.count_placed(0)),
        ),
        row(
            LocalizedText("Geplaatst in de twaalf maanden daarvoor", "Placed in the twelve months before"),
            lambda each: number(each.count_placed(1)),
        ),
    )
    return ComparedTable("totals", labels.render(LocalizedText("In het kort", "In short")), rows)


def _compare_charts(figures: Sequence[Figures], labels: Labels) -> list[ComparedTable]:
    tables = []
    for dimension in COMPARED_CHARTS:
        charts = [each.find_chart(dimension) for each in figures]
        counts = [{bar.label: bar.count for bar in chart.bars} if chart else {} for chart in charts]
        words = list(dict.fromkeys(word for each in counts for word in each))
        title = next((chart.title for chart in charts if chart), "")
        rows = tuple(
            ComparedRow(word, tuple(format_number(each.get(word, 0), labels.language) for each in counts))
            for word in words
        )
        if rows:
            tables.append(ComparedTable(f"by-{dimension.value.lower()}", title, rows))
    return tables
