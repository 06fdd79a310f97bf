"""The records of one import, on their way into the register."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import edited_municipalities, edited_organisations
from app.core.errors import Problem
from app.sensors.boundaries import join_boundaries
from app.sensors.bulk import applying, assessing, findings
from app.sensors.bulk.cells import READ, Remembered
from app.sensors.bulk.checking import Checker
from app.sensors.bulk.outcomes import Applied, Assessment
from app.sensors.bulk.staging import (
    STAGED_COLUMNS,
    copy_rows,
    create_tables,
    find_registered,
    has_sensors,
)
from app.sensors.fields import FIELD_BY_NAME, FIELDS
from app.sensors.queries import load_whole_reading
from app.sensors.versions import Ask

Problems = dict[int, tuple[Problem, ...]]
"""By the key of the record."""


class Intake:
    """Checks records, waits until all are there, and writes them as one; see the package for how to use it.

    `is_whole`: the records are all that their owners have.
    """

    def __init__(self, session: Session, ask: Ask, *, is_whole: bool = False) -> None:
        self._is_whole = is_whole
        self._session = session
        self._ask = ask
        self._rights = {
            "organisations": sorted(edited_organisations(ask.principal)),
            "municipalities": sorted(edited_municipalities(ask.principal)),
        }
        self._checker = Checker(load_whole_reading(session, ask.today), partial(join_boundaries, session))
        self._has_sensors: Remembered[UUID, bool] = Remembered(partial(has_sensors, session))
        self._absent: Remembered[tuple[str, ...], frozenset[str]] = Remembered(_find_absent)
        create_tables(session)

    def take(
        self, records: Sequence[tuple[int, Mapping[str, Any]]], refused: Collection[int] = ()
    ) -> Problems:
        """Check records by themselves and keep them for later; gives what is wrong with which."""
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

    def assess(self, *, complete_for: UUID | None = None) -> Assessment:
        """Decide what becomes of each record, and of what the owner has beside them; counts."""
        return assessing.assess(self._session, self._ask, self._rights, complete_for)

    def read_problems(self) -> Iterator[Problems]:
        """What was found wrong by `assess`, some thousands of records at a time."""
        return findings.read_problems(self._session)

    def read_warnings(self) -> Iterator[Problems]:
        """The warnings of what is new or changed, some thousands of records at a time."""
        return findings.read_warnings(self._session)

    def apply(
        self,
        *,
        import_id: UUID,
        end_missing_of: UUID | None = None,
        report: Callable[[int], object] = lambda _: None,
    ) -> Applied:
        """Write what `assess` found new and changed, and end what it found missing.

        Raises: Conflict when one of the sensors was changed since it was assessed.
        """
        return applying.apply(
            self._session, self._ask, import_id, end_missing=end_missing_of is not None, report=report
        )

    def _lay_over_registered(
        self, records: Sequence[Mapping[str, Any]]
    ) -> tuple[Sequence[Mapping[str, Any]], dict[int, UUID]]:
        """The records with what is registered where they say nothing, and by position the versions it is from."""
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
        # With nothing of its own where the others have something, so that all records stay alike.
        nothing = dict.fromkeys(absent)
        laid, seen = [{**nothing, **record} for record in records], {}
        for row, name in named.items():
            if name in registered:
                seen[row], values = registered[name]
                laid[row] = {**nothing, **self._bring_back(values), **records[row]}
        return laid, seen

    def _bring_back(self, registered: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is in the whole is there, though an earlier whole may have lacked it: it is not ended any more."""
        ended = registered.get("removedOn")
        if self._is_whole and ended is not None and ended <= self._ask.today.isoformat():
            return {**registered, "removedOn": None}
        return registered


def _find_absent(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(FIELD_BY_NAME) - frozenset(names)
