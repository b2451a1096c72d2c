"""Real numbers as the values -127..127 that a readout learns, and back."""
import numpy as np

from lava_opzo.silicon.profile import TRACE_MAX

Ranges = tuple[tuple[float, float], ...]
"""Of each output the real numbers that -127 and 127 stand for."""


def fit(values: np.ndarray) -> Ranges:
    """The least and the largest number of each output.

    Shapes:
        values: (n, n_out) real numbers, n >= 1.
    """
    return tuple(zip(values.min(axis=0).tolist(), values.max(axis=0).tolist(), strict=True))


def encode(values: np.ndarray, ranges: Ranges) -> np.ndarray:
    """The whole numbers -127..127 nearest to real numbers; those outside their range stop at its ends.

    Shapes:
        values: (n, n_out). Returns int64 (n, n_out).
    """
    low, high = np.array(ranges, np.float64).reshape(-1, 2).T
    shares = (np.asarray(values, np.float64) - low) / np.where(high > low, high - low, 1.0)
    return np.rint(2 * TRACE_MAX * np.clip(shares, 0, 1)).astype(np.int64) - TRACE_MAX


def decode(numbers: np.ndarray, ranges: Ranges) -> np.ndarray:
    """The real numbers that predictions stand for.

    Shapes:
        numbers: (n, n_out) whole numbers -127..127. Returns float64 (n, n_out).
    """
    low, high = np.array(ranges, np.float64).reshape(-1, 2).T
    return low + (np.asarray(numbers, np.float64) + TRACE_MAX) / (2 * TRACE_MAX) * (high - low)
