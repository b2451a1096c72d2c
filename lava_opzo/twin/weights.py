"""`lava_opzo.fixed.weights` for one row of int16 weights; docs/arithmetic.md section 5."""
import numpy as np
from numba import njit

from lava_opzo.fixed import WEIGHT_MAX, WEIGHT_MIN


@njit
def rail(w):
    """clip(w, -256, 255)."""
    return min(max(w, WEIGHT_MIN), WEIGHT_MAX)


@njit
def add_steps(row, steps):
    """w_i = rail(w_i + steps_i) in place; returns how many entries with a non-zero step are at a rail afterwards.

    Equal to rail(rail(w + 2*y1) - 2*y2) with steps = 2*(y1 - y2): one of y1, y2 is 0 and w lies within the rails.
    """
    lowest, highest = np.int16(0), np.int16(0)
    for i in range(row.size):
        w = np.int16(min(max(np.int16(row[i] + steps[i]), np.int16(WEIGHT_MIN)), np.int16(WEIGHT_MAX)))
        row[i] = w
        lowest, highest = min(lowest, w), max(highest, w)
    if lowest > WEIGHT_MIN and highest < WEIGHT_MAX:
        return 0
    touches = 0
    for i in range(row.size):
        touches += steps[i] != 0 and (row[i] == WEIGHT_MAX or row[i] == WEIGHT_MIN)
    return touches


@njit
def decay(w):
    """w = rail(w - 2*sgn(w))."""
    return rail(w - 2 * np.sign(w))
