"""A list in an organisation's own form, read by its mapping: as the register's own table, below other headings."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from app.core.i18n import LocalizedText
from app.files.table import Table
from app.records.cell_parsers import fold_text, split_list
from app.records.coordinates import is_coordinate_heading
from app.records.layouts.columns import ReadCell
from app.records.layouts.heading_mapping import HeadingMapping
from app.records.layouts.mapping_document import name_target
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.layouts.register_layout import RegisterLayout
from app.records.layouts.table_mapping import TableMapping
from app.records.value_words import fold_value, translate_value
from app.sensors.fields import Field, FieldKind
from app.sensors.plain_text import EMPTY_WORDS


class MappedLayout(RegisterLayout):
    """The register's own table behind a mapping; `is_remembered` says that the headings must be all there."""

    name = "mapped"
    auxiliary_sheets = frozenset()

    def __init__(
        self,
        context: ReadingContext,
        assumptions: AssumptionLog,
        mapping: HeadingMapping,
        *,
        is_remembered: bool = False,
    ) -> None:
        super().__init__(context, assumptions)
        self.mapping = mapping
        self._is_remembered = is_remembered

    def map_table(self, table: Table) -> TableMapping | None:
        if not self.mapping.reads_sheet(table.name):
            return None
        if self._is_remembered and not self.mapping.fits(table.headings):
            return None
        found = super().map_table(table)
        if found is not None:
            self._report_mapping(table)
        return found

    def _list_targets(self, heading: str) -> Sequence[str]:
        return self.mapping.find_targets(heading)

    def _name_coordinate(self, heading: str) -> str:
        return next((each for each in self.mapping.find_targets(heading) if is_coordinate_heading(each)), "")

    def _make_reader(self, field: Field, table: Table) -> ReadCell:
        read = super()._make_reader(field, table)
        words = self.mapping.words.get(field.name)
        return partial(_read_word, read, words, is_list=field.kind is FieldKind.TERMS) if words else read

    def _find_listed_words(self, field: Field) -> frozenset[str]:
        words = self.mapping.words.get(field.name, {})
        return super()._find_listed_words(field) | {word for word in EMPTY_WORDS if fold_value(word) in words}

    def _report_unknown(self, headings: Sequence[str]) -> None:
        """Report nothing: of a mapped list it is known which columns are not taken over."""

    def _report_mapping(self, table: Table) -> None:
        read = [
            (heading, [name_target(target) for target in targets])
            for heading in dict.fromkeys(table.headings)
            if heading and (targets := self.mapping.find_targets(heading))
        ]
        name = f" {self.mapping.name}" if self.mapping.name else ""
        dutch = "; ".join(
            f"{heading} is {', '.join(label.nl for label in labels)}" for heading, labels in read
        )
        english = "; ".join(
            f"{heading} is {', '.join(label.en for label in labels)}" for heading, labels in read
        )
        self._assumptions.add(
            "mapping",
            LocalizedText(
                f"Gelezen met uw koppeling{name}: {dutch}.", f"Read with your mapping{name}: {english}."
            ),
        )
        folded = set(map(fold_text, table.headings))
        missing = [
            own for own, targets in self.mapping.columns.items() if targets and fold_text(own) not in folded
        ]
        if missing:
            names = ", ".join(missing)
            self._assumptions.add(
                "mapping without columns",
                LocalizedText(
                    f"In uw koppeling, en niet in het bestand: {names}.",
                    f"In your mapping, and not in the file: {names}.",
                ),
            )


def _read_word(read: ReadCell, words: Mapping[str, Any], cell: Any, *, is_list: bool) -> Any:
    """A cell in the organisation's own words; of a list each item may be one. May raise: Refused."""
    meant = translate_value(cell, words)
    if is_list and meant is cell:
        meant = translate_value(split_list(cell), words)
    return None if meant in ("", None) else read(meant)
