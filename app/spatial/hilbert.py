"""The number of a place along a Hilbert curve: the order in which sensors are stored and paged.

Neighbouring places usually have neighbouring numbers, so that a page is read from few blocks. The database function
`register.hilbert_number` returns the same numbers.
Source: D. Hilbert, Über die stetige Abbildung einer Linie auf ein Flächenstück (1891).
"""

from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = 18
CELL_METRES: Final = 2.0
WEST_METRES: Final = -120_000.0
SOUTH_METRES: Final = 200_000.0
"""Corner of the square of the curve, in RD: 2^18 cells of 2 m wide and high, with sea and neighbouring countries."""

Metres = NDArray[np.floating[Any]]

# Six levels a step: a small table, and few steps.
_BITS = 6
_MASK = (1 << _BITS) - 1


@overload
def hilbert_number(x: float, y: float) -> int: ...
@overload
def hilbert_number(x: Metres, y: Metres) -> NDArray[np.int64]: ...
def hilbert_number(x: float | Metres, y: float | Metres) -> int | NDArray[np.int64]:
    """The number of a place in RD metres, 0 to 2^36 - 1; numbers, or arrays of one shape.

    A place outside the square has the number of the nearest cell, and NaN that of the last one, as PostgreSQL sorts it.
    """
    i, j = _find_cell(x, WEST_METRES), _find_cell(y, SOUTH_METRES)
    number = np.zeros_like(i)
    step = np.zeros_like(i)
    for shift in range(LEVELS - _BITS, -1, -_BITS):
        turn = step >> 2 * _BITS
        step = _CURVE[(turn << 2 * _BITS) | ((i >> shift & _MASK) << _BITS) | (j >> shift & _MASK)]
        number = number << 2 * _BITS | step & (1 << 2 * _BITS) - 1
    return int(number) if isinstance(x, float | int) else number


def number_cell(i: int, j: int) -> int:
    """The number of a cell by its column and row, 0 to 2^18 - 1 each; faster than arrays for a few cells."""
    number = step = 0
    for shift in range(LEVELS - _BITS, -1, -_BITS):
        turn = step >> 2 * _BITS
        step = _CURVE_LIST[(turn << 2 * _BITS) | ((i >> shift & _MASK) << _BITS) | (j >> shift & _MASK)]
        number = number << 2 * _BITS | step & (1 << 2 * _BITS) - 1
    return number


def _find_cell(metres: float | Metres, origin: float) -> NDArray[np.int64]:
    cell = np.floor((np.asarray(metres) - origin) / CELL_METRES)
    # fmin and fmax return the other number for NaN.
    return np.fmax(np.fmin(cell, (1 << LEVELS) - 1), 0).astype(np.int64)


def _draw_curve() -> NDArray[np.int64]:
    """The next turn and twelve bits of the number, for each turn and the next six bits of x and y.

    A turn is two bits: swap the axes, and mirror both. It differs for each quarter of a square.
    """
    turn, x, y = np.indices((4, 1 << _BITS, 1 << _BITS))
    number = np.zeros_like(turn)
    for bit in reversed(range(_BITS)):
        mirrored = turn >> 1
        i, j = x >> bit & 1 ^ mirrored, y >> bit & 1 ^ mirrored
        swapped = (turn & 1).astype(bool)
        i, j = np.where(swapped, j, i), np.where(swapped, i, j)
        number = number << 2 | (3 * i) ^ j
        # The upper quarters have the turn of their parent; the lower left swaps, the lower right also mirrors.
        turn = turn ^ np.where(j == 1, 0, np.where(i == 1, 3, 1))
    steps: NDArray[np.int64] = (turn << 2 * _BITS | number).ravel()
    return steps


_CURVE = _draw_curve()
_CURVE_LIST: Final[list[int]] = _CURVE.tolist()
