"""An organisation's own headings, mapped once to those of the register."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.records.cell_parsers import fold_text


@dataclass(frozen=True, slots=True)
class HeadingMapping:
    """A mapping of a list that an organisation keeps in a form of its own.

    `columns` gives for each own heading the headings of the register that it stands for; none for a column that is not
    taken over. `values` are for rows for which neither the list nor the register gives the field; `words` are own
    words by field and folded word (`records.value_words`). `sheet` is the only sheet that is read, None for each.
    """

    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sheet: str | None = None
    name: str | None = None

    @property
    def folded_headings(self) -> frozenset[str]:
        """The own headings in the form in which they are compared."""
        return frozenset(map(fold_text, self.columns))

    def find_targets(self, heading: str) -> tuple[str, ...]:
        """The headings of the register that an own heading stands for; may be empty."""
        folded = fold_text(heading)
        return next((targets for own, targets in self.columns.items() if fold_text(own) == folded), ())

    def reads_sheet(self, name: str | None) -> bool:
        """Whether a sheet is read; a file without sheets is."""
        return self.sheet is None or name is None or fold_text(name) == fold_text(self.sheet)

    def fits(self, headings: Sequence[str]) -> bool:
        """Whether all own headings are there: then it is the same list, perhaps with columns added."""
        return bool(self.columns) and self.folded_headings <= set(map(fold_text, headings))

    def write_document(self) -> dict[str, Any]:
        """The mapping as JSON, as `mapping_document.parse_heading_mapping` reads it."""
        document: dict[str, Any] = {
            "columns": {heading: list(targets) for heading, targets in self.columns.items()}
        }
        if self.sheet is not None:
            document["sheet"] = self.sheet
        if self.values:
            document["values"] = dict(self.values)
        if self.words:
            document["words"] = {name: dict(words) for name, words in self.words.items()}
        return document


def order_mappings(mappings: Iterable[HeadingMapping]) -> list[HeadingMapping]:
    """The mappings in the order in which they are tried: the one with the most headings first."""
    return sorted(mappings, key=lambda mapping: -len(mapping.columns))
