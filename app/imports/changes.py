"""Changes that an import makes to registered sensors, as JSON and its schema."""

from collections.abc import Mapping
from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.files.located_problem import Origin
from app.sensors.bulk import Differences

_COUNT: Final = {"type": "integer", "minimum": 0}
_PLACE: Final = {
    "table": {"type": "string", "description": "The sheet or layer."},
    "row": {"type": "integer", "description": "The row as a spreadsheet numbers it."},
    "reference": {"type": "string"},
}
_BEFORE_AND_AFTER: Final = {
    "before": {"type": "string", "description": "As registered, in words; absent where it is empty."},
    "after": {"type": "string", "description": "As in the file, in words; absent where it is empty."},
}

CHANGES_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What the changed rows change of the registered sensors.",
    "properties": {
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "count": {**_COUNT, "description": "Number of rows that change the field."},
                    "examples": {
                        "type": "array",
                        "description": "The first of these rows.",
                        "items": {"type": "object", "properties": {**_PLACE, **_BEFORE_AND_AFTER}},
                    },
                },
            },
        },
        "moves": {
            "type": "object",
            "description": "Rows with a location over 100 m from the registered one, the farthest first.",
            "properties": {
                "count": _COUNT,
                "examples": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {**_PLACE, "distanceM": {"type": "number", "minimum": 0}},
                    },
                },
            },
        },
        "crossings": {
            "type": "object",
            "description": "Rows with a location in another municipality than the registered one.",
            "properties": {
                "count": _COUNT,
                "examples": {
                    "type": "array",
                    "items": {"type": "object", "properties": {**_PLACE, **_BEFORE_AND_AFTER}},
                },
            },
        },
    },
}


def write_changes(found: Differences, origins: Mapping[int, Origin]) -> dict[str, Any]:
    """The differences as JSON to store: texts are pairs, in both languages; what is absent is None."""
    return {
        "fields": [
            {
                "field": change.field,
                "count": change.count,
                "examples": [
                    {
                        **_write_place(origins[one.key], one.reference),
                        "before": one.before and list(one.before),
                        "after": one.after and list(one.after),
                    }
                    for one in change.examples
                ],
            }
            for change in found.fields
        ],
        "moves": {
            "count": found.move_count,
            "examples": [
                {**_write_place(origins[one.key], one.reference), "distanceM": round(one.distance_m, 1)}
                for one in found.moves
            ],
        },
        "crossings": {
            "count": found.crossing_count,
            "examples": [
                {
                    **_write_place(origins[one.key], one.reference),
                    "before": [one.before, one.before],
                    "after": [one.after, one.after],
                }
                for one in found.crossings
            ],
        },
    }


def _write_place(origin: Origin, reference: str) -> dict[str, Any]:
    return {"table": origin.table, "row": origin.row, "reference": reference}


def render_changes(stored: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Stored differences in one language, without what is absent."""
    return {
        "fields": [
            {**change, "examples": _render_examples(change["examples"], language)}
            for change in stored["fields"]
        ],
        **{
            name: {**stored[name], "examples": _render_examples(stored[name]["examples"], language)}
            for name in ("moves", "crossings")
        },
    }


def _render_examples(examples: list[dict[str, Any]], language: Language) -> list[dict[str, Any]]:
    return [
        {
            name: LocalizedText(*value).render(language) if isinstance(value, list) else value
            for name, value in example.items()
            if value is not None
        }
        for example in examples
    ]
