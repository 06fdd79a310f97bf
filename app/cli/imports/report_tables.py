"""The parts of the report of an import on the terminal: problems, counts and changes, as tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table

from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, ProblemCode
from app.files.annotations import ANNOTATED_FORMATS
from app.files.located_problem import LocatedProblem, name_column
from app.imports.report import COUNT_LABELS, ImportReport
from app.sensors.bulk.differences import FAR_METRES
from app.sensors.bulk.results import FieldChange
from app.sensors.fields import FIELD_LABELS

MAX_PROBLEMS_SHOWN = 20
"""Maximum number of problems in the table where `--remarks` can write the others into the file."""

MAX_PROBLEMS_LISTED = 1_000
"""Maximum for other formats, where this table is the only list."""

MAX_ROWS_SHOWN = 10
MAX_MOVES_SHOWN = 3
MAX_ROWS_LISTED = 100
"""As `MAX_ROWS_SHOWN`, where this table is the only list."""

MAX_VALUE_WIDTH = 30

_KINDS: Final[Mapping[str, LocalizedText]] = {
    ProblemCode.REQUIRED: LocalizedText("verplicht veld is leeg", "mandatory field is empty"),
    ProblemCode.INVALID_DATE: LocalizedText("geen datum", "not a date"),
    ProblemCode.INVALID_NUMBER: LocalizedText("geen getal", "not a number"),
    ProblemCode.WRONG_TYPE: LocalizedText("verkeerd soort waarde", "wrong kind of value"),
    ProblemCode.TOO_LONG: LocalizedText("tekst is te lang", "text is too long"),
    ProblemCode.OUT_OF_RANGE: LocalizedText(
        "getal is te klein of te groot", "number is too small or too large"
    ),
    ProblemCode.UNKNOWN_VALUE: LocalizedText("staat niet in de keuzelijst", "not in the list of choices"),
    ProblemCode.SWAPPED_AXES: LocalizedText(
        "lengte- en breedtegraad verwisseld", "longitude and latitude swapped"
    ),
    ProblemCode.END_TOO_FAR: LocalizedText("einddatum ligt te ver weg", "end date is too far ahead"),
    ProblemCode.REPEATED_REFERENCE: LocalizedText(
        "referentie komt vaker voor", "reference occurs more than once"
    ),
    ProblemCode.OUTSIDE_MUNICIPALITIES: LocalizedText(
        "ligt buiten Nederland", "lies outside the Netherlands"
    ),
}
"""Frequent kinds of problems in words."""


def list_problems(
    problems: Sequence[LocatedProblem], language: Language, most: int, rows_shown: int = MAX_ROWS_SHOWN
) -> Table:
    """Equal problems once with their first rows: errors first, then warnings; `most` of each."""
    has_sheets = any(located.origin.table for located in problems)
    has_references = any(located.reference for located in problems)
    names = [
        *([LocalizedText("blad", "sheet")] if has_sheets else []),
        LocalizedText("rij", "row"),
        *([LocalizedText("sensor", "sensor")] if has_references else []),
        LocalizedText("kolom", "column"),
        LocalizedText("waarde", "value"),
        LocalizedText("wat is er mis, en wat kunt u doen", "what is wrong, and what to do"),
    ]
    table = Table(*(name.render(language) for name in names))
    for are_warnings in (False, True):
        some = [located for located in problems if located.is_warning is are_warnings]
        for equal in group_equal(some)[:most]:
            cells = [
                *([equal[0].origin.table or ""] if has_sheets else []),
                _list_first([str(located.origin.row) for located in equal], rows_shown),
                *([_list_first(_list_references(equal), rows_shown)] if has_references else []),
                _name_place(equal[0], language),
                _show_value(equal[0]),
                equal[0].problem.detail.render(language),
            ]
            table.add_row(*map(escape, cells), style="yellow" if are_warnings else "red")
    return table


def group_equal(problems: Sequence[LocatedProblem]) -> list[list[LocatedProblem]]:
    """Problems with the same explanation, column and value, in the order of the first of each."""
    groups: defaultdict[tuple[object, ...], list[LocatedProblem]] = defaultdict(list)
    for located in problems:
        place = (located.origin.table, located.heading, located.field)
        groups[*place, located.problem.detail, _show_value(located)].append(located)
    return list(groups.values())


def name_unused_columns(report: ImportReport) -> list[str]:
    """The columns that were not used, by letter and heading where the file is a spreadsheet."""
    if report.account is None or report.format not in ANNOTATED_FORMATS:
        return report.unused_headings
    columns = (column for table in report.account.tables for column in table.columns)
    letters = {column.heading: column.letter for column in columns}
    return [f"{letters[name]} {name}" if name in letters else name for name in report.unused_headings]


def count_unlisted(report: ImportReport, most: int) -> int:
    """Number of errors that the table does not show."""
    errors = sum(number for (*_, is_warning), number in report.totals.items() if not is_warning)
    shown = group_equal([located for located in report.problems if not located.is_warning])[:most]
    return errors - sum(map(len, shown))


def _list_references(problems: Sequence[LocatedProblem]) -> list[str]:
    return list(dict.fromkeys(located.reference for located in problems if located.reference))


def _list_first(texts: Sequence[str], most: int) -> str:
    shown = ", ".join(text for text in texts[:most] if text)
    return f"{shown}, … ({len(texts)})" if len(texts) > most else shown


def _show_value(located: LocatedProblem) -> str:
    value = located.problem.value
    return "" if value is ABSENT or value is None else _shorten(str(value))


def _name_place(located: LocatedProblem, language: Language) -> str:
    """The column by letter and heading, as `F Hoogte`."""
    name = name_column(located.heading, located.field, language, FIELD_LABELS)
    return f"{located.letter} {name}" if located.letter else name


def count_problems(report: ImportReport, language: Language) -> Table:
    table = Table(
        LocalizedText("soort", "kind").render(language),
        LocalizedText("kolom", "column").render(language),
        LocalizedText("aantal", "number").render(language),
    )
    for (code, heading, is_warning), number in report.totals.most_common(MAX_PROBLEMS_SHOWN):
        kind = _describe_kind(report, code, heading, language)
        if is_warning:
            kind = f"{LocalizedText('let op', 'note').render(language)}: {kind}"
        column = name_column(None, heading, language, FIELD_LABELS) or heading
        table.add_row(escape(kind), escape(column), format_number(number, language))
    return table


def _describe_kind(report: ImportReport, code: str, heading: str, language: Language) -> str:
    """A kind of problem in words; for a rare kind the explanation of its first problem."""
    if code in _KINDS:
        return _KINDS[code].render(language)
    for located in report.problems:
        if located.problem.code == code and heading in (located.heading, located.field, ""):
            return located.problem.detail.render(language)
    return code


def count_rows(report: ImportReport, language: Language) -> Table:
    table = Table(show_header=False, box=None)
    table.add_row(LocalizedText("rijen", "rows").render(language), format_number(report.rows, language))
    for name, label in COUNT_LABELS.items():
        table.add_row(label.render(language), format_number(getattr(report.counts, name), language))
    return table


def list_changes(report: ImportReport, language: Language) -> Table | None:
    """Which fields change in how many rows, with the first values; None where nothing does."""
    if not report.differences.fields:
        return None
    names = (
        LocalizedText("gewijzigd", "changed"),
        LocalizedText("aantal", "number"),
        LocalizedText("bijvoorbeeld", "for instance"),
    )
    table = Table(*(name.render(language) for name in names))
    for change in report.differences.fields:
        example = _describe_change(change.examples[0], language)
        label = FIELD_LABELS[change.field].render(language)
        table.add_row(escape(label), format_number(change.count, language), escape(example))
    return table


def _describe_change(example: FieldChange, language: Language) -> str:
    empty = LocalizedText("leeg", "empty")
    before, after = (_shorten((value or empty).render(language)) for value in (example.before, example.after))
    return f"{example.reference}: {before} → {after}"


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_VALUE_WIDTH else f"{text[: MAX_VALUE_WIDTH - 1]}…"


def describe_moves(report: ImportReport) -> list[LocalizedText]:
    """Sentences about locations far from the registered ones, and in another municipality."""
    found = report.differences
    moves = [f"{one.reference} ({one.distance_m:.0f} m)" for one in found.moves]
    crossings = [f"{one.reference} ({one.before} → {one.after})" for one in found.crossings]
    described = (
        (
            found.move_count,
            moves,
            LocalizedText(f"Meer dan {FAR_METRES} meter verplaatst", f"Moved more than {FAR_METRES} metres"),
        ),
        (
            found.crossing_count,
            crossings,
            LocalizedText("Naar een andere gemeente", "To another municipality"),
        ),
    )
    return [
        LocalizedText(*(f"{text}: {count} ({_list_some(items, count)})." for text in label))
        for count, items, label in described
        if count
    ]


def _list_some(items: Sequence[str], count: int) -> str:
    return ", ".join(items[:MAX_MOVES_SHOWN]) + (", …" if count > MAX_MOVES_SHOWN else "")
