"""SensRNet's template (a data stream of a sensor of a device a row, explained in the first rows) and its CSV.

Source: SensRNet, TemplateOpvoerAPI (Kadaster, 2021); the CSV of its registry: Category, Name, Description, Latitude,
Longitude, Height.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.table import Cell, Row, Table
from app.records.cell_parsers import fold_text, parse_boolean, parse_number, parse_text
from app.records.coordinates import find_coordinates
from app.records.layouts.columns import CellColumn, ReadCell, find_listed_words, make_reader
from app.records.layouts.headings import fold_heading
from app.records.layouts.location_columns import LocationColumns
from app.records.layouts.locations import LocationReader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.row_transforms import assume_placed
from app.records.layouts.sensrnet_terms import CATEGORIES, CONNECTIONS, SENSOR_TYPES, SUBTYPES, THEMES
from app.records.layouts.table_mapping import Assumption, RowBatch, RowTransform, TableMapping
from app.sensors.fields import FIELD_BY_NAME

UNKNOWN_HEIGHT: Final = 999.99

_TITLES: Final = "titel veld"
_EXPLANATIONS: Final = frozenset({"omschrijving:", "type input:", "verplicht veld?", "voorbeeld:"})
_METRES: Final = re.compile(r"\d+([.,]\d+)?\s*(m|meters?|metres?)?\.?", re.IGNORECASE)
_RING: Final = re.compile(r"\[?\s*([-\d.]+ [-\d.]+(?:\s*,\s*[-\d.]+ [-\d.]+){3,})\s*\]?")
_ALIASES: Final[Mapping[str, Mapping[str, str]]] = {
    "sensorType": SENSOR_TYPES,
    "themes": THEMES,
    "connectivity": CONNECTIONS,
}

Named = Mapping[str, Cell]
"""Cells of a row by their folded headings."""


class _Origin(NamedTuple):
    """The folded headings from which a field is read, and what is taken of their cells."""

    headings: tuple[str, ...]
    take: Callable[[Named], Cell]


def _take_first(named: Named) -> Cell:
    return next((cell for cell in named.values() if cell is not None), None)


def _take_joined(named: Named) -> Cell:
    if changed := [cell for cell in named.values() if isinstance(cell, date)]:
        return changed[0]
    return ", ".join(str(parse_text(cell)) for cell in named.values() if cell is not None) or None


def _take_type(named: Named) -> Cell:
    """The type of the sensor, else what the category of its device tells of it."""
    *types, category = named.values()
    if types and types[0] is not None:
        return types[0]
    return CATEGORIES.get(fold_text(category), category) or None if isinstance(category, str) else category


def _take_subtype(named: Named) -> Cell:
    return SUBTYPES.get(fold_text(str(_take_first(named))))


def _take_measures(named: Named) -> Cell:
    described = _take_first({name: cell for name, cell in named.items() if name != "meeteenheid"})
    unit = named.get("meeteenheid")
    return described if unit is None or described is None else f"{described} ({unit})"


def _take_height(named: Named) -> Cell:
    (cell,) = named.values()
    return None if parse_number(cell) == UNKNOWN_HEIGHT else cell


def _take_range(named: Named) -> Cell:
    cell = _take_first(named)
    return (
        cell if isinstance(cell, int | float) or (isinstance(cell, str) and _METRES.fullmatch(cell)) else None
    )


def _take_area(named: Named) -> Cell:
    cell = _take_first(named)
    if not isinstance(cell, str) or _take_range(named) is not None:
        return None
    ring = _RING.fullmatch(cell)
    return f"POLYGON(({ring[1]}))" if ring else cell


def _take_personal(named: Named) -> Cell:
    cell = parse_boolean(_take_first(named))
    return {True: "yes", False: "none"}[cell] if isinstance(cell, bool) else cell


_TEMPLATE: Final[Mapping[str, _Origin]] = {
    "reference": _Origin(("naam sensor", "naam apparaat"), _take_first),
    "name": _Origin(("naam sensor", "naam apparaat"), _take_first),
    "summary": _Origin(("omschrijving sensor", "omschrijving apparaat"), _take_first),
    "sensorType": _Origin(("sensortype", "categorie apparaat"), _take_type),
    "sensorSubtype": _Origin(("sensortype",), _take_subtype),
    "measures": _Origin(("omschrijving datastroom", "naam datastroom", "meeteenheid"), _take_measures),
    "manufacturer": _Origin(("fabrikant sensor",), _take_first),
    "supplier": _Origin(("leverancier sensor",), _take_first),
    "specificationUrl": _Origin(("documentatie sensor",), _take_first),
    "connectivity": _Origin(("connectiviteit",), _take_first),
    "locationDescription": _Origin(("naam opstelpunt", "opstelpunt omschrijving"), _take_joined),
    "heightM": _Origin(("hoogte",), _take_height),
    "viewRangeM": _Origin(("observatiegebied",), _take_range),
    "observedArea": _Origin(("observatiegebied",), _take_area),
    "purpose": _Origin(("beschrijving observatie doel", "naam observatie doel"), _take_first),
    "themes": _Origin(("thema datastroom",), _take_first),
    "personalData": _Origin(("bevat de datastroom persoonsgegevens",), _take_personal),
    # The first is how the template spells it.
    "legalBasisText": _Origin(
        ("obervatie doel wettelijke grondslag", "observatie doel wettelijke grondslag"), _take_first
    ),
    "legalBasisUrl": _Origin(("observatie doel wettelijke grondslag link (url)",), _take_first),
    "openData": _Origin(("is de datastroom beschikbaar als open data",), _take_first),
    "dataUrl": _Origin(("link naar datastroom",), _take_first),
    "moreInfoUrl": _Origin(("documentatie datastroom",), _take_first),
}
_CSV: Final[Mapping[str, _Origin]] = {
    "reference": _Origin(("name",), _take_first),
    "name": _Origin(("name",), _take_first),
    "summary": _Origin(("description",), _take_first),
    "sensorType": _Origin(("category",), _take_type),
    "heightM": _Origin(("height",), _take_height),
}

HEADINGS: Final = frozenset(
    heading for origins in (_TEMPLATE, _CSV) for origin in origins.values() for heading in origin.headings
)
"""Headings of the template and of the CSV, folded."""


class SensrnetLayout:
    """The template, in Excel or saved as CSV, with or without its rows of explanation."""

    name: ClassVar[str] = "sensrnet"
    auxiliary_sheets: ClassVar[frozenset[str]] = frozenset()
    _signs: ClassVar[frozenset[str]] = frozenset({"naam sensor", "categorie apparaat", "thema datastroom"})
    _origins: ClassVar[Mapping[str, _Origin]] = _TEMPLATE

    def __init__(self, context: ReadingContext, assumptions: AssumptionLog) -> None:
        self._context = context
        self._assumptions = assumptions

    def asks(self, name: str) -> bool:
        return name in self._origins or name in {"location", "mobility", "heightReference"}

    def find_owner(self) -> str | None:
        return self._context.owner

    def list_assumptions(self) -> list[Assumption]:
        return [assume_placed(self._context.today)]

    def map_table(self, table: Table) -> TableMapping | None:
        places = {fold_heading(heading): index for index, heading in enumerate(table.headings) if heading}
        if not places.keys() >= self._signs:
            return None
        columns = []
        headings = {}
        used = set()
        for name, origin in self._origins.items():
            found = [heading for heading in origin.headings if heading in places]
            if found:
                indexes = [places[heading] for heading in found]
                words = find_listed_words(FIELD_BY_NAME[name], self._context)
                columns.append(
                    CellColumn(name, indexes, self._make_reader(name, found, origin, table), words)
                )
                headings[name] = table.headings[indexes[0]]
                used.update(indexes)
        coordinates = find_coordinates(table.headings)
        used.update(coordinates.indexes)
        titles = places.get(_TITLES)
        unused = [
            heading
            for index, heading in enumerate(table.headings)
            if heading and index not in used and index != titles
        ]
        transforms: list[RowTransform] = [
            LocationReader(table, coordinates, self._assumptions),
            self._complete,
        ]
        return TableMapping(
            columns,
            transforms,
            headings,
            self._assumptions,
            unused,
            None if titles is None else partial(_explains, titles),
            LocationColumns(table.headings, coordinates),
            [index for index, heading in enumerate(table.headings) if not heading],
        )

    def _make_reader(self, name: str, found: Sequence[str], origin: _Origin, table: Table) -> ReadCell:
        read = make_reader(FIELD_BY_NAME[name], self._context, self._assumptions, table, _ALIASES.get(name))

        def read_cells(cells: Any) -> Any:
            named = dict(zip(found, cells if isinstance(cells, tuple) else (cells,), strict=True))
            cell = origin.take(named)
            return None if cell is None else read(cell)

        return read_cells

    def _complete(self, batch: RowBatch) -> None:
        """Add values that hold for every sensor of the template: it is fixed, and its height is above ground."""
        for index, given in enumerate(batch.given):
            given["mobility"] = "fixed"
            if given.get("heightM") is not None:
                given["heightReference"] = "ground"
            if given.get("viewRangeM") is not None:
                given |= {"viewDirectionDeg": 0, "viewAngleDeg": 360}
            if given.get("sensorType") is None and self._context.defaults.get("sensorType") is None:
                batch.refuse(index, Problem(ProblemCode.REQUIRED, "/sensorType", _WHICH_TYPE))


class SensrnetCsvLayout(SensrnetLayout):
    """The CSV; most of what the register asks has to be given for all rows."""

    name = "sensrnet-csv"
    _signs = frozenset({"category", "name", "description", "height"})
    _origins = _CSV


def _explains(titles: int, row: Row) -> bool:
    cell = row.cells[titles]
    return isinstance(cell, str) and fold_text(cell) in _EXPLANATIONS


_WHICH_TYPE: Final = LocalizedText(
    "Er staat niet welke soort sensor dit is. Geef de soort één keer voor alle rijen, met --set sensorType=….",
    "It does not say which type of sensor this is. Give the type once for all rows, with --set sensorType=….",
)
