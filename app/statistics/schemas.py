"""The documents of statistics: JSON with labels in both languages, and a table of texts for CSV and pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from app.core.i18n import Language, LocalizedText
from app.sensors.search.dimensions import SOURCES
from app.sensors.search.grouped_counts import CountRow, SensorCounts
from app.statistics.labels import DIMENSION_LABELS, StatisticsLabels
from app.statistics.statistics_parameters import FORMATS, JSON, StatisticsQuery

GEOJSON: Final = "application/geo+json"

Answers = dict[int | str, dict[str, Any]]

_LABEL: Final = {
    "type": "object",
    "required": ["nl", "en"],
    "properties": {"nl": {"type": "string"}, "en": {"type": "string"}},
}
_VALUE: Final = {
    "type": "object",
    "required": ["code", "label"],
    "properties": {
        "code": {
            "type": "string",
            "nullable": True,
            "description": "Null for sensors without a value: not filled in, or a month yet to come.",
        },
        "label": _LABEL,
    },
}
STATISTICS_SCHEMA: Final[dict[str, Any]] = {
    "title": "Statistics",
    "type": "object",
    "required": ["date", "total", "by", "countsOverlap", "rows", "links", "registerStart"],
    "properties": {
        "registerStart": {
            "type": "string",
            "format": "date",
            "nullable": True,
            "description": "The day on which the register starts: `asOf` an earlier day finds nothing. Null before it.",
        },
        "date": {"type": "string", "format": "date", "description": "The day of which these are the counts."},
        "total": {"type": "integer", "description": "The number of sensors that the search finds."},
        "by": {
            "type": "array",
            "description": "The dimensions of the rows.",
            "items": {
                "type": "object",
                "required": ["dimension", "label", "countsOverlap"],
                "properties": {
                    "dimension": {"type": "string"},
                    "label": _LABEL,
                    "countsOverlap": {"type": "boolean"},
                },
            },
        },
        "countsOverlap": {
            "type": "boolean",
            "description": "Whether a sensor can be in several rows, so that they may add up to more than the total.",
        },
        "rows": {
            "type": "array",
            "description": "A row for each value, or pair of values, that a sensor has; no rows with a count of zero.",
            "items": {
                "type": "object",
                "required": ["count"],
                "properties": {"count": {"type": "integer"}},
                "additionalProperties": _VALUE,
            },
        },
        "links": {"type": "array", "items": {"type": "object"}},
    },
}


def describe_answer(text: str, schema: dict[str, Any], *others: str) -> Answers:
    """The responses of an operation in the API document: JSON of this schema, and other media types."""
    content = {JSON: {"schema": schema}, **{other: {"schema": {"type": "string"}} for other in others}}
    etag = {"description": "Changes with the register and with the day.", "schema": {"type": "string"}}
    return {200: {"description": text, "headers": {"ETag": etag}, "content": content}}


def order_rows(counts: SensorCounts, query: StatisticsQuery, labels: StatisticsLabels) -> list[CountRow]:
    """The rows of a query in the order of their labels; without a dimension there are none."""
    rows = counts.rows[0] if counts.rows else ()
    return sorted(
        rows,
        key=lambda row: [labels.rank(one, value) for one, value in zip(query.by, row.values, strict=True)],
    )


def make_document(
    query: StatisticsQuery, total: int, rows: Sequence[CountRow], labels: StatisticsLabels, root: str
) -> dict[str, Any]:
    """The JSON document; `root` is the address of the landing page."""
    return {
        "date": query.search.today.isoformat(),
        "total": total,
        "by": [
            {
                "dimension": one,
                "label": render_both(DIMENSION_LABELS[one]),
                "countsOverlap": SOURCES[one].overlaps,
            }
            for one in query.by
        ],
        "countsOverlap": any(SOURCES[one].overlaps for one in query.by),
        "rows": [
            {
                **{
                    str(one): {"code": value, "label": render_both(labels.name_value(one, value))}
                    for one, value in zip(query.by, row.values, strict=True)
                },
                "count": row.count,
            }
            for row in rows
        ],
        "links": list_links(f"{root}/statistics", query, root, FORMATS),
    }


def render_both(label: LocalizedText) -> dict[str, str]:
    """A label in both languages."""
    return {"nl": label.nl, "en": label.en}


def list_links(
    here: str, query: StatisticsQuery, root: str, formats: Mapping[str, str]
) -> list[dict[str, str]]:
    """The links of a document at this address: itself, its other formats, and the sensors that are counted."""
    links = [_link("self", here, query.canonical, f=query.f, media_type=JSON)]
    links += [
        _link("alternate", here, query.canonical, f=name, media_type=media_type)
        for name, media_type in formats.items()
        if media_type != JSON
    ]
    items = f"{root}/collections/sensors/items"
    return [*links, _link("related", items, query.criteria, media_type=GEOJSON)]


def replace_parameter(canonical: str, name: str, value: str) -> str:
    """A query with another value of one parameter."""
    return urlencode({**dict(parse_qsl(canonical)), name: value}, safe=",")


def format_address(address: str, canonical: str, f: str | None = None) -> str:
    """An address with a query and, where one is given, a format."""
    query = "&".join(part for part in (canonical, f and f"f={f}") if part)
    return f"{address}?{query}" if query else address


def make_table(
    query: StatisticsQuery, rows: Sequence[CountRow], labels: StatisticsLabels, language: Language
) -> tuple[list[str], list[list[str | None]]]:
    """Names of columns and rows of texts: for each dimension its code and its label, and then the count."""
    names = [name for one in query.by for name in (str(one), f"{one}Label")]
    table = [
        [
            *(
                text
                for one, value in zip(query.by, row.values, strict=True)
                for text in (value, labels.name_value(one, value).render(language))
            ),
            str(row.count),
        ]
        for row in rows
    ]
    return [*names, "count"], table


def _link(rel: str, address: str, canonical: str, *, media_type: str, f: str | None = None) -> dict[str, str]:
    return {"rel": rel, "href": format_address(address, canonical, f), "type": media_type}
