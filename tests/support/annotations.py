"""Problems located in a file, for tests of annotations."""

from app.core.errors import Problem
from app.core.i18n import LocalizedText
from app.files.located_problem import LocatedProblem, Origin


def find(
    row: int,
    heading: str | None,
    *,
    table: str | None = None,
    detail: str = "klopt niet",
    is_warning: bool = False,
) -> LocatedProblem:
    problem = Problem("invalid", "/field" if heading else "", LocalizedText(f"{detail}.", f"{detail} (en)."))
    return LocatedProblem(Origin(table, row), heading, problem, is_warning)
