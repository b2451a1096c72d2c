"""The error of the readout in real numbers: that of a softmax, in the units of the integer ramp."""
import numpy as np

from lava_opzo.arithmetic.fixed.error import negative, positive, predict
from lava_opzo.silicon.profile import TRACE_MAX

__all__ = ["negative", "output_error", "positive", "predict"]


def output_error(o: np.ndarray, target: np.ndarray, shift: int | np.ndarray) -> np.ndarray:
    """The error of every class: e = 127*(softmax(o / 2^(shift + 4)) - target).

    A unit change of the argument moves the ramp of `lava_opzo.arithmetic.fixed.error` by an eighth.
    """
    scaled = o / 2.0 ** (shift + 4)
    p = np.exp(scaled - scaled.max())
    return TRACE_MAX * (p / p.sum() - target)
