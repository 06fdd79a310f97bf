"""JSON of imports and their problems, and the schemas of that JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.files.annotations import ANNOTATED_FORMATS
from app.files.located_problem import name_column
from app.files.writers.csv import write_lines
from app.imports.account import ACCOUNT_SCHEMA
from app.imports.changes import CHANGES_SCHEMA, render_changes
from app.imports.tables import RUNNING, STATUSES, SensorImport, SensorImportProblem
from app.sensors.fields import FIELD_LABELS
from app.sensors.registration.schemas import write_moment

Link = dict[str, str]

_COUNT: Final = {"type": "integer", "minimum": 0}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_LINKS: Final = {
    "type": "array",
    "description": "Addresses of what can be done with the import now.",
    "items": {
        "type": "object",
        "required": ["rel", "href"],
        "properties": {"rel": {"type": "string"}, "href": {"type": "string", "format": "uri"}},
    },
}

IMPORT_SCHEMA: Final[dict[str, Any]] = {
    "title": "Import",
    "type": "object",
    "required": ["id", "status", "fileName", "sizeBytes", "sha256", "mode", "createdAt", "links"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {
            "type": "string",
            "description": "waiting, checking, checked; after an application applying, applied; after a reversal "
            "undoing, undone. Nothing was written where it is failed or cancelled.",
            "enum": list(STATUSES),
        },
        "fileName": {"type": "string"},
        "sizeBytes": _COUNT,
        "sha256": {"type": "string", "description": "The digest of the file, in hexadecimal."},
        "owner": {
            "type": "string",
            "format": "uuid",
            "description": "Owner of the sensors for which the file names none.",
        },
        "mode": {
            "type": "string",
            "enum": ["all", "valid_rows"],
            "description": "all: every row or none; valid_rows: the rows without problems.",
        },
        "complete": {
            "type": "boolean",
            "description": "Whether the file holds all sensors of the owner: sensors that it lacks are ended.",
        },
        "defaults": {
            "type": "object",
            "description": "Values of fields that the file lacks, for all rows.",
        },
        "mapping": {
            "type": "object",
            "description": "The mapping of own headings that the file is read with, as the parameter `mapping` has it.",
        },
        "mappingName": {"type": "string", "description": "The name under which that mapping is stored."},
        "format": {"type": "string", "description": "xlsx, csv, geojson, gpkg or parquet."},
        "layout": {
            "type": "string",
            "description": "Layout of the columns: own, amsterdam, sensrnet, sensrnet-csv, mapped.",
        },
        "createdAt": _MOMENT,
        "startedAt": _MOMENT,
        "finishedAt": _MOMENT,
        "progress": {
            "type": "object",
            "properties": {
                "stage": {"type": "string", "enum": ["waiting", "reading", "assessing", "writing"]},
                "rowsRead": _COUNT,
                "rowsChecked": _COUNT,
                "rowsWritten": _COUNT,
                "fraction": {"type": "number", "minimum": 0, "maximum": 1},
                "secondsLeft": {**_COUNT, "description": "An estimate."},
            },
        },
        "rows": _COUNT,
        "counts": {
            "type": "object",
            "description": "Number of rows by outcome; ended are sensors that a complete file lacks. awaitingReview "
            "counts what is written but is not public before its municipality has reviewed it.",
            "properties": dict.fromkeys(
                ("new", "changed", "unchanged", "refused", "ended", "awaitingReview"), _COUNT
            ),
        },
        "problemTotals": {
            "type": "array",
            "description": "Number of problems and warnings of each kind, the most frequent first.",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "heading": {"type": "string"},
                    "column": {"type": "string", "description": "The letters of the column."},
                    "isWarning": {"type": "boolean"},
                    "count": _COUNT,
                    "detail": {
                        "type": "string",
                        "description": "What is wrong with the first, and what to do.",
                    },
                    "firstRows": {
                        "type": "array",
                        "description": "Where the first of them stand.",
                        "items": {
                            "type": "object",
                            "properties": {"table": {"type": "string"}, "row": {"type": "integer"}},
                        },
                    },
                },
            },
        },
        "changes": CHANGES_SCHEMA,
        "account": ACCOUNT_SCHEMA,
        "assumptions": {**_TEXTS, "description": "Assumptions that were made, as sentences."},
        "unusedHeadings": {**_TEXTS, "description": "Columns that were not used."},
        "endedReferences": {**_TEXTS, "description": "The first of the sensors that are ended."},
        "failure": {"type": "string", "description": "Why it failed, and what to do."},
        "failureCode": {"type": "string", "description": "The code of the problem that made it fail."},
        "links": _LINKS,
    },
}

IMPORTS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["imports", "links"],
    "properties": {"imports": {"type": "array", "items": IMPORT_SCHEMA}, "links": _LINKS},
}

PROBLEMS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["problems", "links"],
    "properties": {
        "problems": {
            "type": "array",
            "items": {
                "title": "ImportProblem",
                "type": "object",
                "required": ["row", "code", "detail", "isWarning"],
                "properties": {
                    "table": {"type": "string", "description": "The sheet or layer."},
                    "row": {"type": "integer", "description": "The row as a spreadsheet numbers it."},
                    "reference": {"type": "string", "description": "The owner's name of the sensor."},
                    "column": {"type": "string", "description": "The letters of the column."},
                    "heading": {"type": "string", "description": "The heading of the column."},
                    "field": {"type": "string", "description": "The field of the register."},
                    "code": {"type": "string"},
                    "detail": {"type": "string", "description": "What is wrong, and what to do."},
                    "value": {"description": "The value in the file, shortened when long."},
                    "suggestion": {"description": "A value that would be accepted."},
                    "isWarning": {"type": "boolean"},
                },
            },
        },
        "links": _LINKS,
    },
}

_CSV_HEADINGS: Final = {
    "table": LocalizedText("Blad", "Sheet"),
    "row": LocalizedText("Rij", "Row"),
    "reference": LocalizedText("Referentie", "Reference"),
    "column": LocalizedText("Kolomletter", "Column letter"),
    "heading": LocalizedText("Kolom", "Column"),
    "value": LocalizedText("Waarde", "Value"),
    "detail": LocalizedText("Opmerking", "Remark"),
    "suggestion": LocalizedText("Voorstel", "Suggestion"),
    "isWarning": LocalizedText("Soort", "Kind"),
}
_KINDS: Final = {True: LocalizedText("waarschuwing", "warning"), False: LocalizedText("fout", "error")}


def name_status(status: str) -> LocalizedText:
    """The status of an import in words."""
    return STATUSES[status]


def write_import(sensor_import: SensorImport, language: Language, address: str) -> dict[str, Any]:
    """An import as its owner sees it; `address` is the address of the imports."""
    report = _render_report(sensor_import.report or {}, language)
    failure = sensor_import.failure_nl if language == "nl" else sensor_import.failure_en
    written = {
        "id": str(sensor_import.id),
        "status": sensor_import.status,
        "fileName": sensor_import.file_name,
        "sizeBytes": sensor_import.size_bytes,
        "sha256": sensor_import.sha256,
        "owner": sensor_import.owner_id and str(sensor_import.owner_id),
        "mode": sensor_import.mode,
        "complete": sensor_import.complete,
        "defaults": sensor_import.defaults or None,
        "mapping": sensor_import.mapping,
        "mappingName": sensor_import.mapping_name,
        "format": sensor_import.format,
        "layout": sensor_import.layout,
        "createdAt": write_moment(sensor_import.created_at),
        "startedAt": sensor_import.started_at and write_moment(sensor_import.started_at),
        "finishedAt": sensor_import.finished_at and write_moment(sensor_import.finished_at),
        "progress": (sensor_import.progress or {"stage": "waiting"})
        if sensor_import.status in RUNNING
        else None,
        **report,
        "failure": failure,
        "failureCode": sensor_import.failure_code,
        "links": _list_links(sensor_import, f"{address}/{sensor_import.id}"),
    }
    return {name: value for name, value in written.items() if value is not None}


def _render_report(stored: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The stored report in one language; a report of an earlier version has less."""
    if not stored:
        return {}
    report = dict(stored)
    if assumptions := report.get("assumptions"):
        report["assumptions"] = _render_texts(assumptions, language)
    if account := report.get("account"):
        report["account"] = {**account, "sentences": _render_texts(account["sentences"], language)}
    if changes := report.get("changes"):
        report["changes"] = render_changes(changes, language)
    report["problemTotals"] = [
        {name: value for name, value in total.items() if value is not None}
        | ({"detail": LocalizedText(*total["detail"]).render(language)} if "detail" in total else {})
        for total in report.get("problemTotals", [])
    ]
    return report


