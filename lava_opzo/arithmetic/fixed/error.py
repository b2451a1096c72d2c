"""From the readout's sums to its prediction, its error and the two unsigned parts that travel (docs/arithmetic.md section 4).

Arrays are int32 or int64 of shape (n,).
"""
import numpy as np

from lava_opzo.silicon.profile import TRACE_MAX


def predict(o: np.ndarray) -> int:
    """The class with the largest sum, the lowest of equal ones: the lowest q with the largest o_q."""
    return int(np.argmax(o))


def output_error(o: np.ndarray, target: np.ndarray, shift: int | np.ndarray) -> np.ndarray:
    """The error of every class: e_q = clip(o_q >> shift, 0, 127) - 127*target_q; target is the label as a one-hot vector."""
    return np.clip(o >> shift, 0, TRACE_MAX) - TRACE_MAX * target


def positive(x: np.ndarray) -> np.ndarray:
    """The part of a signed value that an unsigned channel carries first: max(x, 0)."""
    return np.maximum(x, 0)


def negative(x: np.ndarray) -> np.ndarray:
    """The part of a signed value that follows: max(-x, 0)."""
    return np.maximum(-x, 0)
