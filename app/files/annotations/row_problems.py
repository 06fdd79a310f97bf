"""Problems by the row that they are about, and their words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.core.i18n import Language, LocalizedText
from app.files.located_problem import LocatedProblem, name_column
from app.files.table import ANNOTATION_HEADING

_NOTE = LocalizedText("Let op: ", "Note: ")


class RowAnnotation(NamedTuple):
    """What was found in a row: its remark, and for each heading whether that is a problem, or a warning only."""

    remark: str
    are_problems: dict[str, bool]


class FileProblems:
    """All that was found in a file."""

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

    def list_rows(self, table: str | None) -> Iterator[int]:
        """The numbers of the rows about which there is something to say, in their order."""
        return iter(sorted(self._by_row.get(table, {})))

    def find_row(self, table: str | None, number: int) -> RowAnnotation | None:
        problems = self._by_row.get(table, {}).get(number)
        if not problems:
            return None
        are_problems: dict[str, bool] = {}
        for one in problems:
            if one.heading is not None:
                are_problems[one.heading] = are_problems.get(one.heading, False) or not one.is_warning
        return RowAnnotation(" ".join(dict.fromkeys(map(self._write, problems))), are_problems)

    def _write(self, one: LocatedProblem) -> str:
        place = name_column(one.heading, one.field, self.language, self._labels)
        note = _NOTE.render(self.language) if one.is_warning else ""
        return f"{note}{place and f'{place}: '}{one.problem.detail.render(self.language)}"
