"""Bulk imports of records without a file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.problems import Problem
from app.sensors.bulk import Applied, BulkImport, Classification
from app.sensors.registration.queries import load_versions, select_versions
from app.sensors.registration.version_record import SensorVersion
from app.sensors.tables.register import sensor_version

Given = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Taken:
    """The classification of records, with problems and warnings by key; keys count from 0."""

    bulk_import: BulkImport
    classification: Classification
    problems: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    warnings: dict[int, tuple[Problem, ...]] = field(default_factory=dict)

    def named(self) -> set[tuple[int, str, str]]:
        """Key, location and code of each problem."""
        return {(key, one.location, one.code) for key, found in self.problems.items() for one in found}


def take_records(
    session: Session,
    context: ActionContext,
    records: Given,
    *,
    refused: Collection[int] = (),
    complete_for: UUID | None = None,
    batch: int = 3,
) -> Taken:
    """Check the records in batches, and classify them together."""
    bulk_import = BulkImport(session, context)
    problems: dict[int, tuple[Problem, ...]] = {}
    numbered = list(enumerate(records))
    for start in range(0, len(numbered), batch):
        problems |= bulk_import.take(numbered[start : start + batch], refused)
    taken = Taken(bulk_import, bulk_import.classify(complete_for=complete_for), problems)
    for found in bulk_import.read_problems():
        for key, some in found.items():
            taken.problems[key] = taken.problems.get(key, ()) + some
    for found in bulk_import.read_warnings():
        taken.warnings |= found
    return taken


def make_import(session: Session) -> UUID:
    """Insert the row of an import."""
    columns = "file_name, size_bytes, sha256"
    statement = f"INSERT INTO register.sensor_import ({columns}) VALUES ('test.csv', 1, '') RETURNING id"
    import_id: UUID = session.execute(text(statement)).scalar_one()
    return import_id


def import_records(
    session: Session, context: ActionContext, records: Given, *, complete_for: UUID | None = None
) -> tuple[UUID, Applied]:
    """Import the valid records; return the id of the import and the result."""
    taken = take_records(session, context, records, complete_for=complete_for)
    import_id = make_import(session)
    return import_id, taken.bulk_import.apply(import_id=import_id, end_missing_of=complete_for)


def read_versions(session: Session) -> list[SensorVersion]:
    """Every version in the order of reference and number."""
    version = sensor_version.c
    return load_versions(session, select_versions().order_by(version.reference, version.number))
