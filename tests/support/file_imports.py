"""Imports of small CSV files into the register, within one transaction."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.files.readers import open_source
from app.imports.pipeline import ImportOptions, ImportRun, run_import
from app.imports.report import ImportReport
from app.imports.tables import SensorImport
from app.sensors.registration.queries import version_as_request
from tests.support.bulk import read_versions
from tests.support.sensors import TODAY, make_context


@dataclass(frozen=True, slots=True)
class FileImports:
    """Imports for one owner; rows are given by their headings."""

    session: Session
    owner: UUID
    officer: Principal
    folder: Path

    def run(self, *rows: Mapping[str, str], mode: Any = "all", **defaults: Any) -> ImportReport:
        """Import rows; a column is there when any row has it."""
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, headings, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
        return self.run_text(text.getvalue(), mode=mode, **defaults)

    def run_text(self, text: str, *, mode: Any = "all", **defaults: Any) -> ImportReport:
        path = self.folder / "sensoren.csv"
        path.write_text(text, encoding="utf-8")
        return self.run_path(path, mode=mode, **defaults)

    def run_path(self, path: Path, *, mode: Any = "all", **defaults: Any) -> ImportReport:
        values = {"owner_id": self.owner, "file_name": path.name, "size_bytes": 1, "sha256": "-"}
        import_id = self.session.scalar(insert(SensorImport).values(values).returning(SensorImport.id))
        options = ImportOptions(self.owner, mode, defaults=defaults)
        with open_source(path) as source:
            return run_import(self.session, make_context(self.officer), source, ImportRun(options, import_id))

    def find(self, reference: str) -> dict[str, Any]:
        """The newest values of a sensor."""
        return version_as_request(
            [version for version in read_versions(self.session) if version.reference == reference][-1]
        )

    def count_versions(self) -> int:
        return len(read_versions(self.session))


def make_row(reference: str = "paal-1", **cells: str) -> dict[str, str]:
    """A valid row of a sound sensor, with these cells by the wire names of their columns."""
    return {
        "reference": reference,
        "sensorType": "Geluidsensor",
        "measures": "Geluid in dB",
        "purpose": "Weten hoe luid het is",
        "themes": "Milieu: geluid",
        "personalData": "Nee",
        "mobility": "Vast",
        "latitude": "52.3731",
        "longitude": "4.8932",
        "placedFrom": TODAY.isoformat(),
        "activeUntil": TODAY.replace(year=TODAY.year + 1).isoformat(),
    } | cells


def list_problems(report: ImportReport) -> list[tuple[int, str, str | None]]:
    """Row, code and heading of each problem that is no warning."""
    return [
        (located.origin.row, str(located.problem.code), located.heading)
        for located in report.problems
        if not located.is_warning
    ]


def list_assumptions(report: ImportReport) -> list[str]:
    return [sentence.en for sentence in report.assumptions]
