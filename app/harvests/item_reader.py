"""Items of another register as records of this one, by a mapping."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.core.errors import Unavailable
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem
from app.core.suggestions import ask_whether_meant, find_nearest_spelling
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
"""Maximum number of member names that are stored: some sources use other names in every item."""

_MAX_MEMBER_LENGTH: Final = 100


class HarvestReader:
    """A `RecordReader` of a source; items are numbered from 1 in the order in which the source gives them.

    `number_expected` is the number of items that the source reports, if any, once the first page is read.
    `is_whole`: sensors that the source lacks are going to be ended.
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
        self._unmatched_paths = {path for rule in mapping.rules.values() for path in rule.paths}
        self._schema = find_item_schema(mapping.source.kind, mapping.source.collection)
        self._members: dict[str, None] = {}

    @property
    def layout(self) -> str:
        """The kind of the source: ogc or sensorthings."""
        return self._source.kind

    @property
    def fraction_read(self) -> float:
        """Fraction of the items that is read, from 0 to 1; 0 where the source does not report their number."""
        return min(1.0, self.number_read / self.number_expected) if self.number_expected else 0.0

    @property
    def assumptions(self) -> list[LocalizedText]:
        """Paths of the mapping that match no item, and required fields that it lacks."""
        unmatched = sorted(self._unmatched_paths, key=str) if self.number_read else []
        return [
            *self._assumptions.sentences,
            *map(self._describe_unmatched, unmatched),
            *self._describe_missing(),
        ]

    @property
    def account(self) -> None:
        return None

    @property
    def unused_headings(self) -> list[str]:
        """Members of the items' properties that no rule uses."""
        used = {path.steps[:2] for rule in self._rules.values() for path in rule.paths}
        free = self._schema.free if self._schema else ""
        return [
            f"{free}.{name}" for name in self._members if (free, name) not in used and (free,) not in used
        ]

    @property
    def late_problems(self) -> Mapping[int, Sequence[Problem]]:
        """None: every item is judged by itself."""
        return {}

    def find_heading(self, _origin: Origin, field: str, _value: object = None) -> str | None:
        """The path of the field in the source, or `value` for a constant of the mapping."""
        rule = self._rules.get(field)
        return rule.describe() if rule else None

    def find_letter(self, origin: Origin, heading: str) -> None:
        """Nothing: items have no columns."""

    def asks(self, _field: str) -> bool:
        """Always true: another mapping could fill any field."""
        return True

    def read_records(self) -> Iterator[list[Record]]:
        """The records of one page at a time.

        Raises: Unavailable where the source is empty and sensors that it lacks would be ended.
        """
        for page in self._pages:
            if self.number_expected is None:
                self.number_expected = page.number_matched
            try:
                yield [self._read_record(item) for item in page.items]
            except RecursionError as error:
                raise TooDeep from error
        if self._is_whole and not self.number_read:
            # An empty answer is far more often an error of the server than a register without sensors.
            raise Unavailable(
                LocalizedText(
                    f"{self._source.url} geeft geen enkele sensor. Er is geen sensor beëindigd. Controleer de bron.",
                    f"{self._source.url} returns no sensors. No sensor was ended. Check the source.",
                )
            )

    def _read_record(self, item: SourceItem) -> Record:
        self.number_read += 1
        self._note_members(item)
        given: dict[str, Any] = {"owner": self._owner} if self._owner else {}
        problems: list[Problem] = []
        for value in self._values:
            given[value.field.name], wrong = value.read(item)
            problems += wrong
        return Record(Origin(None, self.number_read), given, tuple(problems))

    def _note_members(self, item: SourceItem) -> None:
        """Store which paths match, and which members the source has."""
        if self._unmatched_paths:
            self._unmatched_paths = {
                path for path in self._unmatched_paths if path.find(item) in (ABSENT, [])
            }
        members = item.get(self._schema.free) if self._schema else None
        if isinstance(members, dict) and len(self._members) < _MAX_MEMBERS:
            # The names are printed on a terminal, which interprets control characters.
            shown = (name for name in members if name.isprintable() and len(name) <= _MAX_MEMBER_LENGTH)
            self._members.update(dict.fromkeys(shown))

    def _describe_missing(self) -> Iterator[LocalizedText]:
        missing = [
            field.name
            for field in FIELDS
            if field.needed is Needed.ALWAYS and field.name not in self._rules and field.name != "owner"
        ]
        if missing:
            names = ", ".join(missing)
            yield LocalizedText(
                f"De mapping vult {names} niet in. Zo kunt u alleen sensoren wijzigen die al in het register staan.",
                f"The mapping does not fill in {names}. It can only change sensors that are already registered.",
            )

    def _describe_unmatched(self, path: Path) -> LocalizedText:
        unused = {heading.rpartition(".")[2]: heading for heading in self.unused_headings}
        advice = ask_whether_meant(find_nearest_spelling(path.steps[-1], unused))
        return LocalizedText(
            f"{path} komt in geen enkel object van de bron voor.{advice.nl}",
            f"{path} occurs in no item of the source.{advice.en}",
        )
