"""Problems located in a file, for tests of annotations."""

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.located_problem import LocatedProblem, Origin


def find(
    row: int,
    heading: str | None,
    *,
    table: str | None = None,
    detail: str = "klopt niet",
    is_warning: bool = False,
) -> LocatedProblem:
    problem = Problem(
        ProblemCode.INVALID_VALUE, "/field" if heading else "", LocalizedText(f"{detail}.", f"{detail} (en).")
    )
    return LocatedProblem(Origin(table, row), heading, problem, is_warning)
