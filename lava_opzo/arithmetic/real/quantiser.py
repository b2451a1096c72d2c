"""Update factors in real numbers, in the units of lava_opzo.arithmetic.fixed.quantiser."""
import numpy as np

from lava_opzo.arithmetic.fixed.quantiser import round_count, shift_at
from lava_opzo.silicon.profile import TRACE_MAX

__all__ = ["above_mean", "bounded", "factor", "quantise", "round_count", "shift_at"]


def above_mean(mean: np.ndarray, o: np.ndarray, shift: int) -> tuple[np.ndarray, np.ndarray]:
    """How far an output is above its running mean, and what the mean is after it: d = o - b / 2^shift; b = b + d.
    Returns (d, b).
    """
    d = o - mean / 2.0 ** shift
    return d, mean + d


def bounded(g: np.ndarray, limit: int) -> np.ndarray:
    """The third factor as it is: real numbers have no width that h would have to fit."""
    return g


def factor(residual: np.ndarray, h: np.ndarray, shift: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The update factor of a neuron: y = h / 2^shift, clipped to 127; nothing is left over. Returns (y, residual)."""
    return np.clip(h / 2.0 ** np.asarray(shift), -TRACE_MAX, TRACE_MAX), residual


def quantise(residual: np.ndarray, d: np.ndarray, shift: int | np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """A value rounded down to whole units of 2^shift, and what is left over: q = floor((residual + d) / 2^shift),
    residual = residual + d - q*2^shift; q = clip(q, -limit, limit). Returns (q, residual).
    """
    total = residual + d
    q = np.floor(total / 2.0 ** np.asarray(shift))
    return np.clip(q, -limit, limit), total - q * 2.0 ** np.asarray(shift)
