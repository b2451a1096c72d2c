"""`lava_opzo.arithmetic.fixed.weights` for one row of int16 weights; docs/arithmetic.md section 5. low, high: the rails."""
import numpy as np

from lava_opzo.engines.twin.counts import Whole
from lava_opzo.engines.twin.part import part


@part
def add_steps(row: np.ndarray, steps: np.ndarray, low: int, high: int) -> np.int64:
    """w_i = rail(w_i + steps_i) in place; returns how many entries with a non-zero step are at a rail afterwards.

    Equal to rail(rail(w + 2*y1) - 2*y2) with steps = 2*(y1 - y2): one of y1, y2 is 0 and w lies within the rails.
    """
    touches, lowest, highest = np.int16(0), np.int16(low), np.int16(high)
    for i in range(row.size):
        w = np.int16(min(max(np.int16(row[i] + steps[i]), lowest), highest))
        row[i] = w
        touches = np.int16(touches + ((steps[i] != 0) & ((w == highest) | (w == lowest))))
    return np.int64(touches)


@part
def add_steps_off_rails(row: np.ndarray, steps: np.ndarray, times: int) -> None:
    """`times` times add_steps, for a row that cannot reach a rail by it."""
    factor = np.int16(times)
    for i in range(row.size):
        row[i] = np.int16(row[i] + steps[i] * factor)


@part
def decay(w: Whole, low: Whole, high: Whole) -> Whole:
    """w = rail(w - 2*sgn(w))."""
    return min(max(w - 2 * np.sign(w), low), high)
