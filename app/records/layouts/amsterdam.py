"""Amsterdam's bulk form as it is: the sheets `Uw gegevens` and `Sensorregistratie`, one sensor a row.

Of `Uw gegevens` the organisation's name and KVK number are compared with the register; nothing of it is kept.
Source: the form of sensorenregister.amsterdam.nl.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.table import Cell, InvalidCell, Table
from app.municipalities.codes import fold_name
from app.records.cell_parsers import split_list
from app.records.coordinates import find_coordinates
from app.records.layouts.areas import Refused, read_area
from app.records.layouts.columns import (
    CellColumn,
    find_listed_words,
    make_reader,
    read_list_part,
    read_only_one,
)
from app.records.layouts.headings import fold_heading
from app.records.layouts.location_columns import LocationColumns
from app.records.layouts.locations import LocationReader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.row_transforms import assume_placed
from app.records.layouts.table_mapping import Assumption, RowBatch, TableMapping
from app.sensors.fields import FIELD_BY_NAME, PERSONAL_DATA, FieldKind

_SENDER_SHEET: Final = "uw gegevens"
_NAME: Final = "naam organisatie/bedrijf"
_KVK: Final = "kvk-nummer"

_AREA: Final = "in welk gebied bevindt zich de mobiele sensor"
_FIELDS: Final[Mapping[str, str]] = {
    "referentie": "reference",
    "kies soort / type sensor": "sensorType",
    "wat meet de sensor": "measures",
    "waarvoor meet u dat": "purpose",
    "worden er persoonsgegevens verwerkt": "personalData",
    "wettelijke grondslag": "gdprBases",
    "privacyverklaring": "privacyStatementUrl",
    "wanneer wordt de sensor verwijderd": "activeUntil",
    **{f"thema {number}": "themes" for number in range(1, 9)},
}
HEADINGS: Final = frozenset({*_FIELDS, _AREA})
"""Headings of the form, folded."""
_ASKED: Final = frozenset({*_FIELDS.values(), "location", "operatingArea", "locationDescription", "mobility"})

# The bracket is in the form's own list.
_STRAY_BRACKET: Final = {
    "bescherming vitale belangen betrokkene(n) of van een andere natuurlijke persoon)": "vital_interests"
}

_AMSTERDAM: Final = "GM0363"
_DISTRICTS: Final = frozenset(
    ("centrum", "nieuw west", "noord", "oost", "weesp", "west", "westpoort", "zuid", "zuidoost")
)

_NEITHER: Final = LocalizedText(
    "Vul Latitude en Longitude in, of noem het gebied van een mobiele sensor.",
    "Fill in Latitude and Longitude, or name the area of a mobile sensor.",
)
_BOTH: Final = LocalizedText(
    "Vul óf coördinaten in (vaste sensor) óf een gebied (mobiele sensor), niet allebei.",
    "Fill in either coordinates (fixed sensor) or an area (mobile sensor), not both.",
)


class AmsterdamLayout:
    """The form of the city of Amsterdam, as Excel or with its second sheet saved as CSV."""

    name = "amsterdam"
    auxiliary_sheets = frozenset(
        {_SENDER_SHEET, "jaNee".lower(), "types", "themas", "wettelijke grondslagen"}
    )

    def __init__(self, context: ReadingContext, assumptions: AssumptionLog) -> None:
        self._context = context
        self._assumptions = assumptions
        self._sender: dict[str, Cell] = {}

    def asks(self, name: str) -> bool:
        return name in _ASKED

    def map_table(self, table: Table) -> TableMapping | None:
        if (table.name or "").strip().lower() == _SENDER_SHEET:
            self._sender = _read_sender(table)
            return None
        folded = [fold_heading(heading) for heading in table.headings]
        if _AREA not in folded or "kies soort / type sensor" not in folded:
            return None
        found: dict[str, list[int]] = {}
        for index, heading in enumerate(folded):
            if heading in _FIELDS:
                found.setdefault(_FIELDS[heading], []).append(index)
        columns = [self._make_column(name, indexes, folded, table) for name, indexes in found.items()]
        coordinates = find_coordinates(table.headings)
        area = folded.index(_AREA)
        used = {area, *coordinates.indexes, *(index for indexes in found.values() for index in indexes)}
        headings = {name: table.headings[indexes[0]] for name, indexes in found.items()}
        headings |= {"operatingArea": table.headings[area], "mobility": table.headings[area]}
        return TableMapping(
            columns,
            [
                LocationReader(table, coordinates, self._assumptions),
                _AreaReader(area, self._context),
            ],
            headings,
            self._assumptions,
            [heading for index, heading in enumerate(table.headings) if heading and index not in used],
            locations=LocationColumns(table.headings, coordinates),
            unread=[index for index, heading in enumerate(table.headings) if not heading],
        )

    def _make_column(
        self, name: str, indexes: Sequence[int], folded: Sequence[str], table: Table
    ) -> CellColumn:
        field = FIELD_BY_NAME[name]
        read = make_reader(field, self._context, self._assumptions, table, _STRAY_BRACKET)
        words = find_listed_words(field, self._context)
        numbers = [int(number) for index in indexes if (number := folded[index].rpartition(" ")[2]).isdigit()]
        if name == "themes" and len(set(numbers)) == len(indexes) < field.most:
            return CellColumn(name, indexes, partial(read_list_part, read, numbers), words, is_part=True)
        if field.kind is not FieldKind.TERMS and len(indexes) > 1:
            read = partial(read_only_one, read)
        return CellColumn(name, indexes, read, words)

    def find_owner(self) -> str | None:
        name, kvk = self._sender.get(_NAME), self._sender.get(_KVK)
        chosen = self._context.owner
        known = self._context.organisations.names
        if chosen is not None:
            if isinstance(name, str) and fold_name(name) != fold_name(known.get(chosen) or ""):
                self._assumptions.add(
                    "sender",
                    LocalizedText(
                        "Op het blad Uw gegevens staat een andere naam dan die van de gekozen eigenaar; "
                        f"de gekozen eigenaar geldt: {known.get(chosen) or chosen}.",
                        "The sheet Uw gegevens has another name than that of the chosen owner; "
                        f"the chosen owner is used: {known.get(chosen) or chosen}.",
                    ),
                )
            return chosen
        for cell in (kvk, name):
            found = None if cell is None else self._context.organisations.find(cell)
            if isinstance(found, str):
                return found
        raise InvalidRequest(
            LocalizedText(
                "De organisatie op het blad Uw gegevens staat niet onder die naam of dat KVK-nummer in het register. "
                "Kies zelf de eigenaar (--owner).",
                "The organisation on the sheet Uw gegevens is not in the register under that name or KVK number. "
                "Choose the owner yourself (--owner).",
            )
        )

    def list_assumptions(self) -> list[Assumption]:
        return [
            assume_placed(self._context.today),
            Assumption(
                "retentionKind",
                "unknown",
                LocalizedText(
                    "Het formulier vraagt niet hoe lang gegevens bewaard blijven: ingevuld is Onbekend.",
                    "The form does not ask how long data are kept: Unknown was filled in.",
                ),
                lambda given: given.get("personalData") in PERSONAL_DATA,
            ),
        ]


def _read_sender(table: Table) -> dict[str, Cell]:
    """The organisation's name and number; the people on the sheet are not looked at."""
    rows = [table.headings, *(row.cells for row in table.rows)]
    answers = {fold_heading(str(cells[0])): cells[1] for cells in rows if len(cells) > 1}
    return {
        label: cell
        for label in (_NAME, _KVK)
        if (cell := answers.get(label)) not in (None, "") and not isinstance(cell, InvalidCell)
    }


