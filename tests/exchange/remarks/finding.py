"""Problems as an import finds them."""

from app.core.errors import Problem
from app.core.language import Text
from app.exchange.records import Origin
from app.exchange.reporting import LocatedProblem


def find(
    row: int,
    heading: str | None,
    *,
    table: str | None = None,
    detail: str = "klopt niet",
    is_warning: bool = False,
) -> LocatedProblem:
    problem = Problem("invalid", "/field" if heading else "", Text(f"{detail}.", f"{detail} (en)."))
    return LocatedProblem(Origin(table, row), heading, problem, is_warning)
