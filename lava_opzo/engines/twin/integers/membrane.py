"""`lava_opzo.arithmetic.fixed.membrane` for one neuron; docs/arithmetic.md section 3.

Numba widens every sum to 64 bits. The explicit int32 keeps a compiled loop over neurons in 32-bit lanes; the fan-in that a
network may have (lava_opzo/network/widths.py) keeps |a << 6| below 2^31 - 2^24, so that nothing is cut off.
"""
import numpy as np

from lava_opzo.engines.twin.part import part
from lava_opzo.silicon.profile import STATE_LIMIT, STATE_SHIFT

_LIMIT = np.int32(STATE_LIMIT - 1)


@part
def current(a_in: np.int32) -> np.int32:
    """u = a << 6; if u > 2^23: u - 2^24; elif u <= -2^23: u + 2^24 (one wrap)."""
    u = np.int32(a_in << STATE_SHIFT)
    if u > STATE_LIMIT:
        return np.int32(u - 2 * STATE_LIMIT)
    if u <= -STATE_LIMIT:
        return np.int32(u + 2 * STATE_LIMIT)
    return u


@part
def leak(v: np.int32, dv: int) -> np.int32:
    """v = sgn(v) * ((abs(v) * (4096 - dv)) >> 12), towards zero; the product needs int64."""
    decayed = (np.int64(abs(v)) * (4096 - dv)) >> 12
    return np.int32(decayed if v >= 0 else -decayed)


@part
def integrate(v: np.int32, u: np.int32, bias: np.int32) -> np.int32:
    """v = clip(v + u + bias, -(2^23 - 1), 2^23 - 1) for an already leaked v."""
    return np.int32(min(max(np.int32(np.int32(v + u) + bias), np.int32(-_LIMIT)), _LIMIT))


@part
def near_threshold(v: np.int32, threshold: np.int32, width: np.int32) -> np.bool_:
    """1 where abs(v - threshold) < width, both in membrane units (vth << 6), before the reset."""
    return np.int32(abs(np.int32(v - threshold))) < width


@part
def fire(v: np.int32, threshold: np.int32) -> np.bool_:
    """[v > threshold], threshold in membrane units (vth << 6)."""
    return v > threshold
