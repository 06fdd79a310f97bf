"""An import on the wire: how it is written, and how the API document describes it."""

import io
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
from pyarrow.csv import write_csv

from app.core.i18n import Language, LocalizedText
from app.files.annotations import ANNOTATED_FORMATS
from app.files.located_problem import name_column
from app.files.writers.csv import defuse
from app.imports.tables import RUNNING, SensorImport, SensorImportProblem
from app.sensors.fields import FIELD_LABELS
from app.sensors.registration.schemas import write_moment

Link = dict[str, str]

_COUNT: Final = {"type": "integer", "minimum": 0}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_LINKS: Final = {
    "type": "array",
    "description": "Where to go on, by what can be done now.",
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
            "description": "From waiting over checking to checked; from there over applying to applied, and over "
            "undoing to undone. Or failed, or cancelled: then nothing was written.",
            "enum": [
                "waiting",
                "checking",
                "checked",
                "applying",
                "applied",
                "undoing",
                "undone",
                "failed",
                "cancelled",
            ],
        },
        "fileName": {"type": "string"},
        "sizeBytes": _COUNT,
        "sha256": {"type": "string", "description": "The digest of the file, in hexadecimal."},
        "owner": {
            "type": "string",
            "format": "uuid",
            "description": "Whose sensors they are where the file does not say.",
        },
        "mode": {
            "type": "string",
            "enum": ["all", "valid_rows"],
            "description": "all: every row or none; valid_rows: the rows without problems.",
        },
        "complete": {
            "type": "boolean",
            "description": "Whether the file is the whole of the owner's register: what it lacks is ended.",
        },
        "defaults": {
            "type": "object",
            "description": "Values by field, for all rows whose file does not give the field.",
        },
        "format": {"type": "string", "description": "xlsx, csv, geojson, gpkg or parquet."},
        "layout": {
            "type": "string",
            "description": "Whose form it is: own, amsterdam, sensrnet, sensrnet-csv.",
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
            "description": "How many rows are what; ended are sensors that the file lacks, where it is complete.",
            "properties": dict.fromkeys(("new", "changed", "unchanged", "refused", "ended"), _COUNT),
        },
        "problemTotals": {
            "type": "array",
            "description": "How many problems and warnings there are, the most frequent first.",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "heading": {"type": "string"},
                    "isWarning": {"type": "boolean"},
                    "count": _COUNT,
                },
            },
        },
        "assumptions": {**_TEXTS, "description": "What was taken for granted, as sentences."},
        "unusedHeadings": {**_TEXTS, "description": "Columns of which nothing is taken over."},
        "endedReferences": {**_TEXTS, "description": "The first of the sensors that are ended."},
        "failure": {"type": "string", "description": "Why it failed, and what to do."},
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
                    "heading": {"type": "string", "description": "The heading of the column."},
                    "field": {"type": "string", "description": "The field of the register."},
                    "code": {"type": "string"},
                    "detail": {"type": "string", "description": "What is wrong, and what to do."},
                    "value": {"description": "What was given, shortened when long."},
                    "suggestion": {"description": "A value that would do."},
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
    "heading": LocalizedText("Kolom", "Column"),
    "value": LocalizedText("Waarde", "Value"),
    "detail": LocalizedText("Opmerking", "Remark"),
    "suggestion": LocalizedText("Voorstel", "Suggestion"),
    "isWarning": LocalizedText("Soort", "Kind"),
}
_KINDS: Final = {True: LocalizedText("waarschuwing", "warning"), False: LocalizedText("fout", "error")}


def write_import(kept: SensorImport, language: Language, address: str) -> dict[str, Any]:
    """An import as its owner sees it; `address` is that of the imports."""
    report = dict(kept.report or {})
    assumptions = report.pop("assumptions", None)
    failure = kept.failure_nl if language == "nl" else kept.failure_en
    written = {
        "id": str(kept.id),
        "status": kept.status,
        "fileName": kept.file_name,
        "sizeBytes": kept.size_bytes,
        "sha256": kept.sha256,
        "owner": kept.owner_id and str(kept.owner_id),
        "mode": kept.mode,
        "complete": kept.complete,
        "defaults": kept.defaults or None,
        "format": kept.format,
        "layout": kept.layout,
        "createdAt": write_moment(kept.created_at),
        "startedAt": kept.started_at and write_moment(kept.started_at),
        "finishedAt": kept.finished_at and write_moment(kept.finished_at),
        "progress": (kept.progress or {"stage": "waiting"}) if kept.status in RUNNING else None,
        **report,
        "assumptions": assumptions and [LocalizedText(*one).render(language) for one in assumptions],
        "failure": failure,
        "links": _list_links(kept, f"{address}/{kept.id}"),
    }
    return {name: value for name, value in written.items() if value is not None}


def _list_links(kept: SensorImport, address: str) -> list[Link]:
    counts = (kept.report or {}).get("counts", {})
    possible = {
        "events": kept.status in RUNNING,
        "cancellation": kept.status in RUNNING and not kept.cancel_requested,
        "problems": kept.report is not None,
        "remarks": kept.report is not None and kept.format in ANNOTATED_FORMATS,
        "application": kept.status == "checked" and (kept.mode == "valid_rows" or not counts.get("refused")),
        "reversal": kept.status == "applied" and any(map(counts.get, ("new", "changed", "ended"))),
    }
    links = [{"rel": rel, "href": f"{address}/{rel}"} for rel, is_possible in possible.items() if is_possible]
    return [{"rel": "self", "href": address}, *links]


def write_problem(kept: SensorImportProblem, language: Language) -> dict[str, Any]:
    """A problem or warning, and where in the file it stands."""
    written = {
        "table": kept.table_name,
        "row": kept.row_number,
        "heading": kept.heading,
        "field": kept.field,
        "code": kept.code,
        "detail": LocalizedText(kept.detail_nl, kept.detail_en).render(language),
        "value": kept.value,
        "suggestion": kept.suggestion,
        "isWarning": kept.is_warning,
    }
    return {name: value for name, value in written.items() if value is not None}


def write_problem_table(problems: Sequence[SensorImportProblem], language: Language) -> bytes:
    """Problems as CSV for a spreadsheet, one a line, below headings in the reader's language.

    A field for which the file has no column goes by its label.
    """
    rows = [
        {
            **write_problem(kept, language),
            "heading": name_column(kept.heading, kept.field, language, FIELD_LABELS),
            "isWarning": _KINDS[kept.is_warning].render(language),
        }
        for kept in problems
    ]
    columns = {}
    for name, heading in _CSV_HEADINGS.items():
        texts = [str(row[name]) if name in row else None for row in rows]
        columns[heading.render(language)] = defuse(pa.array(texts, pa.string()))
    content = io.BytesIO()
    write_csv(pa.table(columns), content)
    return content.getvalue()
