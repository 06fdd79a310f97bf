"""The steps of one bulk import, from records to the register."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.permissions import edited_municipalities, edited_organisations
from app.core.problems import Problem
from app.sensors.bulk import classify, differences, planned, record_problems, write
from app.sensors.bulk.checking import Checker
from app.sensors.bulk.parse_cache import READ, ParseCache
from app.sensors.bulk.results import Applied, Classification, Differences, PlannedPlace
from app.sensors.bulk.staging import STAGED_COLUMNS, copy_rows, create_tables, find_registered, has_sensors
from app.sensors.fields import FIELD_BY_NAME, FIELDS
from app.sensors.registration.named_areas import join_boundaries
from app.sensors.registration.queries import load_full_validation_context

RecordProblems = dict[int, tuple[Problem, ...]]
"""Problems by the key of the record."""


class BulkImport:
    """Checks records, classifies them together, and writes them; see the package for how to use it.

    `is_whole`: the records are all sensors that their owners have.
    """

    def __init__(self, session: Session, context: ActionContext, *, is_whole: bool = False) -> None:
        self._is_whole = is_whole
        self._session = session
        self._context = context
        self._rights = {
            "organisations": sorted(edited_organisations(context.principal)),
            "municipalities": sorted(edited_municipalities(context.principal)),
        }
        self._checker = Checker(
            load_full_validation_context(session, context.today), partial(join_boundaries, session)
        )
        self._has_sensors: ParseCache[UUID, bool] = ParseCache(partial(has_sensors, session))
        self._absent: ParseCache[tuple[str, ...], frozenset[str]] = ParseCache(_find_absent)
        create_tables(session)

    def take(
        self, records: Sequence[tuple[int, Mapping[str, Any]]], refused: Collection[int] = ()
    ) -> RecordProblems:
        """Check records by themselves and stage them; return the problems by key."""
        given, seen = self._lay_over_registered([given for _, given in records])
        batch = self._checker.check(given)
        marks = (
            (
                str(key),
                "t" if row in batch.problems or key in refused else "f",
                "t" if len(record) >= len(FIELDS) else "f",
                str(seen.get(row, r"\N")),
            )
            for row, (key, record) in enumerate(records)
        )
        rows = (mark + row for mark, row in zip(marks, batch.rows, strict=True))
        copy_rows(self._session, "staged_sensor", STAGED_COLUMNS, rows)
        return {records[row][0]: tuple(problems) for row, problems in batch.problems.items()}

    def refuse(self, keys: Collection[int]) -> None:
        """Refuse records that were taken already."""
        if keys:
            statement = text("UPDATE pg_temp.staged_sensor SET is_refused = true WHERE key = ANY(:keys)")
            self._session.execute(statement, {"keys": list(keys)})

    def classify(self, *, complete_for: UUID | None = None) -> Classification:
        """Classify every record, and the other sensors of the owner; return the counts."""
        return classify.classify(self._session, self._context, self._rights, complete_for)

    def read_problems(self) -> Iterator[RecordProblems]:
        """The problems that `classify` found, some thousands of records at a time."""
        return record_problems.read_problems(self._session)

    def read_warnings(self) -> Iterator[RecordProblems]:
        """The warnings of new and changed records, some thousands of records at a time."""
        return record_problems.read_warnings(self._session)

    def find_references(self, keys: Collection[int]) -> dict[int, str]:
        """The references of records that have a valid one, by key."""
        statement = text(
            "SELECT key, reference FROM staged_sensor WHERE key = ANY(:keys) AND reference IS NOT NULL"
        )
        return {row.key: row.reference for row in self._session.execute(statement, {"keys": list(keys)})}

    def find_differences(self) -> Differences:
        """The differences between the records that `classify` found changed and the register."""
        return differences.find_differences(self._session, self._checker.vocabularies)

    def find_planned(self) -> list[PlannedPlace]:
        """The places of the first records of each outcome that `classify` found, but for unchanged ones."""
        return planned.find_planned(self._session)

    def apply(
        self,
        *,
        import_id: UUID,
        end_missing_of: UUID | None = None,
        report: Callable[[int], object] = lambda _: None,
    ) -> Applied:
        """Write the records that `classify` found new and changed, and end the missing ones.

        Raises: Conflict when one of the sensors was changed since then.
        """
        return write.write_records(
            self._session, self._context, import_id, end_missing=end_missing_of is not None, report=report
        )

    def _lay_over_registered(
        self, records: Sequence[Mapping[str, Any]]
    ) -> tuple[Sequence[Mapping[str, Any]], dict[int, UUID]]:
        """The records completed with registered values, and by position the versions that these are from."""
        owners = self._checker.read("owner", records)
        references = self._checker.read("reference", records)
        named = {
            row: (owner.value, reference.value)
            for row, (owner, reference) in enumerate(zip(owners, references, strict=True))
            if owner.state == reference.state == READ and self._has_sensors[owner.value]
        }
        absent = set().union(*(self._absent[tuple(records[row])] for row in named))
        if not absent:
            return records, {}
        registered = find_registered(
            self._session,
            self._rights,
            list(named.values()),
            [field for field in FIELDS if field.name in absent],
        )
        # Every record gets the same names, so that all records stay alike.
        nothing = dict.fromkeys(absent)
        laid, seen = [{**nothing, **record} for record in records], {}
        for row, name in named.items():
            if name in registered:
                seen[row], values = registered[name]
                laid[row] = {**nothing, **self._clear_removal(values), **records[row]}
        return laid, seen

    def _clear_removal(self, registered: Mapping[str, Any]) -> Mapping[str, Any]:
        """The registered values, without a past `removedOn` where a complete file contains the sensor."""
        ended = registered.get("removedOn")
        if self._is_whole and ended is not None and ended <= self._context.today.isoformat():
            return {**registered, "removedOn": None}
        return registered


def _find_absent(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(FIELD_BY_NAME) - frozenset(names)
