"""The residual quantiser, rounded counts, and the schedule of learning rates; docs/arithmetic.md section 4.

Arrays are int32 or int64 of shape (n,).
"""
from typing import TypeVar

import numpy as np

from lava_opzo.silicon.profile import STATE_LIMIT, TRACE_MAX

Whole = TypeVar("Whole", int, np.ndarray)


def quantise(residual: np.ndarray, h: np.ndarray, shift: int | np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """A value rounded down to few bits, and what is left over for the next sample: r = residual + h; q = r >> shift;
    r = r - (q << shift); q = clip(q, -limit, limit). Returns (q, r).
    """
    total = residual + h
    q = total >> shift
    return np.clip(q, -limit, limit), total - (q << shift)


def third_factor_limit(largest_shift: int, window_steps: int) -> int:
    """The largest size of a third factor whose product with the gate fits 24 bits beside any residual:
    G = (2^23 - 1 - 2^largest_shift) // window_steps.

    largest_shift: y_shift and all halvings of a population. window_steps: windows*K, the largest gate.
    """
    return (STATE_LIMIT - 1 - (1 << largest_shift)) // window_steps


def bounded(g: np.ndarray, limit: int) -> np.ndarray:
    """The third factor within its limit: clip(g, -limit, limit)."""
    return np.clip(g, -limit, limit)


def factor(residual: np.ndarray, h: np.ndarray, shift: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The update factor y of a neuron, and its residual: quantise(residual, h, shift, 127)."""
    return quantise(residual, h, shift, TRACE_MAX)


def above_mean(mean: np.ndarray, o: np.ndarray, shift: int) -> tuple[np.ndarray, np.ndarray]:
    """How far an output is above its running mean, and what the mean is after it: d = o - (b >> shift);
    b = clip(b + d, -(2^23 - 1), 2^23 - 1). Returns (d, b).

    mean: b, which is 2^shift times the mean over about 2^shift samples, so that small differences move it, too.
    """
    d = o - (mean >> shift)
    return d, np.clip(mean + d, 1 - STATE_LIMIT, STATE_LIMIT - 1)


def shift_at(base: Whole, n_trained: Whole, halve_every: int, max_halvings: int) -> Whole:
    """The shift after n_trained samples: base + min(n_trained // halve_every, max_halvings); base where halve_every is 0."""
    if halve_every == 0:
        return base
    return base + np.minimum(n_trained // halve_every, max_halvings)


def round_count(count: np.ndarray, shift: int | np.ndarray, x_max: int) -> np.ndarray:
    """A count rounded to 0..x_max: min((count + (1 << (shift - 1))) >> shift, x_max); shift = 0: min(count, x_max)."""
    half = (1 << shift) >> 1
    return np.minimum((count + half) >> shift, x_max)