class _AreaReader:
    """A step: a sensor with an area is mobile, one with coordinates fixed; districts are Amsterdam's."""

    def __init__(self, column: int, context: ReadingContext) -> None:
        self._column = column
        self._context = context

    def __call__(self, batch: RowBatch) -> None:
        for index, cell in enumerate(batch.columns[self._column]):
            given = batch.given[index]
            misread = any(problem.location == "/location" for problem in batch.problems.get(index, ()))
            has_place = misread or given.get("location") is not None
            if cell is None:
                given["mobility"] = "fixed"
                if not has_place:
                    batch.refuse(index, Problem(ProblemCode.REQUIRED, "/location", _NEITHER))
                continue
            given |= {"mobility": "mobile", "operatingArea": cell}
            if isinstance(cell, InvalidCell):
                batch.refuse(index, Problem(cell.code, "/operatingArea", cell.detail, cell.text))
                continue
            # Also where it is one too many: the check reads it too, and would ask for something else.
            self._read_area(batch, index, cell)
            if has_place:
                batch.refuse(index, Problem(ProblemCode.LOCATION_OF_MOBILE, "/location", _BOTH))

    def _read_area(self, batch: RowBatch, index: int, cell: Cell) -> None:
        given = batch.given[index]
        items = [part.strip() for item in split_list(cell) for part in str(item).split(",")]
        if isinstance(cell, str) and any(map(_is_district, items)):
            given["locationDescription"] = cell
            cell = "; ".join(_AMSTERDAM if _is_district(item) else item for item in items)
        try:
            given["operatingArea"] = read_area(cell, "operatingArea", self._context.directory)
        except Refused as refused:
            found = refused.problem
            detail = LocalizedText(
                f"{found.detail.nl} Noem gemeenten of Amsterdamse stadsdelen, gescheiden door een puntkomma.",
                f"{found.detail.en} Name municipalities or districts of Amsterdam, separated by a semicolon.",
            )
            batch.refuse(index, replace(found, detail=detail))


def _is_district(text: str) -> bool:
    folded = fold_name(text).removeprefix("stadsdeel ").removeprefix("amsterdam ")
    return folded in _DISTRICTS
