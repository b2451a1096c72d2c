"""From the readout's sums to its prediction, its error and the two unsigned parts that travel (docs/arithmetic.md section 4).

Arrays are int32 or int64 of shape (n,).
"""
import numpy as np

from lava_opzo.silicon.profile import TRACE_MAX
from lava_opzo.silicon.readouts import CLASSES, LABELS, VALUES

HALF = TRACE_MAX // 2 + 1
"""From here on, of 0..127, an output of kind `labels` says yes."""


def predict(o: np.ndarray) -> int:
    """The class with the largest sum, the lowest of equal ones: the lowest q with the largest o_q."""
    return int(np.argmax(o))


def answer(o: np.ndarray, shift: int, kind: str) -> int | np.ndarray:
    """What the sums of a sample stand for, by the kind of the readout: classes predict(o); labels [o_q >> shift >= 64]; values
    clip(o_q >> shift, -127, 127).

    o: of all windows; in an evaluation, which has one, windows times its sum.
    """
    if kind == CLASSES:
        return predict(o)
    v = o >> shift
    return (v >= HALF).astype(np.int32) if kind == LABELS else np.clip(v, -TRACE_MAX, TRACE_MAX).astype(np.int32)


def output_error(o: np.ndarray, target: np.ndarray, shift: int | np.ndarray, kind: str = CLASSES) -> np.ndarray:
    """The error of every output: e_q = clip(o_q >> shift, 0, 127) - 127*target_q, and 0 where target_q is -1, no label; of a
    readout of kind values e_q = clip((o_q >> shift) - target_q, -127, 127).

    target: the class as a one-hot vector, or -1 alone in a step without a label; labels as 0 and 1; or values.
    """
    if kind == VALUES:
        return np.clip((o >> shift) - target, -TRACE_MAX, TRACE_MAX)
    return (np.clip(o >> shift, 0, TRACE_MAX) - TRACE_MAX * target) * (target >= 0)


def positive(x: np.ndarray) -> np.ndarray:
    """The part of a signed value that an unsigned channel carries first: max(x, 0)."""
    return np.maximum(x, 0)


def negative(x: np.ndarray) -> np.ndarray:
    """The part of a signed value that follows: max(-x, 0)."""
    return np.maximum(-x, 0)
