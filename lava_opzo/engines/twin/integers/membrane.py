"""`lava_opzo.arithmetic.fixed.membrane` for one neuron; docs/arithmetic.md section 3.

Numba widens every sum to 64 bits. The explicit int32 keeps a compiled loop over neurons in 32-bit lanes; a configuration
has at most 8192 inputs a layer, so that |a << 6| <= 8192*15*256*64 < 2^31 - 2^24 and nothing is cut off.
"""
import numpy as np
from numba import njit

from lava_opzo.silicon.profile import STATE_SHIFT, UV_LIMIT

_LIMIT = np.int32(UV_LIMIT - 1)


@njit
def current(a_in):
    """u = a << 6; if u > 2^23: u - 2^24; elif u <= -2^23: u + 2^24 (one wrap)."""
    u = np.int32(a_in << STATE_SHIFT)
    if u > UV_LIMIT:
        return np.int32(u - 2 * UV_LIMIT)
    if u <= -UV_LIMIT:
        return np.int32(u + 2 * UV_LIMIT)
    return u


@njit
def leak(v, dv):
    """v = sgn(v) * ((abs(v) * (4096 - dv)) >> 12), towards zero; the product needs int64."""
    decayed = (np.int64(abs(v)) * (4096 - dv)) >> 12
    return np.int32(decayed if v >= 0 else -decayed)


@njit
def integrate(v, u, bias):
    """v = clip(v + u + bias, -(2^23 - 1), 2^23 - 1) for an already leaked v."""
    return np.int32(min(max(np.int32(np.int32(v + u) + bias), np.int32(-_LIMIT)), _LIMIT))


@njit
def near_threshold(v, threshold, width):
    """1 where abs(v - threshold) < width, both in membrane units (vth << 6), before the reset."""
    return np.int32(abs(np.int32(v - threshold))) < width


@njit
def fire(v, threshold):
    """[v > threshold], threshold in membrane units (vth << 6)."""
    return v > threshold
