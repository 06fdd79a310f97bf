"""The items of another register as records of this one, through a mapping."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Final

from app.core.errors import ABSENT, Problem, Unavailable
from app.core.i18n import LocalizedText
from app.files.located_problem import Origin
from app.harvests.item_schema import find_item_schema
from app.harvests.json_paths import Path
from app.harvests.mapping import HarvestMapping
from app.harvests.paging import SourceItem, SourcePage
from app.harvests.spool import TooDeep
from app.harvests.value_map import FieldValue
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.records.record import Record
from app.sensors.fields import FIELD_BY_NAME, FIELDS, Needed

_MAX_MEMBERS: Final = 200
"""Of a source that calls something by another name in every item, no more names are remembered."""

_MAX_MEMBER_LENGTH: Final = 100


class HarvestReader:
    """A `RecordReader` of a source; items are numbered from 1 in the order in which the source gives them.

    `number_expected` is how many items the source says it has, where it says so, once the first page is read.
    `is_whole`: what the source lacks is going to be ended.
    """

    def __init__(
        self,
        pages: Iterable[SourcePage],
        mapping: HarvestMapping,
        context: ReadingContext,
        *,
        is_whole: bool = False,
    ) -> None:
        self.number_read = 0
        self.number_expected: int | None = None
        self._pages = pages
        self._is_whole = is_whole
        self._source = mapping.source
        self._assumptions = AssumptionLog()
        self._owner = None if "owner" in mapping.rules else context.owner
        self._values = [
            FieldValue(FIELD_BY_NAME[name], rule, context, self._assumptions)
            for name, rule in mapping.rules.items()
        ]
        self._rules = mapping.rules
        self._never_found = {path for rule in mapping.rules.values() for path in rule.paths}
        self._shape = find_item_schema(mapping.source.kind, mapping.source.collection)
        self._members: dict[str, None] = {}

    @property
    def layout(self) -> str:
        """The kind of the source: ogc or sensorthings."""
        return self._source.kind

    @property
    def fraction_read(self) -> float:
        """From 0 to 1, for a progress bar; 0 where the source does not say how many items it has."""
        return min(1.0, self.number_read / self.number_expected) if self.number_expected else 0.0

    @property
    def assumptions(self) -> list[LocalizedText]:
        """What the mapping looked for in vain, and what it does not give."""
        absent = sorted(self._never_found, key=str) if self.number_read else []
        return [*self._assumptions.sentences, *map(self._describe_absent, absent), *self._describe_lacking()]

    @property
    def unused_headings(self) -> list[str]:
        """Members of the items' properties of which nothing is taken over."""
        used = {path.steps[:2] for rule in self._rules.values() for path in rule.paths}
        free = self._shape.free if self._shape else ""
        return [
            f"{free}.{name}" for name in self._members if (free, name) not in used and (free,) not in used
        ]

    def find_heading(self, _origin: Origin, field: str, _value: object = None) -> str | None:
        """The path of the field in the source, or `value` for what the mapping itself gives."""
        rule = self._rules.get(field)
        return rule.describe() if rule else None

    def asks(self, _field: str) -> bool:
        """Whether a source could give this field: with another mapping any of them."""
        return True

    def read_records(self) -> Iterator[list[Record]]:
        """The records of one page at a time.

        Raises: Unavailable where the source is to be the whole and is empty.
        """
        for page in self._pages:
            if self.number_expected is None:
                self.number_expected = page.number_matched
            try:
                yield [self._read_record(item) for item in page.items]
            except RecursionError as error:
                raise TooDeep from error
        if self._is_whole and not self.number_read:
            # An empty answer is far more often a fault over there than a register without sensors.
            raise Unavailable(
                LocalizedText(
                    f"{self._source.url} geeft geen enkele sensor. Er is niets beëindigd.",
                    f"{self._source.url} gives no sensor at all. Nothing was ended.",
                )
            )

    def _read_record(self, item: SourceItem) -> Record:
        self.number_read += 1
        self._look_around(item)
        given: dict[str, Any] = {"owner": self._owner} if self._owner else {}
        problems: list[Problem] = []
        for value in self._values:
            given[value.field.name], wrong = value.read(item)
            problems += wrong
        return Record(Origin(None, self.number_read), given, tuple(problems))

    def _look_around(self, item: SourceItem) -> None:
        """Notice which paths lead somewhere, and what else the source has."""
        if self._never_found:
            self._never_found = {path for path in self._never_found if path.find(item) in (ABSENT, [])}
        members = item.get(self._shape.free) if self._shape else None
        if isinstance(members, dict) and len(self._members) < _MAX_MEMBERS:
            # They are shown on a terminal, which obeys control characters.
            shown = (name for name in members if name.isprintable() and len(name) <= _MAX_MEMBER_LENGTH)
            self._members.update(dict.fromkeys(shown))

    def _describe_lacking(self) -> Iterator[LocalizedText]:
        lacking = [
            field.name
            for field in FIELDS
            if field.needed is Needed.ALWAYS and field.name not in self._rules and field.name != "owner"
        ]
        if lacking:
            names = ", ".join(lacking)
            yield LocalizedText(
                f"De mapping geeft geen {names}: alleen sensoren die het register al kent kunnen zo wijzigen.",
                f"The mapping gives no {names}: only sensors that the register knows already can change so.",
            )

    def _describe_absent(self, path: Path) -> LocalizedText:
        unused = {heading.rpartition(".")[2]: heading for heading in self.unused_headings}
        close = get_close_matches(path.steps[-1], unused, 1)
        advice = (
            LocalizedText(f" Bedoelt u {unused[close[0]]}?", f" Did you mean {unused[close[0]]}?")
            if close
            else LocalizedText("", "")
        )
        return LocalizedText(
            f"{path} komt in geen enkel object van de bron voor.{advice.nl}",
            f"{path} occurs in no item of the source.{advice.en}",
        )