def _render_texts(stored: Sequence[Sequence[str]], language: Language) -> list[str]:
    return [LocalizedText(*texts).render(language) for texts in stored]


def _list_links(sensor_import: SensorImport, address: str) -> list[Link]:
    counts = (sensor_import.report or {}).get("counts", {})
    possible = {
        "events": sensor_import.status in RUNNING,
        "cancellation": sensor_import.status in RUNNING and not sensor_import.cancel_requested,
        "problems": sensor_import.report is not None,
        "remarks": sensor_import.report is not None and sensor_import.format in ANNOTATED_FORMATS,
        "application": sensor_import.status == "checked"
        and (sensor_import.mode == "valid_rows" or not counts.get("refused")),
        "reversal": sensor_import.status == "applied" and any(map(counts.get, ("new", "changed", "ended"))),
    }
    links = [{"rel": rel, "href": f"{address}/{rel}"} for rel, is_possible in possible.items() if is_possible]
    return [{"rel": "self", "href": address}, *links]


def write_problem(problem: SensorImportProblem, language: Language) -> dict[str, Any]:
    """A problem or warning with its place in the file."""
    written = {
        "table": problem.table_name,
        "row": problem.row_number,
        "reference": problem.reference,
        "column": problem.column_letter,
        "heading": problem.heading,
        "field": problem.field,
        "code": problem.code,
        "detail": LocalizedText(problem.detail_nl, problem.detail_en).render(language),
        "value": problem.value,
        "suggestion": problem.suggestion,
        "isWarning": problem.is_warning,
    }
    return {name: value for name, value in written.items() if value is not None}


def write_problem_table(problems: Sequence[SensorImportProblem], language: Language) -> bytes:
    """Problems as CSV for a spreadsheet, one a line, below headings in the reader's language.

    A field without a column in the file is named by its label.
    """
    rows = [
        {
            **write_problem(problem, language),
            "heading": name_column(problem.heading, problem.field, language, FIELD_LABELS),
            "isWarning": _KINDS[problem.is_warning].render(language),
        }
        for problem in problems
    ]
    lines = [[str(row[name]) if name in row else None for name in _CSV_HEADINGS] for row in rows]
    names = [heading.render(language) for heading in _CSV_HEADINGS.values()]
    return write_lines(names, lines, header=True, language=language)
