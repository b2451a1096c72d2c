"""From error to update factors: the error ramp, the residual quantiser, rounded counts, schedules.

Source: docs/arithmetic.md section 4. Arrays are int32 or int64 of shape (n,).
"""
import numpy as np

from lava_opzo.silicon.profile import Y_MAX


def quantise(residual, h, shift, limit):
    """r = residual + h; q = r >> shift; r = r - (q << shift); q = clip(q, -limit, limit). Returns (q, r)."""
    total = residual + h
    q = total >> shift
    return np.clip(q, -limit, limit), total - (q << shift)


def factor(residual, h, shift):
    """The update factor y of a neuron: quantise(residual, h, shift, 127)."""
    return quantise(residual, h, shift, Y_MAX)


def shift_at(base, n_trained, halve_every, max_halvings):
    """base + min(n_trained // halve_every, max_halvings); base where halve_every is 0."""
    if halve_every == 0:
        return base
    return base + np.minimum(n_trained // halve_every, max_halvings)


def round_count(count, shift, x_max):
    """min((count + (1 << (shift - 1))) >> shift, x_max); shift = 0: min(count, x_max)."""
    half = (1 << shift) >> 1
    return np.minimum((count + half) >> shift, x_max)
