"""Up to five municipalities side by side."""

import asyncio
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
    """One measure and its value in each municipality: a number, or None where there is none, and as text."""

    label: str
    numbers: tuple[float | None, ...]
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
    """The tables as CSV: a column of numbers for each municipality, with a decimal point."""
    subject = labels.render(LocalizedText("Onderwerp", "Subject"))
    value = labels.render(LocalizedText("Waarde", "Value"))
    rows = [
        (table.title, row.label, *(None if number is None else f"{number:g}" for number in row.numbers))
        for table in comparison.tables
        for row in table.rows
    ]
    return write_lines([subject, value, *comparison.names], rows, header=True)


def _compare_totals(
    figures: Sequence[Figures], sizes: Sequence[float | None], labels: Labels
) -> ComparedTable:
    areas_km2 = dict(zip([each.area.code for each in figures], sizes, strict=True))

    def row(label: LocalizedText, measure: Callable[[Figures], float | None]) -> ComparedRow:
        return _make_row(labels.render(label), [measure(each) for each in figures], labels)

    def measure_density(each: Figures) -> float | None:
        area_km2 = areas_km2[each.area.code]
        return round(each.total / area_km2, 2) if area_km2 else None

    personal = LocalizedText(
        "Met persoonsgegevens, volgens de eigenaar", "With personal data, according to the owner"
    )
    rows = (
        row(LocalizedText("Sensoren", "Sensors"), lambda each: each.total),
        row(
            LocalizedText("Sensoren per vierkante kilometer", "Sensors per square kilometre"), measure_density
        ),
        row(LocalizedText("Eigenaren", "Owners"), lambda each: each.owners),
        row(personal, lambda each: each.personal),
        row(_in_percent(personal), lambda each: each.share(each.personal)),
        row(
            LocalizedText("Bevestigd in procenten", "Confirmed, in percent"),
            lambda each: each.share(each.confirmed),
        ),
        row(LocalizedText("Te laat aangemeld", "Notified late"), lambda each: each.late),
        row(
            LocalizedText("Geplaatst in de laatste twaalf maanden", "Placed in the last twelve months"),
            lambda each: each.count_placed(0),
        ),
        row(
            LocalizedText("Geplaatst in de twaalf maanden daarvoor", "Placed in the twelve months before"),
            lambda each: each.count_placed(1),
        ),
    )
    return ComparedTable("totals", labels.render(LocalizedText("In het kort", "In short")), rows)


def _in_percent(label: LocalizedText) -> LocalizedText:
    return LocalizedText(f"{label.nl}, in procenten", f"{label.en}, in percent")


def _make_row(label: str, numbers: Sequence[float | None], labels: Labels) -> ComparedRow:
    texts = ("–" if number is None else format_number(number, labels.language) for number in numbers)
    return ComparedRow(label, tuple(numbers), tuple(texts))


def _compare_charts(figures: Sequence[Figures], labels: Labels) -> list[ComparedTable]:
    tables = []
    for dimension in COMPARED_CHARTS:
        charts = [each.find_chart(dimension) for each in figures]
        counts = [{bar.label: bar.count for bar in chart.bars} if chart else {} for chart in charts]
        words = list(dict.fromkeys(word for each in counts for word in each))
        title = next((chart.title for chart in charts if chart), "")
        rows = tuple(_make_row(word, [each.get(word, 0) for each in counts], labels) for word in words)
        if rows:
            tables.append(ComparedTable(f"by-{dimension.value.lower()}", title, rows))
    return tables
