"""Costs of a filter: an estimate of the work for each sensor, bounded before the filter is run.

The unit is a comparison of a column with a value, which takes PostgreSQL some 50 ns for each row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.spatial.cql2.errors import refuse
from app.spatial.cql2.spatial_operators import ARRAY_FUNCTIONS, SPATIAL_FUNCTIONS

MAX_COST: Final = 100

_COSTS: Final[Mapping[str, int]] = (
    {"and": 0, "or": 0, "not": 0, "like": 2, "casei": 4, "accenti": 8, "between": 2}
    | dict.fromkeys(("+", "-", "*"), 2)
    | {"/": 3, "div": 5, "%": 8, "^": 20}
    | dict.fromkeys(SPATIAL_FUNCTIONS, 10)
    | dict.fromkeys(ARRAY_FUNCTIONS, 4)
)
"""Costs of operators and functions; of any other it is 1."""

_CHOICES_PER_UNIT: Final = 20
_TOO_COSTLY: Final = LocalizedText(
    "Dit filter kost te veel rekenwerk. Gebruik minder voorwaarden, berekeningen en functies; machten (^) tellen het "
    "zwaarst.",
    "This filter takes too much computing. Use fewer conditions, calculations and functions; powers (^) count most.",
)


@dataclass(slots=True)
class Budget:
    """The cost that is left for the rest of a filter."""

    left: int = field(default_factory=lambda: MAX_COST)

    def spend(self, name: str) -> None:
        """Raises: FilterError when this operator or function is too much."""
        self._spend(_COSTS.get(name, 1))

    def spend_on_choices(self, number: int) -> None:
        """Raises: FilterError when so many values to compare with are too much."""
        self._spend(number // _CHOICES_PER_UNIT)

    def _spend(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise refuse(ProblemCode.FILTER_TOO_COSTLY, _TOO_COSTLY)
