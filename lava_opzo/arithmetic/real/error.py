"""The error of the readout in real numbers: that of a softmax, of logistic outputs or of values, in the units of the integers."""
import numpy as np

from lava_opzo.arithmetic.fixed.error import HALF, negative, positive, predict
from lava_opzo.silicon.profile import TRACE_MAX
from lava_opzo.silicon.readouts import CLASSES, LABELS, VALUES

__all__ = ["answer", "negative", "output_error", "positive", "predict"]

STEEPNESS = 16.0
"""Units of the integer ramp 0..127 for one unit of a softmax or a logistic function: an eighth of the ramp."""


def answer(o: np.ndarray, shift: int, kind: str) -> int | np.ndarray:
    """What the sums of a sample stand for, as `lava_opzo.arithmetic.fixed.error.answer`, values rounded to the nearest."""
    if kind == CLASSES:
        return predict(o)
    v = o / 2.0 ** shift
    return (v >= HALF).astype(np.int32) if kind == LABELS else np.clip(np.rint(v), -TRACE_MAX, TRACE_MAX).astype(np.int32)


def output_error(o: np.ndarray, target: np.ndarray, shift: int | np.ndarray, kind: str = CLASSES) -> np.ndarray:
    """The error of every output: e = 127*(softmax(o / 2^(shift + 4)) - target) for classes, 127*(logistic((o / 2^shift - 64) /
    16) - target) for labels, clip(o / 2^shift - target, -127, 127) for values; 0 for classes where the target is -1 alone, no
    label.

    A unit change of the argument moves the ramp of `lava_opzo.arithmetic.fixed.error` by an eighth.
    """
    if kind == VALUES:
        return np.clip(o / 2.0 ** shift - target, -TRACE_MAX, TRACE_MAX)
    if kind == LABELS:
        return TRACE_MAX * (0.5 + 0.5 * np.tanh((o / 2.0 ** shift - HALF) / (2 * STEEPNESS)) - target)
    scaled = o / 2.0 ** (shift + 4)
    p = np.exp(scaled - scaled.max())
    return TRACE_MAX * (p / p.sum() - target) * (target >= 0)
