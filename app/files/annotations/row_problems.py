"""Problems grouped by row, and the text of the remark for each row."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from app.core.i18n import Language, LocalizedText
from app.files.located_problem import LocatedProblem, name_column
from app.files.table import ANNOTATION_HEADING

_NOTE: Final = LocalizedText("Let op: ", "Note: ")


class RowAnnotation(NamedTuple):
    """Problems of one row: the text of its remark, and per heading whether it has a problem or only a warning."""

    remark: str
    are_problems: dict[str, bool]


class FileProblems:
    """Problems of a whole file, by table and row."""

    def __init__(
        self, problems: Sequence[LocatedProblem], language: Language, labels: Mapping[str, LocalizedText]
    ) -> None:
        self.language = language
        self._labels = labels
        self.heading = ANNOTATION_HEADING.render(language)
        self._by_row: dict[str | None, dict[int, list[LocatedProblem]]] = {}
        for problem in problems:
            rows = self._by_row.setdefault(problem.origin.table, {})
            rows.setdefault(problem.origin.row, []).append(problem)

    def has_table(self, table: str | None) -> bool:
        return table in self._by_row

    def find_row(self, table: str | None, number: int) -> RowAnnotation | None:
        problems = self._by_row.get(table, {}).get(number)
        if not problems:
            return None
        are_problems: dict[str, bool] = {}
        for located in problems:
            if located.heading is not None:
                are_problems[located.heading] = (
                    are_problems.get(located.heading, False) or not located.is_warning
                )
        return RowAnnotation(" ".join(dict.fromkeys(map(self._format, problems))), are_problems)

    def _format(self, located: LocatedProblem) -> str:
        column = name_column(located.heading, located.field, self.language, self._labels)
        note = _NOTE.render(self.language) if located.is_warning else ""
        return f"{note}{column and f'{column}: '}{located.problem.detail.render(self.language)}"
