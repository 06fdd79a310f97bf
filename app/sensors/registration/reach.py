"""Whether sensors can reach the areas that they are said to observe, for one sensor or many."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode

MAX_UNSTATED_RANGE_M: Final = 2_000.0
"""Range of a sensor whose range is not given, in metres."""


def find_out_of_reach(
    points: NDArray[np.object_],
    operating: NDArray[np.object_],
    observed: NDArray[np.object_],
    ranges: NDArray[np.float64],
    tolerances: NDArray[np.float64],
) -> dict[int, Problem]:
    """A warning for each area that lies wholly farther from its sensor than it can observe, by position in the arrays.

    `points` are the locations of the sensors, `operating` the areas in which they move, `observed` the observed areas,
    all in RD; None where there is none. `ranges` and `tolerances` are metres: a range that is not given is NaN, and the
    tolerance is the inaccuracy of the location.
    """
    # The smaller of the two distances, where there are two.
    distances = np.fmin(shapely.distance(points, observed), shapely.distance(operating, observed))
    reaches = np.where(np.isnan(ranges), MAX_UNSTATED_RANGE_M, ranges)
    rows = np.flatnonzero(distances > reaches + tolerances)
    return {
        int(row): _describe(float(distances[row]), float(reaches[row]), is_stated=not np.isnan(ranges[row]))
        for row in rows
    }


def _describe(distance: float, reach: float, *, is_stated: bool) -> Problem:
    limit = (
        LocalizedText(f"het bereik van {reach:g} m", f"its range of {reach:g} m")
        if is_stated
        else LocalizedText(
            f"{reach:.0f} m, en er is geen bereik gegeven", f"{reach:.0f} m, and no range is given"
        )
    )
    return Problem(
        ProblemCode.OBSERVED_AREA_OUT_OF_REACH,
        "/observedArea",
        LocalizedText(
            f"Het hele waargenomen gebied ligt {distance:.0f} m of meer van de sensor. Dat is verder dan {limit.nl}."
            " Kijk locatie, gebied en bereik na.",
            f"The whole observed area lies {distance:.0f} m or more from the sensor. That is farther than {limit.en}."
            " Check location, area and range.",
        ),
    )
